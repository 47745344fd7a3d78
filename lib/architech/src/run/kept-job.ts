import type { TableName } from "@architech/protocol";
import { logTable } from "../experiment/log-table.js";
import type { BegunTasks, TaskBatch } from "./begun-tasks.js";
import type { Job } from "./job.js";

/** Bytes of a task's rows that are held for its next checkpoint, at most: with more it is kept no further. */
const mostHeldBytes = 16 << 20;

/** A job whose task is kept on the way, and goes on from where another process has left it. */
export function keptJob(job: Job, tasks: BegunTasks): Job {
  const { number } = job.task;
  const before = tasks.of(number);
  let held: TaskBatch[] | undefined = [];
  let heldBytes = 0;
  /** So many batches come once more. */
  let again = 0;
  const give = (table: TableName, bytes: Uint8Array): void => {
    if (again > 0) {
      again--;
      return;
    }
    heldBytes += bytes.byteLength;
    if (heldBytes > mostHeldBytes) held = undefined;
    held?.push({ table, bytes });
    job.batch(table, bytes);
  };
  for (const { table, bytes } of before?.batches ?? []) give(table, bytes);
  return {
    ...job,
    checkpointMs: tasks.everyMs,
    ...(before === undefined ? {} : { from: before.checkpoint }),
    batch: give,
    log: (rows) => give("log", logTable.rows(rows)),
    checkpoint(checkpoint) {
      if (held !== undefined) tasks.reached(number, { batches: [...held], checkpoint });
    },
    refused() {
      again = before?.batches.length ?? 0;
    },
    end(end, error) {
      job.end(end, error);
      // Neither an end nor an error: it was stopped, and another process may go on with it.
      if (end !== undefined || error !== undefined) tasks.ended(number);
    },
  };
}
