// A worker thread beside the main thread, so that a cell can be interrupted while it blocks the main thread.
import { Session } from "node:inspector";
import { Socket } from "node:net";
import { parentPort, workerData } from "node:worker_threads";
import { packetReader, pipes } from "../process/packets.js";
import { RunState } from "./run-state.js";

/** What a run that waits, rather than computes, needs to answer an interrupt. */
const patienceMs = 60;
/** How long a termination may take to be confirmed. */
const terminationMs = 250;

const state = new RunState(workerData as SharedArrayBuffer);
const session = new Session();
let connected = false;

/** Asks the main thread to end the run, and ends what it is computing when it does not answer. */
function interrupt(run: number): void {
  if (state.isFinished(run)) return;
  parentPort?.postMessage(run);
  setTimeout(() => {
    if (state.isFinished(run)) return;
    if (state.claim(run)) terminate(run);
    else interrupt(run);
  }, patienceMs);
}

function terminate(run: number): void {
  if (!connected) session.connectToMainThread();
  connected = true;
  const confirmed = (): void => {
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
pipe.on("data", packetReader<number>(interrupt));
// the kernel is gone; the main thread may be in an endless loop, so nothing less than a kill is sure
pipe.on("close", () => process.kill(process.pid, "SIGKILL"));
pipe.on("error", () => process.kill(process.pid, "SIGKILL"));
