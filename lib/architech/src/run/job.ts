import type { ArchitechError, TableName } from "@architech/protocol";
import type { LogRow, TableShape } from "../experiment/stream-tables.js";
import type { PartsShared } from "./parts-elsewhere.js";
import type { PlannedTask } from "./plan.js";
import type { TaskEnd } from "./task-rows.js";

/** A task on its way through the pool, and who is told of it. */
export interface Job {
  readonly task: PlannedTask;
  /** See `control` in worker-messages. */
  readonly control: Int32Array<SharedArrayBuffer>;
  /** Wall time between two of its checkpoints, ms; none where undefined. */
  readonly checkpointMs?: number;
  /** A checkpoint to go on from. */
  readonly from?: Uint8Array;
  batch(table: TableName, bytes: Uint8Array): void;
  log(rows: readonly LogRow[]): void;
  share(share: number): void;
  /** How far it is; whoever goes on from it hands out what comes after. */
  checkpoint?(bytes: Uint8Array): void;
  /** It cannot go on from where it should, and begins anew. */
  refused?(reason: string): void;
  /** Those have gone, and it goes on from its last checkpoint, or begins anew. */
  lost?(reason: string): void;
  /** Other processes shall have the other parts of the task. Where nobody can ask them, it is worked on here. */
  shared?(shared: PartsShared): void;
  /** Without an end and an error: stopped on request. */
  end(end: TaskEnd | undefined, error?: ArchitechError): void;
}

/** A run, as the pool sees it: something that has tasks, now or later. */
export interface JobSource {
  readonly run: string;
  /** Whose it is. */
  readonly user: string;
  readonly shape: TableShape;
  readonly cutMs: number;
  /** Number of the metric whose value each task reports. */
  readonly metric: number;
  /** Whether starting a thread would take longer than the work. */
  readonly tiny: boolean;
  /** Whether only this thread can do the work. */
  readonly here: boolean;
  /** The next task, or undefined while there is none. */
  next(): Job | undefined;
}

/** How a lane has left a job: it has ended, its thread has crashed, or others that had parts of it have gone. */
export type LaneOutcome = "free" | "crashed" | "lost";

/** Something that works on one job at a time. */
export interface Lane {
  readonly busy: boolean;
  /** Starts on the job; `done` is called once it has ended and the lane is free, or has ended with it. */
  start(source: JobSource, job: Job, done: (outcome: LaneOutcome) => void): void;
  /** Forgets a run. */
  forget(run: string): void;
  stop(): Promise<void>;
}
