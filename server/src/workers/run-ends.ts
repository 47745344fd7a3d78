import { pause } from "@architech/protocol";
import type { ClusterBus } from "../cluster/cluster-bus.js";
import type { Log } from "../log.js";
import type { OpenRuns } from "./open-runs.js";
import type { RunWorks } from "./run-work.js";

/** How long until it tries again to hear of them. */
const retryMs = 2_000;
/** How often it is looked whether a run was over without a word of it, as when there was no bus at that moment. */
const lookMs = 15_000;

/** What the ends of runs are heard with. */
export interface RunEndsOptions {
  readonly bus: ClusterBus;
  readonly log: Log;
  readonly open: OpenRuns;
  readonly works: RunWorks;
  /** Default 15,000. */
  readonly lookMs?: number;
}

/** Stops what is in work of runs that are over. */
export class RunEnds {
  readonly #options: RunEndsOptions;
  readonly #stopped = new AbortController();
  #timer: NodeJS.Timeout | undefined;

  constructor(options: RunEndsOptions) {
    this.#options = options;
  }

  start(): void {
    void this.#hear();
    this.#timer = setInterval(() => void this.#look().catch(() => {}), this.#options.lookMs ?? lookMs);
  }

  stop(): void {
    this.#stopped.abort();
    clearInterval(this.#timer);
  }

  async #hear(): Promise<void> {
    const { bus, log } = this.#options;
    const { signal } = this.#stopped;
    while (!signal.aborted) {
      try {
        const notices = await bus.hear.over();
        const stop = (): void => notices.close();
        if (signal.aborted) stop();
        signal.addEventListener("abort", stop);
        for await (const { subject } of notices) this.#over(subject.split(".").at(-1)!);
      } catch (error) {
        if (!signal.aborted) log.warn(`it cannot be heard which runs are over: ${(error as Error).message}`);
      }
      await pause(retryMs, signal);
    }
  }

  async #look(): Promise<void> {
    const { open, works } = this.#options;
    for (const busy of await works.busy()) if (!(await open.has(busy))) this.#over(busy.run, busy.request);
  }

  #over(run: string, request?: string): void {
    const { open, works } = this.#options;
    open.over(run);
    void works.close(run, request);
  }
}
