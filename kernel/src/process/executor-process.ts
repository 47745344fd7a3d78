import { type ChildProcess, spawn } from "node:child_process";
import { EventEmitter } from "node:events";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import type { Command, Report } from "./messages.js";
import { packet, packetReader, pipes } from "./packets.js";

/** How a process ended. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

interface Events {
  report: [Report];
  ended: [Ended];
}

const program = fileURLToPath(new URL("../child/main.js", import.meta.url));

// the check is of bookkeeping that terminating a cell leaves unbalanced; Node would abort over it
const nodeOptions = ["--no-force-async-hooks-checks", "--disable-warning=ExperimentalWarning"];

/** The process in which cells run, as the kernel sees it. */
export class ExecutorProcess extends EventEmitter<Events> {
  readonly #child: ChildProcess;

  constructor(folder: string) {
    super();
    this.#child = spawn(process.execPath, [...nodeOptions, program], {
      cwd: folder,
      stdio: ["ignore", "pipe", "pipe", "pipe", "pipe", "pipe"],
    });
    const reports = this.#child.stdio[pipes.reports] as Readable;
    reports.on(
      "data",
      packetReader<Report>((report) => void this.emit("report", report)),
    );
    // what writes past our streams: programs started by a cell, native code
    this.#child.stdout?.setEncoding("utf8").on("data", (text: string) => this.#outside("stdout", text));
    this.#child.stderr?.setEncoding("utf8").on("data", (text: string) => this.#outside("stderr", text));
    // "close" comes after all pipes have been read to their ends, "exit" may come before
    this.#child.on("close", (code, signal) => void this.emit("ended", { code, signal }));
    this.#child.on("error", () => void this.emit("ended", { code: null, signal: null }));
    for (const number of [pipes.commands, pipes.interrupts]) this.#pipe(number).on("error", () => {});
  }

  send(command: Command): void {
    this.#pipe(pipes.commands).write(packet(command));
  }

  /** Asks a run to end, be it waiting or computing. */
  interrupt(run: number): void {
    this.#pipe(pipes.interrupts).write(packet(run));
  }

  kill(): void {
    this.#child.kill("SIGKILL");
  }

  #pipe(number: number): Writable {
    return this.#child.stdio[number] as Writable;
  }

  #outside(name: "stdout" | "stderr", text: string): void {
    this.emit("report", { type: "stream", name, text, run: 0 });
  }
}
