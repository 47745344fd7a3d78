import type { Progress } from "@architech/protocol";
import type { ChartSource, ChartState, Row, View } from "architech/core";
import type * as Heavy from "./heavy.js";
import type { RunNews, RunOutcome } from "./run-stream.js";
import type { StreamFinder } from "./stream-finder.js";

/** Work on frames that is done in one go; then the page may paint and react. */
const burstMs = 8;

/** How far all of a chart's runs have come together. */
export interface Advance {
  readonly done: number;
  readonly total: number;
  readonly leftMs?: number;
}

/** The rows of a chart's sources while they come. */
export class LiveRows {
  readonly #sources: readonly ChartSource[];
  readonly #view: (typeof Heavy)["view"];
  readonly #views: View[];
  readonly #progress = new Map<string, Progress>();
  /** How many intervals came as one, of sources of which some did. */
  readonly #thinned = new Map<number, number>();
  readonly #stop = new AbortController();
  readonly #onChange: () => void;
  /** What can stop the runs, where that is possible. */
  readonly cancel: (() => Promise<void>) | undefined;
  /** How it ended. Rejects when a stream is lost. */
  readonly outcome: Promise<RunOutcome>;

  constructor(
    { view }: Pick<typeof Heavy, "view">,
    sources: readonly ChartSource[],
    finder: Pick<StreamFinder, "find">,
    onChange: () => void,
  ) {
    this.#sources = sources;
    this.#view = view;
    this.#views = sources.map((source) => view(source.view));
    this.#onChange = onChange;
    const streams = sources.map(({ run }) => finder.find(run));
    const cancels = streams.flatMap(({ cancel }) => cancel ?? []);
    this.cancel =
      cancels.length === 0 ? undefined : async () => void (await Promise.all(cancels.map((cancel) => cancel())));
    this.outcome = Promise.all(streams.map((stream, i) => this.#read(stream, i))).then(worst);
    // Whoever has gone away does not care how it ended.
    this.outcome.catch(() => {});
  }

  /** Rows of each source: those that have come, else those that were kept. */
  rows(): readonly (readonly Row[])[] {
    return this.#views.map((rows, i) => {
      const now = rows.rows();
      return now.length > 0 ? now : (this.#sources[i]?.rows ?? []);
    });
  }

  /** Undefined until a run has said how far it is. */
  get advance(): Advance | undefined {
    const all = [...this.#progress.values()];
    if (all.length === 0) return undefined;
    const left = all.flatMap(({ leftMs }) => leftMs ?? []);
    const sum = (pick: (progress: Progress) => number): number =>
      all.reduce((total, progress) => total + pick(progress), 0);
    return {
      done: sum(({ done }) => done),
      total: sum(({ total }) => total),
      ...(left.length === 0 ? {} : { leftMs: Math.max(...left) }),
    };
  }

  /** How many intervals of the series are shown as one, where the page could not keep up; undefined when all are shown. */
  get thinned(): number | undefined {
    return this.#thinned.size === 0 ? undefined : Math.max(...this.#thinned.values());
  }

  stop(): void {
    this.#stop.abort();
  }

  /** What came thinned is read once more, whole, when the run is over: so it is kept. */
  async #read(stream: ReturnType<StreamFinder["find"]>, i: number): Promise<RunOutcome> {
    let outcome = await this.#take(stream, i, this.#views[i] as View);
    while (this.#thinned.has(i) && !this.#stop.signal.aborted) {
      const whole = this.#view((this.#sources[i] as ChartSource).view);
      this.#thinned.delete(i);
      outcome = await this.#take(stream, i, whole);
      this.#views[i] = whole;
    }
    return outcome;
  }

  async #take(stream: ReturnType<StreamFinder["find"]>, i: number, rows: View): Promise<RunOutcome> {
    const run = this.#sources[i]?.run ?? "";
    const frames = stream.frames(this.#stop.signal, (news) => {
      this.#hear(news, run, i);
      this.#onChange();
    });
    let since = performance.now();
    for (;;) {
      const { done, value } = await frames.next();
      if (done === true) return value;
      if (rows.add(value).length > 0) this.#onChange();
      if (performance.now() - since < burstMs) continue;
      await new Promise((resolve) => setTimeout(resolve));
      since = performance.now();
    }
  }

  #hear(news: RunNews, run: string, i: number): void {
    if (news.type === "progress") this.#progress.set(run, news);
    else this.#thinned.set(i, Math.max(news.intervals, this.#thinned.get(i) ?? 0));
  }
}

function worst(outcomes: readonly RunOutcome[]): RunOutcome {
  const of = (state: ChartState): RunOutcome | undefined => outcomes.find((outcome) => outcome.state === state);
  return of("failed") ?? of("cancelled") ?? { state: "done" };
}
