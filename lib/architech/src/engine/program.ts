import type { BalancerPlan } from "./balancer-plan.js";
import type { KeyedCachePlan } from "./cache-plan.js";
import type { ChannelPlan } from "./channel-plan.js";
import type { CopiesPlan } from "./copies-plan.js";
import type { FaultPlan } from "./fault-plan.js";
import type { PolicyPlan } from "./policy-plan.js";
import type { QueuePlan, WorkerPlan } from "./queue-plan.js";
import type { RestingPlan } from "./resting-plan.js";
import type { SamplingSite } from "./sampling-site.js";
import type { ScaledPlan } from "./scaled-plan.js";
import type { StationPlan } from "./station-plan.js";

/**
 * What the machine runs: instructions and constants in flat tables, and the stations, queues and meters they use.
 * It knows nothing of services: whoever compiles a model decides what each of them stands for.
 */
export interface Program {
  /** Instructions and their operands; see `opcodes`. */
  readonly code: Int32Array;
  /** Where each instruction begins, as a place of the machine's memory. */
  readonly entries: readonly number[];
  readonly constants: Float64Array;
  /** Delay of each lane: events that are always this far ahead wait in a ring instead of the heap. */
  readonly lanes: Float64Array;
  readonly sites: readonly SamplingSite[];
  readonly stations: readonly StationPlan[];
  readonly queues: readonly QueuePlan[];
  readonly workers: readonly WorkerPlan[];
  readonly faults: readonly FaultPlan[];
  readonly policies: readonly PolicyPlan[];
  /** What faults set, as it is at first. */
  readonly levers: readonly number[];
  readonly caches: readonly KeyedCachePlan[];
  readonly copies: readonly CopiesPlan[];
  readonly channels: readonly ChannelPlan[];
  /** Whether there is something in it that not every core knows: instructions from 40 on, lines by rank, wide frames. */
  readonly extended: boolean;
  /** Priority and weight of each class of requests; empty where frames need not carry one. */
  readonly classes: readonly { readonly priority: number; readonly weight: number }[];
  /** Whether frames carry what a request has with it: class, key, deadline, rank, whether it ends with its caller. */
  readonly wide: boolean;
  readonly scaled: readonly ScaledPlan[];
  readonly balancers: readonly BalancerPlan[];
  readonly resting: readonly RestingPlan[];
  /** How many operations are measured (arrivals, completions, errors, latency, wait). */
  readonly meters: number;
  /** How many integrals of waiting or busy stations are kept. */
  readonly gauges: number;
  /** How many counts of waiting frames (with their maxima) are kept. */
  readonly depths: number;
  readonly counters: number;
  /** How many gates say whether requests are refused. */
  readonly gates: number;
  /** The most frames that one instruction starts. */
  readonly reserve: number;
  /** Places in the code where frames start at time zero, how many, and in which part, where it is cut into parts. */
  readonly starts: readonly { readonly pc: number; readonly count: number; readonly part: number }[];
}
