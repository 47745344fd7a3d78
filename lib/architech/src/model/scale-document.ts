import type { TimeDocument } from "./time-document.js";

/** How many replicas a node has, decided as time goes on. */
export type ScaleDocument = HpaDocument | KedaDocument | ScheduleDocument;

/** One direction of scaling: what holds a change back, and how fast it may go. */
export interface ScalingRulesDocument {
  /** Past wishes of this long hold a change back. Default "0s" up, "300s" down. */
  readonly stabilization?: string;
  /** Default, within 15 s: up 4 pods or 100 percent, down 100 percent. */
  readonly policies?: readonly ScalingPolicyDocument[];
  /** Which policy counts: the one that allows the most change (the default), the least, or none at all. */
  readonly select?: "max" | "min" | "disabled";
  /** Ratios of metric and target this near to 1 change nothing. Default: the scaler's own. */
  readonly tolerance?: number;
}

/** At most so many replicas, or so many percent of them, within any stretch of `period`. */
export type ScalingPolicyDocument =
  | { readonly pods: number; readonly period: string }
  | { readonly percent: number; readonly period: string };

/** What an HPA and what KEDA has an HPA do have in common. */
interface Scaling {
  readonly up?: ScalingRulesDocument;
  readonly down?: ScalingRulesDocument;
  /** How often metrics are read and replicas decided. Default "15s". */
  readonly sync?: string;
  /** Default 0.1. */
  readonly tolerance?: number;
  /** From its creation to its first request. Until then a replica costs, and gets none. Default: none. */
  readonly startup?: TimeDocument;
}

/** Several metrics: the one that asks for the most replicas wins. */
export interface HpaTargetDocument {
  /** Busy share of the cores of a replica, 0 to 1. */
  readonly cpu?: number;
  /** Busy cores of a replica. */
  readonly cores?: number;
  /** Requests inside a replica, waiting ones included. */
  readonly concurrency?: number;
  /** Requests that a replica answers: "50rps". */
  readonly rate?: string;
  /** Messages that wait in a queue: for each replica, or in all. */
  readonly queue?: QueueTargetDocument;
}

export type QueueTargetDocument =
  | { readonly of: string; readonly average: number }
  | { readonly of: string; readonly value: number };

/** A Kubernetes HorizontalPodAutoscaler. */
export interface HpaDocument extends Scaling {
  readonly by: "hpa";
  /** Default 1; 0 only with a queue among the targets. */
  readonly min?: number;
  readonly max: number;
  readonly target: HpaTargetDocument;
  /** For this long after a replica's creation its cpu counts only once a whole sync period of it is known. Default "5min". */
  readonly cpuInitialization?: string;
}

/** A KEDA ScaledObject: to nothing and back by itself, in between by an HPA. */
export interface KedaDocument extends Scaling {
  readonly by: "keda";
  /** Default 0. */
  readonly min?: number;
  /** Default 100. */
  readonly max?: number;
  /** Replicas while nothing is active; fewer than `min`. Default: `min`. */
  readonly idle?: number;
  /** Messages for each replica. */
  readonly lag?: number;
  /** Whose messages; of a worker by default those of the queue, or of its group in the log, that it takes from. */
  readonly queue?: string;
  /** Whether messages that are being worked on count in `lag`. Default true. */
  readonly inFlight?: boolean;
  /** Of a log: whether there may be more replicas than partitions. Default false: `lag` asks for no more. */
  readonly idleConsumers?: boolean;
  /** Requests for each replica, waiting ones included. */
  readonly concurrency?: number;
  /** Busy share of the cores of a replica, 0 to 1; makes nothing active. */
  readonly cpu?: number;
  /** More than so many messages (or requests) make it active. Default 0. */
  readonly activation?: number;
  /** How often the triggers are looked at. Default "30s". */
  readonly polling?: string;
  /** How long nothing must have been active before all replicas go. Default "300s". */
  readonly cooldown?: string;
  /** How long after the start replicas stay though nothing was ever active. Default "0s". */
  readonly initialCooldown?: string;
}

/** Replicas by the clock. */
export interface ScheduleDocument {
  readonly by: "schedule";
  /** In the order of their times. What a step does not say stays. */
  readonly steps: readonly {
    readonly at: string;
    readonly replicas?: number;
    /** Of each replica. */
    readonly threads?: number;
    readonly cores?: number;
  }[];
  /** Begins anew after this long. Default: it does not. */
  readonly repeat?: string;
  /** From its creation to its first request. Default: none. */
  readonly startup?: TimeDocument;
}
