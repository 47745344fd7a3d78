import { isFinal } from "@architech/protocol";
import type { State } from "../bus/bus.js";
import type { Chunk } from "../cluster/chunk.js";
import { runRecords } from "../cluster/run-record.js";

/** What a record has said is believed for so long, ms: a worker hears of the end of a run, unless that is lost. */
const believedMs = 5_000;
const mostRuns = 1_000;

interface Seen {
  readonly request: string;
  readonly at: number;
}

/** Which runs are there and not over: their records are read once for many chunks. */
export class OpenRuns {
  readonly #records: State;
  /** When each was last seen open, the latest last. */
  readonly #seen = new Map<string, Seen>();

  constructor(records: State) {
    this.#records = records;
  }

  /**
   * Whether a run of this request is open: one that was deleted may have left its id to another, and its chunks on the
   * queue. Throws `bad-message` for a record that is none.
   */
  async has({ run, request }: Pick<Chunk, "run" | "request">): Promise<boolean> {
    const seen = this.#seen.get(run);
    if (seen?.request === request && performance.now() - seen.at < believedMs) return true;
    this.#seen.delete(run);
    const entry = await this.#records.get(run);
    const record = entry && runRecords.unpack(entry.value);
    if (record === undefined || isFinal(record.info.state) || record.request !== request) return false;
    this.#seen.set(run, { request, at: performance.now() });
    if (this.#seen.size > mostRuns) this.#seen.delete(this.#seen.keys().next().value!);
    return true;
  }

  /** A run is over. */
  over(run: string): void {
    this.#seen.delete(run);
  }
}
