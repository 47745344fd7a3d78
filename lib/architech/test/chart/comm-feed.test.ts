import assert from "node:assert/strict";
import { commFeed } from "#src/chart/comm-feed.js";
import { SampleSweep } from "./sample.js";
import { StandInHost } from "./stand-in-host.js";

describe("commFeed()", () => {
  it("sends frames as buffers once a front end says that it is ready, and then how the run ended", async () => {
    const host = new StandInHost();
    const sweep = new SampleSweep("run-1").give(0, 0, 5);
    const feed = commFeed(host, sweep.source);
    const [comm] = host.comms;
    assert.ok(comm);
    assert.deepEqual(comm.opening, { run: "run-1" });
    assert.equal(feed.isRead, false);
    comm.say({ ready: true });
    await comm.count(2);
    assert.equal(feed.isRead, true);
    assert.deepEqual(
      comm.sent.map(({ data, buffers }) => [data, buffers.length]),
      [
        [{ frames: 1 }, 1],
        [{ frames: 2 }, 1],
      ],
    );
    sweep.end();
    await comm.count(3);
    assert.deepEqual(comm.sent[2]?.data, { end: "done" });
  });

  it("sends a run once, however many charts show it", () => {
    const host = new StandInHost();
    const sweep = new SampleSweep("run-1");
    assert.equal(commFeed(host, sweep.source), commFeed(host, sweep.source));
    assert.equal(host.comms.length, 1);
  });

  it("is not read when the front end knows nothing of charts and closes the comm", () => {
    const host = new StandInHost();
    const feed = commFeed(host, new SampleSweep("run-1").source);
    host.comms[0]?.leave();
    assert.equal(feed.isRead, false);
  });

  it("waits for a front end that does not keep up", async () => {
    const host = new StandInHost();
    const big = { byteLength: 600 << 10 } as Uint8Array;
    async function* frames(): AsyncGenerator<Uint8Array> {
      for (let i = 0; i < 5; i++) yield big;
    }
    commFeed(host, { run: "run-2", frames, done: Promise.resolve("done") });
    const [comm] = host.comms;
    assert.ok(comm);
    comm.say({ ready: true });
    await comm.count(2);
    await new Promise(setImmediate);
    assert.equal(comm.sent.length, 2);
    comm.say({ ack: 2 });
    await comm.count(4);
    await new Promise(setImmediate);
    assert.equal(comm.sent.length, 4);
  });
});
