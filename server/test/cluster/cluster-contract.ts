import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pause, type RunRequest, readFrameHeader } from "@architech/protocol";
import { type RunHost, RunService } from "architech/host";
import type { Bus } from "#src/bus/bus.js";
import { ClusterBus } from "#src/cluster/cluster-bus.js";
import { ClusterRuns } from "#src/cluster/cluster-runs.js";
import { silentLog } from "#src/log.js";
import { ClusterWorker } from "#src/workers/cluster-worker.js";
import { allBytes, request } from "../runs/host.js";
import { until } from "./processes.js";

/** A bus for one test, to which each service connects by itself. */
export interface TestBus {
  connect(): Promise<Bus>;
  close(): Promise<void>;
}

/** Services of runs and workers on one bus, all in this process, each with its own connection. */
class TestCluster {
  readonly #bus: TestBus;
  readonly #closing: (() => Promise<void>)[] = [];

  constructor(bus: TestBus) {
    this.#bus = bus;
  }

  async runs(options: { readonly maxRunning?: number } = {}): Promise<ClusterRuns> {
    const bus = await this.#bus.connect();
    const runs = await ClusterRuns.open({ bus, log: silentLog, ...options });
    this.#closing.push(() => runs.close());
    return runs;
  }

  async worker(workers = 1): Promise<ClusterWorker> {
    const bus = await this.#bus.connect();
    const worker = new ClusterWorker({ bus, log: silentLog, workers });
    await worker.start();
    this.#closing.push(() => worker.drain());
    return worker;
  }

  connect(): Promise<Bus> {
    return this.#bus.connect();
  }

  async close(): Promise<void> {
    for (const close of this.#closing.splice(0).reverse()) await close();
    await this.#bus.close();
  }
}

const known = new Map<string, Promise<Buffer>>();

/** What a service in one process streams of a request; several tests ask it of the same one. */
export function streamed(wanted: RunRequest): Promise<Buffer> {
  const key = JSON.stringify(wanted);
  const stream = known.get(key) ?? streamedHere(wanted);
  known.set(key, stream);
  return stream;
}

async function streamedHere(wanted: RunRequest): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), "architech-test-"));
  const service = await RunService.open({ folder, workers: 2 });
  const { id } = await service.start(wanted);
  const bytes = await allBytes(service.frames(id));
  await service.close();
  await rm(folder, { recursive: true });
  return bytes;
}

/** A sweep of many small tasks. */
export function sweep(points: number, options: Partial<RunRequest["options"]> = {}): RunRequest {
  const { model, ...rest } = request({ runs: 2, until: "4s", warmup: "1s", every: "1s", series: false, ...options });
  return {
    ...rest,
    kind: "sweep",
    model,
    points: Array.from({ length: points }, (_, i) => ({ key: { i }, change: { api: { threads: 1 + (i % 5) } } })),
  };
}

async function states(runs: RunHost, id: string): Promise<string> {
  return (await runs.info(id)).state;
}

