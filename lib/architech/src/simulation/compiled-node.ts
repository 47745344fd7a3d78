import type { Label } from "../engine/assembler.js";
import type { NodeDocument } from "../model/node-document.js";
import type { StepDocument } from "../model/step-document.js";
import type { CompiledScale } from "./compile-scale.js";
import type { NodeLayout } from "./layout.js";

/** A node on its way into the tables. */
export interface CompiledNode {
  readonly document: NodeDocument;
  readonly layout: NodeLayout;
  readonly ops: ReadonlyMap<string, CompiledOp>;
  /** Its thread stations, one for each replica; its core stations follow. -1 when nothing ever waits. */
  readonly firstStation: number;
  readonly threadStations: number;
  /** Ints from a thread station to its core station; 0 without core stations. */
  readonly coreOffset: number;
  /** Whether cores are shared rather than held. */
  readonly sharesCores: boolean;
  /** Counter by which replicas take turns. */
  readonly rotation: number;
  /** Gate that says whether it refuses, or -1. */
  readonly gate: number;
  /** Index of the queue or worker, or -1. */
  readonly queue: number;
  readonly worker: number;
  /** Set where its replicas come and go. */
  readonly scaled: CompiledScale | undefined;
  /** Index of what is asked before going on, or -1. */
  readonly policy: number;
  /** Levers by which its times are multiplied, and with which it fails; -1 where that never happens. */
  readonly slow: number;
  readonly errors: number;
  /** Whether it may stand still with what is under way. */
  readonly pauses: boolean;
  /** Index among the caches that know their keys, or -1. */
  readonly cache: number;
  /** Index among the databases of several stations, or -1. */
  readonly copies: number;
  /** Index of the channel, or -1. */
  readonly channel: number;
  /** Index of the balancer that chooses among its replicas, or whom it hands on to, or -1. */
  readonly balancer: number;
  /** Index among the nodes whose threads start cold, or -1. */
  readonly resting: number;
}

export interface CompiledOp {
  readonly entry: Label;
  readonly meter: number;
  readonly steps: readonly StepDocument[];
  /** Set when only traffic calls it, so that its latency is what clients see. */
  observed: boolean;
}

/** Makes an operation of its meter and its steps. */
export type MakeOp = (meter: number, steps: readonly StepDocument[]) => CompiledOp;
