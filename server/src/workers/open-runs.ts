import { isFinal } from "@architech/protocol";
import type { State } from "../bus/bus.js";
import { runRecords } from "../cluster/run-record.js";

/** What a record has said is believed for so long, ms: a worker hears of the end of a run, unless that is lost. */
const believedMs = 5_000;
const mostRuns = 1_000;

/** Which runs are there and not over: their records are read once for many chunks. */
export class OpenRuns {
  readonly #records: State;
  /** When each was last seen open, the latest last. */
  readonly #seen = new Map<string, number>();

  constructor(records: State) {
    this.#records = records;
  }

  /** Throws `bad-message` for a record that is none. */
  async has(run: string): Promise<boolean> {
    const seen = this.#seen.get(run);
    if (seen !== undefined && performance.now() - seen < believedMs) return true;
    this.#seen.delete(run);
    const entry = await this.#records.get(run);
    if (entry === undefined || isFinal(runRecords.unpack(entry.value).info.state)) return false;
    this.#seen.set(run, performance.now());
    if (this.#seen.size > mostRuns) this.#seen.delete(this.#seen.keys().next().value!);
    return true;
  }

  /** A run is over. */
  over(run: string): void {
    this.#seen.delete(run);
  }
}
