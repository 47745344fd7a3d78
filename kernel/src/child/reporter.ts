import { writeSync } from "node:fs";
import type { Report, StreamName } from "../process/messages.js";
import { packet, pipes } from "../process/packets.js";

type Unsent = Report extends infer R ? (R extends Report ? Omit<R, "run"> : never) : never;

/**
 * Sends reports to the kernel in the order in which things happen. A report is on its way before the call returns, so
 * nothing is lost when the cell then loops forever or the process dies.
 */
export class Reporter {
  /**
   * The run that what happens is reported under: the newest. (To know which run caused what happens later would take
   * Node's async hooks, which slow every `await` and do not survive that a cell is terminated.)
   */
  run = 0;

  send(report: Unsent, run: number = this.run): void {
    const bytes = packet({ ...report, run });
    for (let sent = 0; sent < bytes.length; ) sent += writeSync(pipes.reports, bytes, sent);
  }

  stream(name: StreamName, text: string): void {
    if (text !== "") this.send({ type: "stream", name, text });
  }
}
