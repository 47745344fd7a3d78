import { AsyncLocalStorage } from "node:async_hooks";
import { writeSync } from "node:fs";
import type { Report, StreamName } from "../process/messages.js";
import { packet, pipes } from "../process/packets.js";

type Unsent = Report extends infer R ? (R extends Report ? Omit<R, "run"> : never) : never;

/**
 * Sends reports to the kernel in the order in which things happen. A report is on its way before the call returns, so
 * nothing is lost when the cell then loops forever or the process dies.
 */
export class Reporter {
  readonly #runs = new AsyncLocalStorage<number>();
  #latest = 0;

  /** Calls `f` so that all it causes, now or later, is reported under this run. */
  during<T>(run: number, f: () => T): T {
    this.#latest = run;
    return this.#runs.run(run, f);
  }

  /** The run that caused what happens now. */
  get run(): number {
    return this.#runs.getStore() ?? this.#latest;
  }

  send(report: Unsent, run: number = this.run): void {
    const bytes = packet({ ...report, run });
    for (let sent = 0; sent < bytes.length; ) sent += writeSync(pipes.reports, bytes, sent);
  }

  stream(name: StreamName, text: string): void {
    if (text !== "") this.send({ type: "stream", name, text });
  }
}
