import type { BalanceDocument } from "./balance-document.js";
import type { Priced } from "./cost-document.js";
import type { LineDocument } from "./line-document.js";
import type { ScaleDocument } from "./scale-document.js";
import type { StepDocument } from "./step-document.js";
import type { TimeDocument } from "./time-document.js";

/** Functions that run when they are called: each thread is an instance of one. */
export interface ColdStartDocument {
  /** What a start takes. */
  readonly time: TimeDocument;
  /** For how long an instance stays without work. */
  readonly idle: string;
}

/** How the cores of a replica are shared: see `scheduling` of a service. */
export type Scheduling = "fifo" | "ps" | "srpt" | "priority";

export interface ServiceDocument extends Priced {
  readonly kind: "service";
  /** Default 1; with `scale` how many there are at first, and by default its `min`. */
  readonly replicas?: number;
  /** Decides how many replicas there are as time goes on. */
  readonly scale?: ScaleDocument;
  /** Requests that one replica works on at once, calls included. Default: no limit. */
  readonly threads?: number;
  /** Cores that one replica's `cpu` steps share. Default: as many as threads. */
  readonly cores?: number;
  /**
   * How `cpu` steps get cores: each holds one to its end ("fifo", the default), all that want one share them evenly
   * ("ps"), those with the least left to do have them ("srpt"), or those of the highest priority ("priority").
   */
  readonly scheduling?: Scheduling;
  /** Default "round-robin". */
  readonly balance?: BalanceDocument;
  /** How requests wait for a thread. */
  readonly queue?: LineDocument;
  /** Threads must be started before their first work, and again once they have rested for too long. */
  readonly coldStart?: ColdStartDocument;
  readonly ops: Readonly<Record<string, readonly StepDocument[]>>;
}
