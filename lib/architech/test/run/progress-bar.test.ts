import assert from "node:assert/strict";
import type { Progress } from "@architech/protocol";
import type { RunEnd, Runs } from "#src/experiment/stream-source.js";
import { progressLine, withProgressBar } from "#src/run/progress-bar.js";
import { request } from "./workplace.js";

/** Runs whose progress and end are this test's to say. */
class Told implements Runs {
  listeners: ((progress: Progress) => void)[] = [];
  end: (end: RunEnd) => void = () => {};

  start(): ReturnType<Runs["start"]> {
    const ended = new Promise<RunEnd>((resolve) => (this.end = resolve));
    return {
      ended,
      source: { run: "run-12345", done: ended.then(({ state }) => state), async *frames() {} },
      cancel() {},
      onProgress: (listener) => {
        this.listeners.push(listener);
        return () => {};
      },
    };
  }
}

const progress: Progress = { type: "progress", done: 3.5, total: 12, leftMs: 61_000, events: 5 };

describe("the progress bar", () => {
  it("shows the share, the tasks and the time left", () => {
    assert.equal(
      progressLine("sweep", progress),
      "sweep ███████░░░░░░░░░░░░░░░░░ 29 % · 3 of 12 tasks · 1 min 1 s left",
    );
    assert.equal(
      progressLine("run", { type: "progress", done: 0, total: 1, events: 0 }),
      `run ${"░".repeat(24)} 0 % · 0 of 1 tasks`,
    );
  });

  it("is drawn on a terminal for work that takes a while, and wiped at the end", async () => {
    const written: string[] = [];
    const told = new Told();
    let now = 0;
    const terminal = { isTTY: true, columns: 40, write: (text: string) => written.push(text) };
    withProgressBar(
      told,
      () => terminal,
      () => now,
    ).start(request());
    told.listeners[0]?.(progress);
    assert.deepEqual(written, [], "nothing for the first moments");
    now = 1_000;
    told.listeners[0]?.(progress);
    assert.equal(written.length, 1);
    assert.match(written[0] ?? "", /^\rsweep █+/);
    assert.ok((written[0] ?? "").length < 48, "no wider than the terminal");
    told.end({ state: "done" });
    await new Promise(setImmediate);
    assert.equal(written[1], "\r\u001b[K");
  });

  it("is not drawn where standard error is no terminal", () => {
    const told = new Told();
    let now = 0;
    withProgressBar(
      told,
      () => ({ write: () => assert.fail() }),
      () => now,
    ).start(request());
    now = 1_000;
    told.listeners[0]?.(progress);
  });
});
