import assert from "node:assert/strict";
import type { Progress } from "@architech/protocol";
import type { Row, View } from "architech/core";
import { LiveRows } from "#src/live-rows.js";
import type { RunOutcome, RunStream } from "#src/run-stream.js";
import { chart } from "./samples.js";

const [source] = chart.sources as [(typeof chart.sources)[number]];

/** A view with a row for each frame. */
const view = (): View => {
  const rows: Row[] = [];
  return {
    add(frame) {
      const row = { n: frame[0] ?? 0 };
      rows.push(row);
      return [row];
    },
    rows: () => rows,
  };
};

/** A stream of some frames and reports that then ends. */
function stream(frames: number[], outcome: RunOutcome, progress?: Progress): RunStream & { cancelled: number } {
  const made = {
    cancelled: 0,
    async *frames(_signal: AbortSignal, onProgress: (progress: Progress) => void) {
      if (progress !== undefined) onProgress(progress);
      for (const frame of frames) yield Uint8Array.of(frame);
      return outcome;
    },
    cancel: async () => {
      made.cancelled += 1;
    },
  };
  return made;
}

const progress = (done: number, leftMs?: number): Progress =>
  ({
    type: "progress",
    done,
    total: 10,
    elapsedMs: 1,
    ...(leftMs === undefined ? {} : { leftMs }),
  }) as unknown as Progress;

function live(streams: Record<string, RunStream>, onChange: () => void = () => {}): LiveRows {
  const sources = Object.keys(streams).map((run) => ({ ...source, run }));
  return new LiveRows({ view }, sources, { find: (run) => streams[run] as RunStream }, onChange);
}

describe("LiveRows", () => {
  it("shows the rows that were kept until the first new one has come", async () => {
    const rows = live({ a: stream([5, 6], { state: "done" }) });
    assert.deepEqual(rows.rows(), [source.rows]);
    assert.deepEqual(await rows.outcome, { state: "done" });
    assert.deepEqual(rows.rows(), [[{ n: 5 }, { n: 6 }]]);
  });

  it("tells of each change", async () => {
    let changes = 0;
    const rows = live({ a: stream([1, 2], { state: "done" }, progress(1)) }, () => (changes += 1));
    await rows.outcome;
    assert.equal(changes, 3);
  });

  it("adds up how far its runs are, and waits for the slowest", async () => {
    const done: RunOutcome = { state: "done" };
    const rows = live({ a: stream([], done, progress(2, 500)), b: stream([], done, progress(3, 9_000)) });
    await rows.outcome;
    assert.deepEqual(rows.advance, { done: 5, total: 20, leftMs: 9_000 });
  });

  it("knows nothing of that until a run has said it", async () => {
    const rows = live({ a: stream([1], { state: "done" }) });
    await rows.outcome;
    assert.equal(rows.advance, undefined);
  });

  it("has failed when any run has, else is cancelled when any was", async () => {
    const failed: RunOutcome = { state: "failed", error: { code: "internal", message: "no" } };
    const [done, cancelled]: RunOutcome[] = [{ state: "done" }, { state: "cancelled" }];
    const of = (outcomes: RunOutcome[]): Promise<RunOutcome> =>
      live(Object.fromEntries(outcomes.map((outcome, i) => [String(i), stream([], outcome)]))).outcome;
    assert.deepEqual(await of([done as RunOutcome, cancelled as RunOutcome, failed]), failed);
    assert.deepEqual(await of([done as RunOutcome, cancelled as RunOutcome]), cancelled);
  });

  it("cancels every run", async () => {
    const [a, b] = [stream([], { state: "done" }), stream([], { state: "done" })];
    await live({ a, b }).cancel?.();
    assert.deepEqual([a.cancelled, b.cancelled], [1, 1]);
  });

  it("offers no way to cancel what cannot be", () => {
    const { frames } = stream([], { state: "done" });
    assert.equal(live({ a: { frames } }).cancel, undefined);
  });

  it("reads what came thinned once more when the run is over, and keeps that", async () => {
    let reads = 0;
    let shown: unknown;
    const thinning: RunStream = {
      async *frames(_signal, onNews) {
        reads++;
        if (reads === 1) {
          onNews({ type: "thinned", from: 1, to: 11, intervals: 10 });
          yield Uint8Array.of(1);
          shown = [rows.thinned, rows.rows()];
          return { state: "done" };
        }
        for (const n of [1, 2, 3]) yield Uint8Array.of(n);
        return { state: "done" };
      },
    };
    const rows = live({ a: thinning });
    assert.deepEqual(await rows.outcome, { state: "done" });
    assert.deepEqual(shown, [10, [[{ n: 1 }]]]);
    assert.equal(reads, 2);
    assert.equal(rows.thinned, undefined);
    assert.deepEqual(rows.rows(), [[{ n: 1 }, { n: 2 }, { n: 3 }]]);
  });

  it("rejects when a stream is lost", async () => {
    const lost: RunStream = {
      // biome-ignore lint/correctness/useYield: it fails before it has anything to give
      async *frames() {
        throw new Error("gone");
      },
    };
    await assert.rejects(live({ a: lost }).outcome, /gone/);
  });
});
