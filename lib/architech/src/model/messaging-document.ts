import type { Priced } from "./cost-document.js";
import type { ScaleDocument } from "./scale-document.js";
import type { StepDocument } from "./step-document.js";
import type { TimeDocument } from "./time-document.js";

export interface QueueDocument extends Priced {
  readonly kind: "queue";
  /** Default: no limit. A put into a full queue fails. */
  readonly capacity?: number;
  /** Time for the work on a message, after which it can be taken again. Default: what is taken is gone. */
  readonly visibility?: string;
  /** Time after a failure until the message can be taken again. Default: when its `visibility` is over. */
  readonly backoff?: string;
  /** How often a message is delivered at most. Default: until it is done. */
  readonly maxReceives?: number;
  /** Name of the queue where messages go then. Default: they are dropped. */
  readonly deadLetter?: string;
  /** Time between a put and the moment from which the message can be taken. Default "0ms". */
  readonly delay?: string;
}

/** Partitions, in each of which messages keep their order; every group of workers gets every message. */
export interface LogDocument extends Priced {
  readonly kind: "log";
  readonly partitions: number;
  /** Messages that a group has not taken for so long are lost to it. Default: none are. */
  readonly retention?: string;
}

/** A message for each of several queues and logs. */
export interface TopicDocument extends Priced {
  readonly kind: "topic";
  /** Names of the queues and logs. */
  readonly to: readonly string[];
}

export interface WorkerDocument extends Priced {
  readonly kind: "worker";
  /** Name of the queue or log. */
  readonly takes: string;
  /** Of a log: workers of one group share its messages. Default: a group of its own. */
  readonly group?: string;
  /** Default 1; with `scale` how many there are at first, and by default its `min`. */
  readonly replicas?: number;
  /** Decides how many replicas there are as time goes on. */
  readonly scale?: ScaleDocument;
  /** Messages that one replica works on at once. Default 1. */
  readonly threads?: number;
  readonly work: TimeDocument | readonly StepDocument[];
  /** Takes up to `max` messages as one piece of work, and waits for so many until the first has waited for `wait`. */
  readonly batch?: {
    readonly max: number;
    /** Default "0ms": takes what is there. */
    readonly wait?: string;
    /** What each message of the batch takes, beside the work. Default "0ms". */
    readonly each?: TimeDocument;
  };
  /** Of a log: how long the group takes nothing when a worker of it goes down or comes back. Default "0ms". */
  readonly rebalance?: string;
}
