import assert from "node:assert/strict";
import { ReceivedRun } from "#src/received-run.js";
import { readAll } from "./samples.js";

const frame = (n: number): Uint8Array => Uint8Array.of(n);

describe("ReceivedRun", () => {
  it("gives each reader every frame from the first on, and how the run ended", async () => {
    const run = new ReceivedRun();
    run.add(frame(1));
    const early = readAll(run);
    run.add(frame(2));
    run.end({ state: "done" });
    const whole = { frames: [1, 2], outcome: { state: "done" } };
    assert.deepEqual(await early, whole);
    assert.deepEqual(await readAll(run), whole);
  });

  it("lets a reader wait until there is more", async () => {
    const run = new ReceivedRun();
    const reading = run.frames(new AbortController().signal);
    const next = reading.next();
    run.add(frame(7));
    assert.deepEqual(await next, { done: false, value: frame(7) });
  });

  it("is lost when the kernel goes before the end, after the frames that had come", async () => {
    const run = new ReceivedRun();
    run.add(frame(1));
    run.lose();
    const reading = run.frames(new AbortController().signal);
    assert.equal((await reading.next()).done, false);
    await assert.rejects(reading.next(), { code: "server-unreachable" });
  });

  it("is not lost when the kernel goes after the end", async () => {
    const run = new ReceivedRun();
    run.end({ state: "cancelled" });
    run.lose();
    assert.deepEqual((await readAll(run)).outcome, { state: "cancelled" });
  });

  it("does not fill the memory of the page", async () => {
    const run = new ReceivedRun();
    const large = new Uint8Array(16 << 20);
    for (let i = 0; i < 5; i++) run.add(large);
    await assert.rejects(readAll(run), { code: "message-too-large" });
  });

  it("lets a reader go that has been told to stop", async () => {
    const stop = new AbortController();
    const reading = readAll(new ReceivedRun(), stop.signal);
    stop.abort();
    assert.deepEqual(await reading, { frames: [], outcome: { state: "cancelled" } });
  });
});
