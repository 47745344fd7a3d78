import type { TableName, WireError } from "@architech/protocol";
import type { LogRow, TableShape } from "../experiment/stream-tables.js";
import type { PartsShared } from "./parts-elsewhere.js";
import type { PlannedTask } from "./plan.js";
import type { TaskEnd } from "./task-rows.js";

/** What a worker thread is told. */
export type ToWorker =
  /** Tasks of this run will come. */
  | {
      readonly type: "open";
      readonly run: string;
      readonly shape: TableShape;
      readonly cutMs: number;
      readonly metric: number;
    }
  | {
      readonly type: "task";
      readonly run: string;
      readonly task: PlannedTask;
      readonly control: Int32Array<SharedArrayBuffer>;
      readonly checkpointMs: number | undefined;
      readonly from: Uint8Array | undefined;
    }
  | { readonly type: "close"; readonly run: string };

/** What a worker thread tells, always of its one task under way. */
export type FromWorker =
  | { readonly type: "ready" }
  | { readonly type: "batch"; readonly table: TableName; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly type: "log"; readonly rows: readonly LogRow[] }
  | { readonly type: "share"; readonly share: number }
  | { readonly type: "checkpoint"; readonly bytes: Uint8Array<ArrayBuffer> }
  /** The task begins anew. */
  | { readonly type: "refused"; readonly reason: string }
  /** Other processes shall have the other parts of the task. */
  | { readonly type: "shared"; readonly shared: PartsShared }
  /** Those have gone: it is to go on from its last checkpoint. */
  | { readonly type: "lost"; readonly reason: string }
  | { readonly type: "end"; readonly end: TaskEnd | undefined; readonly error?: WireError };

/** Memory shared with the thread during one task: [0] is 1 to stop, [1] counts the KiB of rows that were taken. */
export const control = { stop: 0, taken: 1 } as const;

/** Rows, in KiB, that a task may be ahead of those who take them; then it waits. */
export const aheadKib = 4096;

/** KiB that a batch counts for. */
export function kib(bytes: Uint8Array): number {
  return Math.ceil(bytes.byteLength / 1024);
}
