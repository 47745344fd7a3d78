import assert from "node:assert/strict";
import { type Plan, planRun } from "architech/host";
import type { Bus, Objects } from "#src/bus/bus.js";
import { LocalBus } from "#src/bus/local/local-bus.js";
import { unpackProgress } from "#src/cluster/chunk-progress.js";
import { packResult, type TaskItem, type TaskOutcome } from "#src/cluster/chunk-result.js";
import type { Log } from "#src/log.js";
import { Metrics } from "#src/metrics/metrics.js";
import { ChunkKeeper, type ChunkKeeperOptions } from "#src/workers/chunk-keeper.js";
import { ChunkWork } from "#src/workers/chunk-work.js";
import { WorkerCounts } from "#src/workers/worker-counts.js";
import { until } from "../cluster/processes.js";
import { freshFolder } from "../folders.js";
import { request } from "../runs/host.js";

const key = "run-1.0-3";
const outcome: TaskOutcome = {
  items: [
    { type: "batch", table: "summary", bytes: Uint8Array.of(1, 2, 3) },
    { type: "log", rows: [{ point: 0, replication: 0, code: "node-saturated", node: "api", message: "much" }] },
  ],
  end: { events: 5, value: Number.NaN, clocked: false },
};

describe("how far a chunk is", () => {
  let bus: Bus;
  let objects: Objects;
  let plan: Plan;
  let metrics: Metrics;
  const warnings: string[] = [];
  const log: Log = { info() {}, warn: (message) => void warnings.push(message), error() {} };
  before(async () => {
    bus = await LocalBus.open({ folder: await freshFolder() });
    plan = await planRun(request());
  });
  after(() => bus.close());
  beforeEach(() => {
    objects = bus.objects("progress");
    metrics = new Metrics();
    warnings.length = 0;
  });

  function keeper(options: Partial<ChunkKeeperOptions> = {}): ChunkKeeper {
    const counts = new WorkerCounts(metrics, { threads: () => 1, inWork: () => 0 });
    return new ChunkKeeper({ objects, key, everyMs: 0, log, counts, ...options });
  }

  /** A keeper in another worker, of what is on the bus. */
  async function next(): Promise<ChunkKeeper> {
    metrics = new Metrics();
    const other = keeper();
    await other.load();
    return other;
  }

  /** Resolves when so many tasks that have begun, and have ended, are kept. */
  async function kept(begun: number, done: number): Promise<void> {
    await until(async () => {
      const bytes = await objects.get(key);
      const progress = bytes && unpackProgress(bytes);
      return progress?.begun.size === begun && progress.done.size === done;
    }, "it is kept");
  }

  /** As the bus would have it: bytes are bytes, whatever they are in. */
  function packed(...tasks: TaskOutcome[]): Uint8Array {
    return packResult({ busyMs: 0, tasks });
  }

  it("is what another worker goes on from: tasks that ended are not given out again, those that began go on", async () => {
    const one = keeper();
    one.reached(1, outcome.items, Uint8Array.of(7));
    one.ended(0, outcome);
    await kept(1, 1);
    const other = await next();
    const work = new ChunkWork(plan, { first: 0, count: 3 }, { threads: 1, keeper: other });
    const jobs = [work.next(), work.next(), work.next()];
    assert.deepEqual(
      jobs.map((job) => job?.task.number),
      [1, 2, undefined],
    );
    assert.deepEqual([...jobs[0]!.from!], [7]);
    assert.equal(jobs[1]!.from, undefined);
    const end = { events: 9, value: 1, clocked: false };
    jobs[0]!.batch("summary", Uint8Array.of(4));
    for (const job of jobs) job?.end(end);
    const outcomes = await work.done;
    const more: TaskItem = { type: "batch", table: "summary", bytes: Uint8Array.of(4) };
    assert.deepEqual(packed(...outcomes!.slice(0, 2)), packed(outcome, { items: [...outcome.items, more], end }));
    assert.match(await metrics.text(), /architech_tasks_resumed_total 1/);
    await other.end();
    assert.equal(await objects.has(key), false);
  });

  it("forgets what a task gave when its checkpoint is refused", async () => {
    const one = keeper();
    one.reached(0, outcome.items, Uint8Array.of(7));
    await kept(1, 0);
    const other = await next();
    const work = new ChunkWork(plan, { first: 0, count: 1 }, { threads: 1, keeper: other });
    const job = work.next()!;
    job.refused!("this checkpoint is damaged: the task begins anew");
    job.end({ events: 1, value: 1, clocked: false });
    assert.deepEqual((await work.done)![0]!.items, []);
    assert.match(warnings.join(), /task 0 of chunk run-1\.0-3: this checkpoint is damaged/);
    assert.match(await metrics.text(), /architech_checkpoints_refused_total 1/);
    await other.end();
  });

  it("is not kept where it is too large, which is said once and counted", async () => {
    const one = keeper({ mostBytes: 1000 });
    for (let i = 1; i <= 2; i++) {
      one.reached(0, [], new Uint8Array(2000));
      const counted = `architech_checkpoints_too_large_total ${i}`;
      await until(async () => (await metrics.text()).includes(counted), counted);
    }
    assert.equal(warnings.length, 1);
    assert.match(warnings[0]!, /more than 1000: they are not kept/);
    assert.equal(await objects.has(key), false);
  });

  it("begins anew where it cannot be read", async () => {
    await objects.put(Uint8Array.of(9, 9, 9), key);
    const other = await next();
    assert.equal(other.begun.size + other.done.size, 0);
    assert.match(warnings[0]!, /chunk run-1\.0-3 begins anew/);
    await other.end();
    assert.equal(await objects.has(key), false);
  });
});
