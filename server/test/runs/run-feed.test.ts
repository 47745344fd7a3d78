import assert from "node:assert/strict";
import { once } from "node:events";
import { readFrameHeader } from "@architech/protocol";
import type { RunHost } from "architech/host";
import { RunFeeds } from "#src/runs/run-feeds.js";
import { allBytes, RunsHost, request } from "./host.js";

const everything = 64 << 20;

describe("RunFeeds", function () {
  this.timeout(60_000);
  let host: RunsHost;
  let readings: number;
  let counted: RunHost;
  beforeEach(async () => {
    host = await RunsHost.start();
    readings = 0;
    const { service } = host;
    counted = new Proxy(service, {
      get(of, name) {
        if (name === "pieces") readings++;
        const value = Reflect.get(of, name) as unknown;
        return typeof value === "function" ? value.bind(of) : value;
      },
    });
  });
  afterEach(() => host.close());

  async function read(feeds: RunFeeds, id: string, offset = 0): Promise<Uint8Array[]> {
    return feeds.with(await host.service.info(id), async (feed) => {
      const frames: Uint8Array[] = [];
      for await (const some of feed.read(offset, new AbortController().signal)) frames.push(...some);
      return frames;
    });
  }

  it("read a run's log once for all of its readers, who get the same bytes in the same memory", async () => {
    const { id } = await host.client.start(request({ until: "5min" }));
    const feeds = new RunFeeds(counted, everything);
    const all = await Promise.all(Array.from({ length: 50 }, () => read(feeds, id)));
    assert.equal(readings, 1);
    assert.deepEqual(Buffer.concat(all[0]!), await allBytes(host.service.frames(id)));
    for (const frames of all) assert.ok(frames.every((frame, i) => frame === all[0]![i]));
    assert.equal(feeds.cachedBytes, 0, "nothing is kept of a run that nobody reads");
  });

  it("lead on who is behind what is kept by the log", async () => {
    const { id } = await host.client.start(request({ until: "10min" }));
    await host.service.ended(id);
    const feeds = new RunFeeds(counted, 1);
    const all = await Promise.all([0, 0, 0, 0].map((offset) => read(feeds, id, offset)));
    const whole = await allBytes(host.service.frames(id));
    for (const frames of all) assert.deepEqual(Buffer.concat(frames), whole);
    assert.equal(feeds.cachedBytes, 0);
  });

  it("give the openings of tables first to who begins in the middle, beside one that begins at 0", async () => {
    const { id } = await host.client.start(request({ until: "10min" }));
    await host.service.ended(id);
    const feeds = new RunFeeds(counted, everything);
    const [all, some, none] = await Promise.all([read(feeds, id), read(feeds, id, 50), read(feeds, id, 0xffff_ffff)]);
    assert.deepEqual(
      some.slice(0, 3).map((frame) => readFrameHeader(frame).seq),
      [0, 1, 50],
    );
    assert.deepEqual(Buffer.concat(some.slice(2)), Buffer.concat(all.slice(50)));
    assert.ok(none.every((frame) => frame.byteLength > 0 && all.some((one) => Buffer.compare(one, frame) === 0)));
  });

  it("leave nobody waiting who has gone, and nothing open behind the last", async () => {
    const { id } = await host.client.start(request({ until: "1000h", every: "1h" }));
    const feeds = new RunFeeds(counted, everything);
    const gone = new AbortController();
    const reading = feeds.with(await host.service.info(id), async (feed) => {
      for await (const _ of feed.read(0xffff_fffe, gone.signal)) void _;
    });
    setTimeout(() => gone.abort(), 20);
    await reading;
    await host.client.cancel(id);
    assert.equal((await host.client.get(id)).state, "cancelled");
  });

  it("do not take a run for another that had its name before", async () => {
    const id = "the-same-name";
    const info = await host.client.start({ ...request({ until: "20s" }), id });
    const feeds = new RunFeeds(host.service, everything);
    const before = await feeds.with(info, async (feed) => {
      const first = await feed.read(0, new AbortController().signal).next();
      await host.service.ended(id);
      await host.client.delete(id);
      await new Promise((resolve) => setTimeout(resolve, 2));
      await host.client.start({ ...request({ until: "20s", seed: 9 }), id });
      await host.service.ended(id);
      assert.notDeepEqual(Buffer.concat(await read(feeds, id)).length, 0);
      assert.deepEqual(Buffer.concat(await read(feeds, id)), await allBytes(host.service.frames(id)));
      return first.value?.length;
    });
    assert.ok(before! > 0);
  });

  it("tell all readers of the progress that is reported once", async () => {
    const { id } = await host.client.start(request({ until: "1000h", every: "1h" }));
    const sockets = Array.from({ length: 5 }, () => host.socket(id));
    for (const socket of sockets) {
      const [first] = (await once(socket, "message")) as [Buffer];
      assert.equal(first[0], 1);
    }
    await Promise.all(
      sockets.map(async (socket) => {
        for (;;) {
          const [data] = (await once(socket, "message")) as [Buffer];
          if (data.includes("progress")) return;
        }
      }),
    );
    for (const socket of sockets) socket.terminate();
    await host.client.cancel(id);
  });
});
