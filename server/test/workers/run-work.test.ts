import assert from "node:assert/strict";
import { packMessage } from "@architech/protocol";
import { WorkerPool } from "architech/host";
import type { Bus } from "#src/bus/bus.js";
import { LocalBus } from "#src/bus/local/local-bus.js";
import { ClusterBus } from "#src/cluster/cluster-bus.js";
import { silentLog } from "#src/log.js";
import { Metrics } from "#src/metrics/metrics.js";
import { ChunkKeeper } from "#src/workers/chunk-keeper.js";
import { OpenRuns } from "#src/workers/open-runs.js";
import { RunEnds } from "#src/workers/run-ends.js";
import { RunWorks } from "#src/workers/run-work.js";
import { WorkerCounts } from "#src/workers/worker-counts.js";
import { freshFolder } from "../folders.js";
import { request } from "../runs/host.js";

describe("the work of a run on a worker", () => {
  const one = { first: 0, count: 1 };
  let bus: Bus;
  let pool: WorkerPool;
  let works: RunWorks;
  let keeper: ChunkKeeper;
  before(async () => {
    bus = await LocalBus.open({ folder: await freshFolder() });
    await bus.objects("requests").put(packMessage(request({ until: "1s", warmup: "0s" })), "request");
    await bus.objects("requests").put(packMessage(request({ until: "100h", every: "1h" })), "long");
    const counts = new WorkerCounts(new Metrics(), { threads: () => 1, inWork: () => 0 });
    keeper = new ChunkKeeper({
      objects: bus.objects("progress"),
      key: "run-1.0-1",
      everyMs: 20_000,
      log: silentLog,
      counts,
    });
  });
  after(() => bus.close());
  beforeEach(() => {
    pool = new WorkerPool({ workers: 1 });
    works = new RunWorks(bus.objects("requests"), pool);
  });
  afterEach(() => pool.close());

  it("does nothing more once its run is over, also what was not begun yet", async () => {
    const work = await works.of({ run: "run-1", request: "request" });
    await work.use(async () => {
      await works.close("run-1");
      assert.equal(await work.simulate(one, { keeper }), undefined);
    });
  });

  it("is stopped though nobody has told that its run is over", async () => {
    const ofRun = new ClusterBus(bus);
    const open = new OpenRuns(ofRun.records);
    const ends = new RunEnds({ bus: ofRun, log: silentLog, open, works, lookMs: 50 });
    ends.start();
    // Of the run there is no record any more.
    const work = await works.of({ run: "run-1", request: "long" });
    assert.equal(await work.simulate(one, { keeper }), undefined);
    ends.stop();
  });

  it("is not forgotten while something is to be done of it, however many others come meanwhile", async () => {
    const work = await works.of({ run: "run-1", request: "request" });
    await work.use(async () => {
      for (let i = 2; i < 20; i++) await works.of({ run: `run-${i}`, request: "request" });
      assert.equal((await work.simulate(one, { keeper }))?.tasks.length, 1);
    });
  });
});
