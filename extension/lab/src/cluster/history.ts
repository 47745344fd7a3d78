import { isFinal, type WorkerView } from "@architech/protocol";
import type { ClusterState } from "./cluster-state.js";

/** What is drawn over time. */
export interface Sample {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly busy: number;
  readonly threads: number;
  /** Tasks that are not done yet. */
  readonly left: number;
  /** Events simulated a second since the sample before. */
  readonly rate: number;
}

/** The last samples of a cluster. */
export class History {
  readonly #limit: number;
  readonly #samples: Sample[] = [];
  #before: { readonly at: number; readonly workers: readonly WorkerView[] } | undefined;

  constructor(limit = 150) {
    this.#limit = limit;
  }

  get samples(): readonly Sample[] {
    return this.#samples;
  }

  add({ at, workers, runs }: ClusterState): Sample {
    const sample = {
      at,
      busy: workers.reduce((sum, { busy, threads }) => sum + Math.min(busy, threads), 0),
      threads: workers.reduce((sum, { threads }) => sum + threads, 0),
      left: (runs ?? [])
        .filter(({ state }) => !isFinal(state))
        .reduce((sum, { total, done }) => sum + Math.max(0, total - done), 0),
      rate: this.#rate(at, workers),
    };
    this.#before = { at, workers };
    this.#samples.push(sample);
    if (this.#samples.length > this.#limit) this.#samples.shift();
    return sample;
  }

  /** Of those that were there before: who has come has done what it has done at another time. */
  #rate(at: number, workers: readonly WorkerView[]): number {
    if (this.#before === undefined || at <= this.#before.at) return 0;
    const known = new Map(this.#before.workers.map(({ id, events }) => [id, events]));
    const done = workers.reduce((sum, { id, events }) => sum + Math.max(0, events - (known.get(id) ?? events)), 0);
    return (done * 1000) / (at - this.#before.at);
  }
}
