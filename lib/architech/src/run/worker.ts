import { parentPort, workerData } from "node:worker_threads";
import { ArchitechError } from "@architech/protocol";
import { loadSpecialiser } from "../engine/specialiser.js";
import { simulate as engine } from "../simulation/simulate.js";
import { startPartThreads } from "./part-threads.js";
import type { PlannedTask } from "./plan.js";
import { RunTables, type Simulate, type TaskEnd, taskRows } from "./task-rows.js";
import { aheadKib, control, type FromWorker, kib, type ToWorker } from "./worker-messages.js";

// The body of a worker thread: one task at a time, each a pure function of its message.

const { simulator } = workerData as { simulator: string | undefined };
const simulate: Simulate = simulator === undefined ? engine : (await import(simulator)).simulate;
await loadSpecialiser();
const runs = new Map<string, { tables: RunTables; cutMs: number; metric: number }>();
const shareEveryMs = 50;

parentPort?.on("message", (message: ToWorker) => {
  if (message.type === "open")
    runs.set(message.run, { tables: new RunTables(message.shape), cutMs: message.cutMs, metric: message.metric });
  else if (message.type === "close") runs.delete(message.run);
  else post(work(message.run, message.task, message.control));
});
post({ type: "ready" });

function post(message: FromWorker, transfer: ArrayBuffer[] = []): void {
  parentPort?.postMessage(message, transfer);
}

function work(run: string, task: PlannedTask, shared: Int32Array<SharedArrayBuffer>): FromWorker {
  const open = runs.get(run);
  if (open === undefined) throw new Error(`run ${run} was not opened`);
  try {
    return { type: "end", end: produce(taskRows(task, { ...open, simulate: simulating(task) }), shared) };
  } catch (error) {
    const wire =
      error instanceof ArchitechError
        ? error.toJSON()
        : { code: "task-failed", message: error instanceof Error ? error.message : String(error) };
    return { type: "end", end: undefined, error: wire };
  }
}

/** Simulates a task in as many threads as it may take. */
function simulating({ parts }: PlannedTask): Simulate {
  if (parts === undefined) return simulate;
  return (task, options) => simulate(task, { ...options, parts: { ...parts, start: startPartThreads } });
}

function produce(rows: ReturnType<typeof taskRows>, shared: Int32Array<SharedArrayBuffer>): TaskEnd | undefined {
  let produced = 0;
  // The first slice is reported at once: it says that the work has begun.
  let reported = -Infinity;
  for (;;) {
    if (Atomics.load(shared, control.stop) === 1) {
      rows.return(undefined as never);
      return undefined;
    }
    const { done, value } = rows.next();
    if (done === true) return value;
    if (value.type === "batch") {
      produced += kib(value.bytes);
      post(value, [value.bytes.buffer]);
      for (;;) {
        const taken = Atomics.load(shared, control.taken);
        if (produced - taken <= aheadKib || Atomics.load(shared, control.stop) === 1) break;
        Atomics.wait(shared, control.taken, taken, 50);
      }
    } else if (value.type === "log") post(value);
    else if (performance.now() - reported > shareEveryMs) {
      reported = performance.now();
      post({ type: "share", share: value.share });
    }
  }
}
