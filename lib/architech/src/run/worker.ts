import { parentPort, workerData } from "node:worker_threads";
import { ArchitechError } from "@architech/protocol";
import { loadSpecialiser } from "../engine/specialiser.js";
import { NotParted, PartsLost } from "../parts/part.js";
import type { Parts } from "../parts/parts.js";
import { partsHere, type StartParts } from "../simulation/parts-wanted.js";
import { simulate as engine } from "../simulation/simulate.js";
import { packCheckpoint, unpackCheckpoint } from "./checkpoint.js";
import { startPartThreads } from "./part-threads.js";
import { type Sharing, startPartsElsewhere } from "./parts-elsewhere.js";
import type { PlannedTask } from "./plan.js";
import { RunTables, type Simulate, type TaskEnd, taskRows } from "./task-rows.js";
import { aheadKib, control, type FromWorker, kib, type ToWorker } from "./worker-messages.js";

// The body of a worker thread: one task at a time, each a pure function of its message.

type TaskMessage = ToWorker & { readonly type: "task" };

interface OpenRun {
  readonly tables: RunTables;
  readonly cutMs: number;
  readonly metric: number;
}

const { simulator } = workerData as { simulator: string | undefined };
const simulate: Simulate = simulator === undefined ? engine : (await import(simulator)).simulate;
await loadSpecialiser();
const runs = new Map<string, OpenRun>();
const shareEveryMs = 50;

parentPort?.on("message", (message: ToWorker) => {
  if (message.type === "open")
    runs.set(message.run, { tables: new RunTables(message.shape), cutMs: message.cutMs, metric: message.metric });
  else if (message.type === "close") runs.delete(message.run);
  else post(work(message));
});
post({ type: "ready" });

function post(message: FromWorker, transfer: ArrayBuffer[] = []): void {
  parentPort?.postMessage(message, transfer);
}

function work(message: TaskMessage): FromWorker {
  const { run, from } = message;
  const open = runs.get(run);
  if (open === undefined) throw new Error(`run ${run} was not opened`);
  try {
    return { type: "end", end: produceFrom(from, message, open) };
  } catch (error) {
    if (error instanceof PartsLost) return { type: "lost", reason: error.message };
    const wire =
      error instanceof ArchitechError
        ? error.toJSON()
        : { code: "task-failed", message: error instanceof Error ? error.message : String(error) };
    return { type: "end", end: undefined, error: wire };
  }
}

/** Goes on from a checkpoint, or begins anew where that is refused. */
function produceFrom(bytes: Uint8Array | undefined, message: TaskMessage, open: OpenRun): TaskEnd | undefined {
  const { task, checkpointMs } = message;
  try {
    const from = bytes && unpackCheckpoint(bytes, task);
    return produce(
      taskRows(task, { ...open, checkpointMs, from, simulate: simulating(task, message.control) }),
      message,
    );
  } catch (error) {
    if (bytes === undefined || !(error instanceof ArchitechError) || error.code !== "checkpoint-refused") throw error;
    post({ type: "refused", reason: error.message });
    return produceFrom(undefined, message, open);
  }
}

/** Simulates a task in as many threads as it may take, or with as many workers. */
function simulating({ parts }: PlannedTask, shared: Int32Array<SharedArrayBuffer>): Simulate {
  if (parts === undefined) return simulate;
  const start = parts.across === "workers" ? startElsewhere : startPartThreads;
  return (task, options) => simulate(task, { ...options, parts: { ...parts, start } });

  function startElsewhere(...[task, cut, compiled, from]: Parameters<StartParts>): Parts {
    const isStopped = (): boolean => Atomics.load(shared, control.stop) === 1;
    const share: Sharing["share"] = (of, transfer) =>
      parentPort?.postMessage({ type: "shared", shared: of } satisfies FromWorker, transfer);
    try {
      return startPartsElsewhere(task, cut, compiled, { share, isStopped }, from);
    } catch (cause) {
      if (!(cause instanceof NotParted) || isStopped()) throw cause;
      if ((parts?.threads ?? 1) >= cut.parts) return startPartThreads(task, cut, compiled, from);
      if (from === undefined) throw cause;
      return partsHere(task, cut, compiled, from);
    }
  }
}

function produce(rows: ReturnType<typeof taskRows>, { task, control: shared }: TaskMessage): TaskEnd | undefined {
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
    else if (value.type === "checkpoint") {
      const bytes = packCheckpoint(value.checkpoint, task);
      post({ type: "checkpoint", bytes }, [bytes.buffer]);
    } else if (performance.now() - reported > shareEveryMs) {
      reported = performance.now();
      post({ type: "share", share: value.share });
    }
  }
}