/** What runs do in a cluster, whatever its bus. */
export function clusterContract(what: string, makeBus: () => Promise<TestBus>): void {
  describe(`runs in a cluster, on ${what}`, function () {
    this.timeout(120_000);
    let cluster: TestCluster;
    beforeEach(async () => {
      cluster = new TestCluster(await makeBus());
    });
    afterEach(() => cluster.close());

    it("give the bytes that one process gives, whichever service is asked", async () => {
      const [one, other] = [await cluster.runs(), await cluster.runs()];
      await cluster.worker(2);
      const { id } = await one.start(request());
      const [bytes, same] = await Promise.all([allBytes(one.frames(id)), allBytes(other.frames(id))]);
      assert.deepEqual(bytes, await streamed(request()));
      assert.deepEqual(same, bytes);
      assert.deepEqual(await other.ended(id), await one.ended(id));
      assert.equal((await other.info(id)).done, 3);
    });

    it("share their tasks among workers, in chunks", async () => {
      const runs = await cluster.runs();
      await cluster.worker();
      await cluster.worker();
      const { id } = await runs.start(sweep(300));
      assert.deepEqual(await allBytes(runs.frames(id)), await streamed(sweep(300)));
    });

    it("are read from any frame on, the schemas first", async () => {
      const runs = await cluster.runs();
      await cluster.worker(2);
      const { id } = await runs.start(request({ until: "10min" }));
      await runs.ended(id);
      const all = await allBytes(runs.frames(id));
      for (const offset of [1, 2, 77, 150]) {
        const seqs: number[] = [];
        for await (const frame of runs.frames(id, offset)) seqs.push(readFrameHeader(frame).seq);
        const begin = seqs.indexOf(offset);
        assert.deepEqual(seqs.slice(0, begin), [0, 1].slice(0, begin), `from ${offset}`);
        assert.ok(seqs.length > 0 && begin <= 2);
      }
      assert.ok(all.byteLength > 0);
    });

    it("are left to another service by one that closes, whatever it is doing", async () => {
      const ids: string[] = [];
      for (const ms of [0, 1, 2, 4, 8, 16]) {
        const closing = await cluster.runs();
        ids.push((await closing.start(request({ seed: ms }))).id);
        await pause(ms);
        await closing.close();
      }
      const other = await cluster.runs();
      await cluster.worker(2);
      for (const id of ids) assert.equal((await other.ended(id)).state, "done");
    });

    it("wait for a worker, and for a service", async () => {
      const first = await cluster.runs();
      const { id } = await first.start(request());
      await new Promise((resolve) => setTimeout(resolve, 300));
      assert.notEqual(await states(first, id), "done");
      await first.close();
      const second = await cluster.runs();
      await cluster.worker(2);
      assert.equal((await second.ended(id)).state, "done");
      assert.deepEqual(await allBytes(second.frames(id)), await streamed(request()));
    });

    it("go on in another service where one leaves them in the middle", async () => {
      const [one, other] = [await cluster.runs(), await cluster.runs({ maxRunning: 1 })];
      await cluster.worker(2);
      const wanted = sweep(600);
      const { id } = await one.start(wanted);
      for await (const frame of other.frames(id)) if (readFrameHeader(frame).seq > 50) break;
      await one.close();
      assert.deepEqual(await allBytes(other.frames(id)), await streamed(wanted));
    });

    it("of one user get together as much as one of another, and what somebody waits for goes before", async () => {
      const runs = await cluster.runs({ maxRunning: 4 });
      const started = (user: string, count: number, points: number): Promise<readonly string[]> =>
        Promise.all(
          Array.from({ length: count }, async (_, i) => {
            const { id } = await runs.start(sweep(points, { cache: false, seed: 100 + i, until: "20s" }), { user });
            return id;
          }),
        );
      const many = new Set(await started("many", 8, 200));
      const [one] = await started("one", 1, 60);
      const [small] = await started("many", 1, 3);
      const order: string[] = [];
      const stopped = new AbortController();
      const results = new ClusterBus(await cluster.connect()).results.watch("", stopped.signal);
      const heard = (async () => {
        for await (const { key, value } of results) if (value !== undefined) order.push(key.split(".")[0]!);
      })();
      await cluster.worker();
      await Promise.all([runs.ended(one!), runs.ended(small!)]);
      stopped.abort();
      await heard;
      const ofOne = order.slice(order.indexOf(one!), order.lastIndexOf(one!) + 1);
      const counts = [ofOne.filter((id) => id === one).length, ofOne.filter((id) => many.has(id)).length];
      // Each has half of the places in the queue; what one of them has not filled yet the other gets.
      assert.ok(counts[1]! <= 1.5 * counts[0]! + 4, `${counts[1]} chunks of eight runs while ${counts[0]} of one`);
      assert.ok(order.lastIndexOf(small!) < order.lastIndexOf(one!), "a few tasks are done before many");
      for (const id of many) await runs.cancel(id);
    });

    it("for which somebody waits are taken by a worker that has its hands full with others", async () => {
      const runs = await cluster.runs();
      await cluster.worker();
      const { tasks } = new ClusterBus(await cluster.connect());
      const endless = { until: "1000h", every: "10h" };
      const batch = await runs.start(request({ ...endless, runs: 40 }));
      // One is simulated, and the next one waits for it here.
      await until(async () => (await tasks.depth())["batch"]!.taken === 2, "it has its hands full");
      const waited = await runs.start(request({ ...endless, runs: 1 }));
      await until(async () => (await tasks.depth())["interactive"]!.taken === 1, "it has taken the other");
      assert.equal((await tasks.depth())["batch"]!.taken, 2);
      for (const { id } of [batch, waited]) await runs.cancel(id);
    });

    it("are cancelled by any service", async () => {
      const [one, other] = [await cluster.runs(), await cluster.runs()];
      await cluster.worker();
      const { id } = await one.start(request({ until: "1000h", every: "10h" }));
      for await (const _ of other.frames(id)) break;
      assert.equal((await other.cancel(id)).state, "cancelled");
      assert.equal((await one.ended(id)).state, "cancelled");
      // The worker has been told: it works on the next one.
      const next = await one.start(request());
      assert.equal((await one.ended(next.id)).state, "done");
    });

    it("are found again by what they were asked, and deleted with their rows", async () => {
      const runs = await cluster.runs();
      await cluster.worker(2);
      const { id } = await runs.start(request());
      await runs.ended(id);
      const again = await runs.start(request());
      assert.equal(again.cached, true);
      await runs.delete(id);
      await assert.rejects(runs.info(id), { code: "run-not-found" });
      assert.deepEqual(await allBytes(runs.frames(again.id)), await streamed(request()));
      await runs.delete(again.id);
      await assert.rejects(allBytes(runs.frames(again.id)), { code: "run-not-found" });
    });

    it("tell how far they are, to who asks any service", async () => {
      const [one, other] = [await cluster.runs(), await cluster.runs()];
      await cluster.worker();
      const { id } = await one.start(request({ until: "100h", every: "1h" }));
      const done = await new Promise<number>((resolve) => {
        const stop = other.onProgress(id, ({ total, events }) => {
          stop();
          resolve(total + Math.min(0, events));
        });
      });
      assert.equal(done, 3);
      await other.cancel(id);
    });

    it("refuse what one process refuses", async () => {
      const runs = await cluster.runs();
      await assert.rejects(runs.start({ version: 2 }), { code: "bad-run-request" });
      await assert.rejects(runs.info("no-such-run"), { code: "run-not-found" });
      const id = "the-same-id";
      await runs.start({ ...request(), id });
      assert.equal((await runs.start({ ...request(), id })).id, id);
      await assert.rejects(runs.start({ ...request({ seed: 9 }), id }), { code: "run-exists" });
    });

    it("keep their request when another one of the same id is refused", async () => {
      const runs = await cluster.runs();
      const id = "asked-twice";
      // So many tasks that it does not come along with them.
      const wanted = sweep(40, { until: "20s" });
      await runs.start({ ...wanted, id });
      await assert.rejects(runs.start({ ...sweep(40, { until: "20s", seed: 9 }), id }), { code: "run-exists" });
      await assert.rejects(runs.start({ ...wanted, id }, { user: "somebody-else" }), { code: "run-exists" });
      await cluster.worker();
      assert.deepEqual(await allBytes(runs.frames(id)), await streamed(wanted));
    });

    it("may have the id of one that was deleted a moment ago", async () => {
      const runs = await cluster.runs();
      await cluster.worker(2);
      const id = "one-after-another";
      for (const seed of [5, 9]) {
        await runs.start({ ...request({ seed }), id });
        assert.deepEqual(await allBytes(runs.frames(id)), await streamed(request({ seed })));
        await runs.delete(id);
      }
    });

    it("have their own rows where one of their id was deleted whose tasks wait still", async () => {
      const [one, other] = [await cluster.runs(), await cluster.runs()];
      const id = "one-after-another";
      await one.start({ ...request(), id });
      const { tasks } = new ClusterBus(await cluster.connect());
      await until(async () => (await tasks.depth())["interactive"]!.waiting > 0, "its tasks wait");
      await one.delete(id);
      await one.close();
      await other.start({ ...request({ seed: 9 }), id }, { user: "somebody-else" });
      await until(async () => (await states(other, id)) === "running", "the second is led");
      await cluster.worker();
      assert.deepEqual(await allBytes(other.frames(id)), await streamed(request({ seed: 9 })));
    });

    it("that wait are led after their own request when another one of the same id was refused", async () => {
      const runs = await cluster.runs({ maxRunning: 1 });
      const before = await runs.start(request({ until: "1000h", every: "10h" }));
      const id = "waits-its-turn";
      assert.equal((await runs.start({ ...request(), id })).state, "queued");
      const other = { ...request({ seed: 9 }), id };
      await assert.rejects(runs.start(other, { user: "somebody-else" }), { code: "run-exists" });
      await cluster.worker();
      await runs.cancel(before.id);
      assert.deepEqual(await allBytes(runs.frames(id)), await streamed(request()));
    });

    it("refuse what only the process of a GPU can do", async () => {
      const runs = await cluster.runs();
      const wanted = request({ method: "recursion", device: "gpu", series: false });
      await assert.rejects(runs.start(wanted), { code: "gpu-unavailable", path: ["options", "device"] });
      assert.deepEqual(await runs.list(), []);
    });

    it("replicate until the interval is narrow enough, as one process does", async () => {
      const wanted = request({ halfWidth: "8%", metric: "api.latency.mean", runs: 60, until: "30s", series: false });
      const runs = await cluster.runs();
      await cluster.worker(2);
      const { id } = await runs.start(wanted);
      assert.deepEqual(await allBytes(runs.frames(id)), await streamed(wanted));
    });
  });
}
