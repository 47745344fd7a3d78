import type { Compiled } from "../converter/converter.js";
import type { Iopub, Parent } from "../jupyter/iopub.js";
import { type Ended, ExecutorProcess } from "../process/executor-process.js";
import type { CommMessage, Failure, Outcome, Report } from "../process/messages.js";

/** A cell ready to run. */
export interface Work {
  readonly compiled: Compiled;
  readonly label: string;
  readonly source: string;
  readonly parent: Parent;
  /** The trace that it is a part of. */
  readonly traceparent?: string;
}

/** How a run ended, and the names that it declared without initialising them. */
export interface RunEnd {
  readonly outcome: Outcome;
  readonly lost: readonly string[];
}

/** What the kernel does about things that only it can do. */
export interface RunnerEvents {
  /** A cell asks for a line. */
  onInputRequest(request: Extract<Report, { type: "input-request" }>): void;
  /** The process died: what the cells declared is gone. */
  onLoss(): void;
}

interface Running {
  readonly run: number;
  readonly resolve: (end: RunEnd) => void;
}

/** How many runs are remembered for output that comes after their end. */
const remembered = 1000;

/** Runs cells in a process of their own, publishes what they show, and starts the process anew when it dies. */
export class Runner {
  readonly #folder: string;
  readonly #iopub: Iopub;
  readonly #events: RunnerEvents;
  readonly #parents = new Map<number, Parent>();
  readonly #comms = new Map<string, string>();
  #process: ExecutorProcess;
  #running: Running | undefined;
  #run = 0;
  #closed = false;

  constructor(folder: string, iopub: Iopub, events: RunnerEvents) {
    this.#folder = folder;
    this.#iopub = iopub;
    this.#events = events;
    this.#process = this.#start();
  }

  /** Open comms: their targets by id. */
  get comms(): ReadonlyMap<string, string> {
    return this.#comms;
  }

  run({ compiled, label, source, parent, traceparent }: Work): Promise<RunEnd> {
    const run = ++this.#run;
    this.#parents.set(run, parent);
    this.#parents.delete(run - remembered);
    this.#process.send({
      type: "run",
      run,
      label,
      source,
      ...compiled,
      ...(traceparent === undefined ? {} : { traceparent }),
    });
    return new Promise((resolve) => {
      this.#running = { run, resolve };
    });
  }

  interrupt(): void {
    if (this.#running) this.#process.interrupt(this.#running.run);
  }

  answer(id: number, answer: { value: string } | { error: string }): void {
    this.#process.send({ type: "input", id, ...answer });
  }

  comm(message: CommMessage): void {
    if (message.type === "comm-open") this.#comms.set(message.id, message.target);
    if (message.type === "comm-close") this.#comms.delete(message.id);
    this.#process.send(message);
  }

  /** Ends the process, which is then started anew. */
  renew(): void {
    this.#process.kill();
  }

  close(): void {
    this.#closed = true;
    this.#process.kill();
  }

  #start(): ExecutorProcess {
    const process = new ExecutorProcess(this.#folder);
    process.on("report", (report) => this.#take(report));
    process.on("ended", (ended) => this.#restart(ended));
    return process;
  }

  #restart(ended: Ended): void {
    if (this.#closed) return;
    const running = this.#running;
    this.#running = undefined;
    this.#comms.clear();
    this.#process = this.#start();
    this.#events.onLoss();
    const failure = lossOf(ended);
    if (running) running.resolve({ outcome: { status: "error", failure }, lost: [] });
    else this.#iopub.stream("stderr", `${failure.message}\n`, this.#parentOf(0));
  }

  #parentOf(run: number): Parent {
    return this.#parents.get(run === 0 ? this.#run : run) ?? {};
  }

  #take(report: Report): void {
    const parent = this.#parentOf(report.run);
    if (report.type === "stream") this.#iopub.stream(report.name, report.text, parent);
    else if (report.type === "done") {
      if (this.#running?.run !== report.run) return;
      const { resolve } = this.#running;
      this.#running = undefined;
      resolve(report);
    } else if (report.type === "display") {
      const { bundle, displayId, update } = report;
      const transient = displayId === undefined ? {} : { display_id: displayId };
      this.#iopub.publish(update ? "update_display_data" : "display_data", { ...bundle, transient }, parent);
    } else if (report.type === "clear") this.#iopub.publish("clear_output", { wait: report.wait }, parent);
    else if (report.type === "input-request") this.#events.onInputRequest(report);
    else if (report.type !== "ready") this.#publishComm(report, parent);
  }

  #publishComm(message: CommMessage, parent: Parent): void {
    const { id, data, buffers } = message;
    const content = { comm_id: id, data: data ?? {} };
    if (message.type === "comm-open") {
      this.#comms.set(id, message.target);
      this.#iopub.publish("comm_open", { ...content, target_name: message.target }, parent, { buffers });
    } else {
      if (message.type === "comm-close") this.#comms.delete(id);
      this.#iopub.publish(message.type === "comm-close" ? "comm_close" : "comm_msg", content, parent, { buffers });
    }
  }
}

function lossOf({ code, signal }: Ended): Failure {
  const how = signal ? `was ended by ${signal}` : `ended with exit code ${code}`;
  const message = `the process of the cells ${how}; it was started anew, and what the cells declared is gone`;
  return {
    name: "ProcessEnded",
    message,
    traceback: [`\u001b[31m\u001b[1mProcessEnded\u001b[22m\u001b[39m: ${message}`],
  };
}
