import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { type RunRequest, readFrameHeader } from "@architech/protocol";
import { findNatsServer, missing, startNats, stopNats, type TestNats } from "@architech/test-tools";
import type { RunHost } from "architech/host";
import { allBytes, request } from "../runs/host.js";
import { streamed, sweep } from "./cluster-contract.js";
import { OneBus, report, timed } from "./one-bus.js";
import { until } from "./processes.js";

describe("a cluster in which something fails", function () {
  this.timeout(120_000);
  let servers: TestNats[] = [];
  let count = 0;
  let cluster: OneBus;

  before(async function () {
    const program = findNatsServer();
    if (typeof program !== "string") missing(this, program.missing);
    servers = await startNats(program, 1);
  });
  after(() => stopNats(servers));
  beforeEach(() => void (cluster = new OneBus(servers[0]!.url, `faults${count++}`)));
  afterEach(() => cluster.close());

  /** Reads until a frame is there. */
  async function reached(host: RunHost, id: string, frame: number): Promise<void> {
    for await (const bytes of host.frames(id)) if (readFrameHeader(bytes).seq >= frame) return;
  }

  async function begun(host: RunHost, wanted: RunRequest, frame: number): Promise<string> {
    const { id } = await host.start(wanted);
    await reached(host, id, frame);
    return id;
  }

  describe("versions side by side", () => {
    it("do each their own runs, with the same bytes", async () => {
      const [old, young] = [await cluster.runs({ version: "old" }), await cluster.runs({ version: "new" })];
      const [first, second] = [sweep(40, { seed: 1 }), sweep(40, { seed: 2 })];
      await cluster.worker({ version: "new" });
      const { id: ofOld } = await old.start(first);
      const { id: ofYoung } = await young.start(second);
      assert.deepEqual(await allBytes(old.frames(ofYoung)), await streamed(second));
      assert.equal((await young.info(ofOld)).done, 0, "no worker of its version is there");
      await cluster.worker({ version: "old" });
      const [seconds, bytes] = await timed(() => allBytes(young.frames(ofOld)));
      assert.deepEqual(bytes, await streamed(first));
      report(`40 tasks of the old version done ${seconds} s after a worker of it came, beside one of the new`);
    });

    it("hand a run only to a service of its own", async () => {
      const old = await cluster.runs({ version: "old" });
      await cluster.worker({ version: "old" });
      const wanted = sweep(200);
      const id = await begun(old, wanted, 40);
      const [young, otherOld] = [await cluster.runs({ version: "new" }), await cluster.runs({ version: "old" })];
      await old.close();
      assert.deepEqual(await allBytes(young.frames(id)), await streamed(wanted));
      await otherOld.ended(id);
    });

    it("a run whose version is gone is begun anew, or ends with what to do once some of it was done", async () => {
      const old = await cluster.runs({ version: "old", maxRunning: 1 });
      const worker = await cluster.worker({ version: "old" });
      const id = await begun(old, sweep(200, { seed: 3 }), 10);
      const { id: waiting } = await old.start(sweep(20, { seed: 4 }));
      await old.close();
      await worker.drain();
      const young = await cluster.runs({ version: "new", foreignMs: 1_000 });
      await cluster.worker({ version: "new" });
      const { state, error } = await young.ended(id);
      assert.deepEqual([state, error?.code], ["failed", "run-interrupted"]);
      assert.match(error!.message, /begun by version old, and this is new: start it again/);
      assert.deepEqual(await allBytes(young.frames(waiting)), await streamed(sweep(20, { seed: 4 })));
    });
  });

  describe("a network", () => {
    it("that parts the service which leads a run from the bus: another leads on, and the first notices", async () => {
      const link = await cluster.link();
      const parted = await cluster.runs({}, link.url);
      await cluster.worker();
      const wanted = sweep(400);
      const id = await begun(parted, wanted, 50);
      const other = await cluster.runs();
      await reached(other, id, 50);
      link.cut("up", "down");
      // While the lease runs out there is nothing to do.
      const reference = streamed(wanted);
      const [seconds, bytes] = await timed(() => allBytes(other.frames(id)));
      const expected = await reference;
      assert.deepEqual(bytes, expected);
      link.heal();
      const [noticed] = await timed(() =>
        until(() => parted.warnings.count(/is left to another service/) === 1, "it notices"),
      );
      report(`cut off in mid-run: all there ${seconds} s later; it notices ${noticed} s after it is back`);
      assert.deepEqual(await allBytes(parted.frames(id)), expected);
      const next = await parted.start(request());
      assert.equal((await parted.ended(next.id)).state, "done");
    });

    it("that is cut one way: what a worker has taken is done by another", async () => {
      const link = await cluster.link();
      const host = await cluster.runs();
      await cluster.worker({}, link.url);
      await cluster.worker();
      const wanted = sweep(400);
      const id = await begun(host, wanted, 50);
      link.cut("up");
      const [seconds, bytes] = await timed(() => allBytes(host.frames(id)));
      assert.deepEqual(bytes, await streamed(wanted));
      link.heal();
      report(`a worker whose words do not arrive: all there ${seconds} s later`);
    });

    it("that is slow, 100 ms each way and 1 MB a second", async () => {
      const link = await cluster.link();
      link.latencyMs = 100;
      link.bytesPerSecond = 1e6;
      const host = await cluster.runs({}, link.url);
      await cluster.worker({}, link.url);
      const wanted = sweep(30);
      const [seconds, bytes] = await timed(async () => allBytes(host.frames((await host.start(wanted)).id)));
      assert.deepEqual(bytes, await streamed(wanted));
      report(`60 tasks took ${seconds} s`);
      assert.deepEqual(host.warnings.lines, []);
    });

    it("that breaks off for a moment, again and again", async () => {
      const link = await cluster.link();
      const host = await cluster.runs({}, link.url);
      await cluster.worker({}, link.url);
      const wanted = sweep(200);
      const { id } = await host.start(wanted);
      const read = allBytes(host.frames(id));
      for (let i = 0; i < 4; i++) {
        await sleep(400);
        link.drop();
      }
      assert.deepEqual(await read, await streamed(wanted));
    });
  });
});
