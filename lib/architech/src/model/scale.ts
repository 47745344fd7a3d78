import type { Duration } from "../units/duration.js";
import type { Rate } from "../units/rate.js";
import { parseRatio, type Ratio } from "../units/ratio.js";
import type { Log } from "./messaging.js";
import type { Queue } from "./node.js";
import type { ScaleDocument } from "./scale-document.js";
import type { Time } from "./time.js";

/** What decides how many replicas a node has, as data: made by `hpa`, `keda` and `schedule`. */
export interface Scale {
  readonly by: ScaleDocument["by"];
}

/** At most so many replicas, or so many percent of them, within any stretch of `period`. */
export type ScalingPolicy =
  | { readonly pods: number; readonly period: Duration }
  | { readonly percent: number; readonly period: Duration };

/** How replicas rise, or fall: `scaleUp` and `scaleDown` of an HPA's `behavior`. */
export interface ScalingRules {
  /** Past wishes of this long hold a change back. Default "0s" up, "300s" down. */
  readonly stabilization?: Duration;
  /** Default, within 15 s: up 4 pods or 100 percent, down 100 percent. */
  readonly policies?: readonly ScalingPolicy[];
  /** Which policy counts: the one that allows the most change (default), the least, or none at all. */
  readonly select?: "max" | "min" | "disabled";
  /** Ratios of metric and target this near to 1 change nothing. Default: `tolerance` of the scaler. */
  readonly tolerance?: Ratio;
}

interface CommonSettings {
  readonly up?: ScalingRules;
  readonly down?: ScalingRules;
  /** How often metrics are read and replicas decided. Default "15s". */
  readonly sync?: Duration;
  /** Default 0.1. */
  readonly tolerance?: Ratio;
  /** From a replica's creation to its first request. Default: none. */
  readonly startup?: Time;
}

/**
 * Messages that wait in a queue: for each replica (AverageValue), or in all (Value). In a scenario, which is plain data,
 * write the queue's name.
 */
export type QueueTarget =
  | { readonly of: Queue | Log | string; readonly average: number }
  | { readonly of: Queue | Log | string; readonly value: number };

/** What an HPA keeps at: of several, the one that asks for the most replicas wins. */
export interface HpaTarget {
  /** Busy share of a replica's cores. */
  readonly cpu?: Ratio;
  /** Busy cores of a replica. */
  readonly cores?: number;
  /** Requests inside a replica, waiting ones included. */
  readonly concurrency?: number;
  /** Requests that a replica answers. */
  readonly rate?: Rate;
  readonly queue?: QueueTarget;
}

export interface HpaSettings extends CommonSettings {
  /** Default 1; 0 only with a queue among the targets. */
  readonly min?: number;
  readonly max: number;
  readonly target: HpaTarget;
  /** For this long after a replica's creation its cpu counts only once a whole sync period of it is known. Default "5min". */
  readonly cpuInitialization?: Duration;
}

export interface KedaSettings extends CommonSettings {
  /** Default 0. */
  readonly min?: number;
  /** Default 100. */
  readonly max?: number;
  /** Replicas while nothing is active, fewer than `min`. Default: `min`. */
  readonly idle?: number;
  /** Messages for each replica. This or `concurrency` is needed. */
  readonly lag?: number;
  /** Whose messages; in a scenario, the queue's name. Default: of the queue that the worker takes from. */
  readonly queue?: Queue | Log | string;
  /** Whether messages that are being worked on count in `lag`. Default true. */
  readonly inFlight?: boolean;
  /** Of a log: whether there may be more replicas than partitions. Default false: `lag` asks for no more. */
  readonly idleConsumers?: boolean;
  /** Requests for each replica of a service, waiting ones included. */
  readonly concurrency?: number;
  /** Busy share of a replica's cores; makes nothing active. */
  readonly cpu?: Ratio;
  /** More than so many messages or requests make it active. Default 0. */
  readonly activation?: number;
  /** How often it looks whether it is active. Default "30s". */
  readonly polling?: Duration;
  /** How long nothing must have been active before all replicas go. Default "300s". */
  readonly cooldown?: Duration;
  /** How long replicas stay that were never needed. Default "0s". */
  readonly initialCooldown?: Duration;
}

export interface ScheduleSettings {
  /** Begins anew after this long: "24h". Default: it does not. */
  readonly repeat?: Duration;
  /** From a replica's creation to its first request. Default: none. */
  readonly startup?: Time;
}

/**
 * Scales as a Kubernetes HorizontalPodAutoscaler does: `hpa({ min: 2, max: 10, target: { cpu: "60%" }, startup: "20s" })`.
 * Defaults are those of Kubernetes. Throws `unit-invalid` for a share that is none.
 */
export function hpa(settings: HpaSettings): Scale {
  const { target, ...rest } = settings;
  const { cpu, ...others } = { ...target };
  const shared = { ...(cpu === undefined ? {} : { cpu: parseRatio(cpu) }), ...others };
  return frozen({ by: "hpa", ...common(rest), target: shared });
}

/**
 * Scales as a ScaledObject of KEDA does, to nothing and back: `keda({ max: 30, lag: 20, polling: "30s", cooldown: "300s" })`.
 * Defaults are those of KEDA. Throws `unit-invalid` for a share that is none.
 */
export function keda(settings: KedaSettings): Scale {
  const { cpu, ...rest } = settings;
  return frozen({ by: "keda", ...common(rest), ...(cpu === undefined ? {} : { cpu: parseRatio(cpu) }) });
}

/** What there is from a time on; what it does not say stays. */
export interface ReplicaSize {
  readonly replicas?: number;
  /** Of each replica. */
  readonly threads?: number;
  readonly cores?: number;
}

/**
 * Replicas by the clock: `schedule([["0h", 2], ["8h", 10], ["18h", 4]], { repeat: "24h" })`. Their size too:
 * `schedule([["8h", { replicas: 4, threads: 16, cores: 8 }]])`.
 */
export function schedule(
  steps: readonly (readonly [at: Duration, what: number | ReplicaSize])[],
  settings: ScheduleSettings = {},
): Scale {
  return frozen({
    by: "schedule",
    steps: steps.map(([at, what]) => ({ at, ...(typeof what === "object" ? what : { replicas: what }) })),
    ...settings,
  });
}

function common(settings: CommonSettings): object {
  const { up, down, tolerance } = settings;
  return {
    ...settings,
    ...(tolerance === undefined ? {} : { tolerance: parseRatio(tolerance) }),
    ...(up === undefined ? {} : { up: rules(up) }),
    ...(down === undefined ? {} : { down: rules(down) }),
  };
}

function rules({ tolerance, ...settings }: ScalingRules): object {
  return { ...settings, ...(tolerance === undefined ? {} : { tolerance: parseRatio(tolerance) }) };
}

/** Freezes plain data; queues are frozen as they come. */
function frozen<T extends object>(data: T): T {
  for (const value of Object.values(data)) if (typeof value === "object" && value !== null) frozen(value);
  return Object.freeze(data);
}
