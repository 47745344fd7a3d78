import { encodeFrame, frameFlags, tableNumbers } from "@architech/protocol";
import type { LiveRows } from "#src/experiment/live-rows.js";
import type { FinalState } from "#src/experiment/stream-source.js";
import { SummaryTable } from "#src/experiment/stream-tables.js";
import { tableOpening } from "#src/experiment/table-opening.js";
import { view } from "#src/experiment/view.js";
import { noHistogram } from "#src/simulation/histogram-rows.js";

/** What the sample sweeps over. */
const loads: readonly number[] = [100, 200, 400];

/** A row of the sample. */
export interface SampleRow {
  readonly rps: number;
  readonly connections: number;
  readonly "api.latency.p99": number;
  readonly "api.latency.p99.low": number;
  readonly "api.latency.p99.high": number;
  readonly runs: number;
}

/** A sweep whose frames come when the test says so. */
export class SampleSweep implements LiveRows<SampleRow> {
  readonly view = {
    of: "summary",
    keys: ["rps", "connections"],
    metrics: ["api.latency.p99", "orders.util"],
    confidence: 0.95,
  } as const;
  readonly #frames: Uint8Array[] = [];
  readonly #table = new SummaryTable({
    keys: [10, 20].flatMap((connections) => loads.map((rps) => ({ rps, connections }))),
    metrics: [
      { name: "api.latency.p99", unit: "ms" },
      { name: "orders.util", unit: "1" },
    ],
    nodes: ["api", "orders", "traffic"],
    everySeconds: 1,
  });
  #wake: (() => void)[] = [];
  #end: (state: FinalState) => void = () => {};
  #state: FinalState | undefined;
  readonly source: LiveRows["source"];

  constructor(run: string, server?: { url: string }) {
    const done = new Promise<FinalState>((resolve) => {
      this.#end = resolve;
    });
    this.source = { run, done, ...(server ? { server } : {}), frames: () => this.#read() };
    this.#add(tableOpening(this.#table), frameFlags.schema);
  }

  /** Adds the row of one finished task. */
  give(point: number, replication: number, p99: number): this {
    const result = {
      summary: Float64Array.of(p99, 0.5),
      value: (metric: number) => [p99, 0.5][metric]!,
      events: 1,
      inside: 0,
      warmupMs: 0,
      reachedMs: 1,
      saturated: [],
      histogram: noHistogram,
    };
    this.#add(this.#table.row({ point, replication }, result), 0);
    return this;
  }

  end(state: FinalState = "done"): this {
    this.#state = state;
    this.#end(state);
    this.#awake();
    return this;
  }

  async rows(): Promise<readonly SampleRow[]> {
    const all = view(this.view);
    for await (const frame of this.source.frames()) all.add(frame);
    return all.rows() as unknown as readonly SampleRow[];
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<SampleRow> {
    yield* await this.rows();
  }

  #add(body: Uint8Array, flags: number): void {
    this.#frames.push(encodeFrame({ table: tableNumbers.summary, flags, seq: this.#frames.length }, body));
    this.#awake();
  }

  #awake(): void {
    for (const wake of this.#wake.splice(0)) wake();
  }

  async *#read(): AsyncGenerator<Uint8Array> {
    for (let next = 0; ; ) {
      const frame = this.#frames[next];
      if (frame !== undefined) {
        next++;
        yield frame;
      } else if (this.#state !== undefined) return;
      else await new Promise<void>((resolve) => this.#wake.push(resolve));
    }
  }
}

/** A sweep that is over. */
export function finishedSweep(run = "run-1"): SampleSweep {
  const sweep = new SampleSweep(run);
  for (const replication of [0, 1])
    for (let point = 0; point < 6; point++) sweep.give(point, replication, 10 + point * 7 + replication);
  return sweep.end();
}
