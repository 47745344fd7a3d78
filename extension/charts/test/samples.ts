import type { ChartDocument } from "architech/core";
import type { RunOutcome, RunStream } from "#src/run-stream.js";

/** A chart as a notebook keeps it. */
export const chart: ChartDocument = {
  version: 1,
  spec: { marks: [{ mark: "lineY", source: 0, options: { x: "rps", y: "p99" } }], options: {} },
  sources: [
    {
      run: "run-1",
      view: { of: "summary", keys: ["rps"], metrics: ["api.latency.p99"], confidence: 0.95 },
      rows: [{ rps: 100, p99: 5 }],
    },
  ],
  state: "done",
};

/** The frames of a stream until it ends, and how it ended. */
export async function readAll(
  stream: RunStream,
  signal: AbortSignal = new AbortController().signal,
): Promise<{ frames: number[]; outcome: RunOutcome }> {
  const frames: number[] = [];
  const reading = stream.frames(signal, () => {});
  for (;;) {
    const { done, value } = await reading.next();
    if (done === true) return { frames, outcome: value };
    frames.push(value[0] ?? -1);
  }
}
