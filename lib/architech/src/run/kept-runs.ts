import { type RetentionLimits, surplusRuns } from "./retention.js";
import { runNotFound } from "./run-host.js";
import { ownerOf, type RunRecord } from "./run-store.js";

/** Runs that are over, oldest first. */
export class KeptRuns {
  readonly #records = new Map<string, RunRecord>();
  readonly #limits: RetentionLimits;

  constructor(limits: RetentionLimits) {
    this.#limits = limits;
  }

  add(record: RunRecord): void {
    this.#records.set(record.info.id, record);
  }

  has(id: string): boolean {
    return this.#records.has(id);
  }

  /** Throws `run-not-found`. */
  get(id: string): RunRecord {
    const record = this.#records.get(id);
    if (record === undefined) throw runNotFound(id);
    return record;
  }

  delete(id: string): void {
    this.#records.delete(id);
  }

  all(): RunRecord[] {
    return [...this.#records.values()];
  }

  /** The newest one whose rows a key stands for; see `cacheKey`. */
  known(key: string): RunRecord | undefined {
    return this.all()
      .reverse()
      .find((record) => record.key === key && record.info.state === "done");
  }

  /** Takes out what makes room for others, see `surplusRuns`. */
  dropSurplus(isNeeded: (id: string) => boolean): string[] {
    const runs = this.all().map((record) => ({ ...record.info, user: ownerOf(record) }));
    const surplus = surplusRuns(runs, this.#limits, isNeeded);
    for (const id of surplus) this.#records.delete(id);
    return surplus;
  }
}
