// A worker thread beside the main thread, so that a cell can be interrupted while it blocks the main thread.
import { Session } from "node:inspector";
import { Socket } from "node:net";
import { parentPort, workerData } from "node:worker_threads";
import { packetReader, pipes } from "../process/packets.js";
import { RunState } from "./run-state.js";

/** How long the main thread may take to hear of an interrupt before it counts as blocked by its cell. */
const patienceMs = 60;
/** The same when no cell runs: then only what an interrupted cell left behind can block it. */
const longPatienceMs = 600;
/** How long a termination may take to be confirmed. */
const terminationMs = 250;

const state = new RunState(workerData as SharedArrayBuffer);
const session = new Session();
let connected = false;

/** Asks the main thread to end the run, and ends what it is computing when it does not answer. */
function interrupt(run: number, waitedMs = 0): void {
  if (state.isFinished(run)) return;
  state.forgetHeard();
  parentPort?.postMessage(run);
  setTimeout(() => {
    if (state.isFinished(run)) return;
    const silentMs = state.hasHeard(run) ? 0 : waitedMs + patienceMs;
    if (silentMs > 0 && state.claimRun()) terminate(run);
    else if (silentMs >= longPatienceMs && state.claimRest()) terminate(run);
    else interrupt(run, silentMs);
  }, patienceMs);
}

function terminate(run: number): void {
  if (!connected) session.connectToMainThread();
  connected = true;
  let isConfirmed = false;
  const confirmed = (): void => {
    if (isConfirmed) return;
    isConfirmed = true;
    clearTimeout(timer);
    state.release();
    interrupt(run);
  };
  const timer = setTimeout(confirmed, terminationMs);
  session.post("Runtime.terminateExecution", confirmed);
  // an idle main thread is terminated in the next thing it does: let that be this message and nothing of value
  parentPort?.postMessage(0);
}

const pipe = new Socket({ fd: pipes.interrupts });
pipe.on(
  "data",
  packetReader<number>((run) => interrupt(run)),
);
// the kernel is gone; the main thread may be in an endless loop, so nothing less than a kill is sure
pipe.on("close", () => process.kill(process.pid, "SIGKILL"));
pipe.on("error", () => process.kill(process.pid, "SIGKILL"));
