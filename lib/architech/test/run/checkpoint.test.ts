import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { joinWithHead, splitWithHead } from "@architech/protocol";
import type { ModelDocument } from "#src/model/document.js";
import { packCheckpoint, unpackCheckpoint } from "#src/run/checkpoint.js";
import type { Job } from "#src/run/job.js";
import { type Plan, type PlannedTask, plannedTask, planRun } from "#src/run/plan.js";
import { type RowsCheckpoint, RunTables, type TaskEnd, taskRows } from "#src/run/task-rows.js";
import { type PoolOptions, WorkerPool } from "#src/run/worker-pool.js";
import { simulate } from "#src/simulation/simulate.js";
import { twoZones } from "../parts/two-zones.js";
import { request } from "./workplace.js";

/** A service that many wait for, so that there is something in memory. */
const busy: ModelDocument = {
  architech: 1,
  nodes: {
    api: {
      kind: "service",
      threads: 4,
      scale: { by: "hpa", min: 1, max: 6, target: { cpu: 0.7 }, sync: "5s", startup: "3s" },
      ops: { get: [{ do: "cpu", time: { dist: "exponential", mean: "8ms" } }] },
    },
  },
  traffic: { to: "api", rate: "900rps", mix: { get: 1 } },
} as ModelDocument;

/** What a task gives, and each of its checkpoints with the number of batches before it. */
interface Given {
  readonly batches: readonly Buffer[];
  readonly end: TaskEnd;
  readonly checkpoints: readonly { readonly batches: number; readonly bytes: Uint8Array }[];
}

/** A checkpoint that says something else of itself. */
function withHead(bytes: Uint8Array, change: object): Uint8Array {
  const { head, parts } = splitWithHead(bytes);
  return joinWithHead({ ...(head as object), ...change }, parts);
}

describe("checkpoints of a task", function () {
  this.timeout(60_000);
  let plan: Plan;
  let task: PlannedTask;
  let give: (from?: RowsCheckpoint, of?: PlannedTask, cutMs?: number) => Given;

  before(async () => {
    plan = await planRun({ ...request(busy, { until: "15min", runs: 1, warmup: "auto", series: true }), kind: "run" });
    task = plannedTask(plan, 0);
    const tables = new RunTables(plan.shape);
    // Intervals are shorter than cuts, so that some rows are under way at most checkpoints.
    give = (from, of = task, cutMs = 200_000) => {
      const rows = taskRows(of, { cutMs, tables, metric: 0, simulate, checkpointMs: 0, from });
      const batches: Buffer[] = [];
      const checkpoints: Given["checkpoints"][number][] = [];
      for (let next = rows.next(); ; next = rows.next()) {
        if (next.done === true) return { batches, end: next.value, checkpoints };
        if (next.value.type === "batch") batches.push(Buffer.from(next.value.bytes));
        else if (next.value.type === "checkpoint")
          checkpoints.push({ batches: batches.length, bytes: packCheckpoint(next.value.checkpoint, of) });
      }
    };
  });

  for (const [where, cutMs] of [
    ["between cuts", 200_000],
    ["at cuts, which come before a slice is over", 1_000],
  ] as const)
    it(`${where} go on with the bytes that were to come`, () => {
      const whole = give(undefined, task, cutMs);
      // How many there are is a matter of time; the first is before the first event.
      assert.ok(whole.checkpoints.length > 1);
      for (const { batches, bytes } of whole.checkpoints.slice(0, 12)) {
        const rest = give(unpackCheckpoint(bytes, task), task, cutMs);
        assert.deepEqual(rest.batches, whole.batches.slice(batches));
        assert.deepEqual(rest.end, whole.end);
      }
    });

  it("are refused where they are damaged, cut off, or of another task", () => {
    const { bytes } = give().checkpoints[0]!;
    for (const at of [0, 5, 30, Math.floor(bytes.length / 2), bytes.length - 1]) {
      const damaged = Uint8Array.from(bytes);
      damaged[at]! ^= 0x10;
      assert.throws(() => unpackCheckpoint(damaged, task), { code: "checkpoint-refused" }, `damaged at ${at}`);
    }
    for (const length of [0, 3, 4, 100, bytes.length - 1])
      assert.throws(() => unpackCheckpoint(bytes.subarray(0, length), task), { code: "checkpoint-refused" });
    for (const change of [{ engine: "0" }, { version: 1 }])
      assert.throws(() => unpackCheckpoint(withHead(bytes, change), task), { message: /is of another version/ });
    assert.throws(() => unpackCheckpoint(withHead(bytes, { kind: "chunk" }), task), { code: "checkpoint-refused" });
    for (const other of [
      { ...task, replication: 1 },
      { ...task, series: false },
      { ...task, task: { ...task.task, seed: 8 } },
    ])
      assert.throws(() => unpackCheckpoint(bytes, other), { code: "checkpoint-refused", message: /of another task/ });
  });

  /** What a pool gives of the task, its checkpoints with the batches before each, and why one was refused. */
  async function pooled(
    options: PoolOptions,
    from?: Uint8Array,
    of = task,
    shape = plan.shape,
  ): Promise<Given & { refused: string[] }> {
    const pool = new WorkerPool({ workers: 1, ...options });
    const batches: Buffer[] = [];
    const checkpoints: Given["checkpoints"][number][] = [];
    const refused: string[] = [];
    const end = await new Promise<TaskEnd>((resolve, reject) => {
      const job: Job = {
        task: of,
        control: new Int32Array(new SharedArrayBuffer(8)),
        checkpointMs: 20,
        ...(from === undefined ? {} : { from }),
        batch: (_, bytes) => void batches.push(Buffer.from(bytes)),
        log: () => {},
        share: () => {},
        checkpoint: (bytes) => void checkpoints.push({ batches: batches.length, bytes }),
        refused: (reason) => void refused.push(reason),
        end: (given, error) => (given === undefined ? reject(error ?? new Error("stopped")) : resolve(given)),
      };
      const jobs = [job];
      pool.attach({
        run: "r",
        user: "u",
        shape,
        cutMs: 200_000,
        metric: 0,
        tiny: false,
        here: false,
        next: () => jobs.pop(),
      });
    });
    await pool.close();
    return { batches, end, checkpoints, refused };
  }

  it("come from a thread and are gone on from in another, or refused, and then it begins anew", async () => {
    const whole = await pooled({});
    const { batches, bytes } = whole.checkpoints.at(-1)!;
    const rest = await pooled({}, bytes);
    assert.deepEqual(rest.batches, whole.batches.slice(batches));
    assert.deepEqual(rest.refused, []);
    const anew = await pooled({}, bytes.subarray(0, 1000));
    assert.deepEqual(anew.batches, whole.batches);
    assert.deepEqual(anew.end, whole.end);
    assert.match(
      anew.refused.join(),
      /this checkpoint cannot be read: a message of several parts is cut off: the task begins anew/,
    );
  });

  it("are where the next thread begins when one crashes", async () => {
    const mark = join(await mkdtemp(join(tmpdir(), "architech-test-")), "crashed");
    const model = { ...task.task.model, name: mark };
    const crashed = await pooled({ simulator: new URL("./crashing-engine.js", import.meta.url).href }, undefined, {
      ...task,
      task: { ...task.task, model },
    });
    assert.deepEqual(crashed.batches, give().batches);
    const from = Number(await readFile(mark, "utf8"));
    assert.ok(from > 0, `it began again at ${from} ms`);
    await rm(dirname(mark), { recursive: true });
  });

  it("are given in parts too, and gone on from in threads", async () => {
    const model = twoZones("5000rps", "50ms");
    const wanted = request(model, { until: "40s", runs: 1, warmup: "auto", series: true });
    const all = await planRun({ ...wanted, kind: "run", points: [{ key: {}, change: {} }] });
    const parts = { most: 2, ifItPays: false, threads: 2 };
    const of = plannedTask(all, 0, parts);
    const whole = await pooled({}, undefined, of, all.shape);
    assert.equal(whole.end.parts?.count, 2);
    const { batches, bytes } = whole.checkpoints.at(-1)!;
    assert.equal(unpackCheckpoint(bytes, of).parts, 2);
    for (const next of [of, plannedTask(all, 0)]) {
      const rest = await pooled({}, bytes, next, all.shape);
      assert.deepEqual(rest.batches, whole.batches.slice(batches));
      assert.deepEqual([rest.end.parts?.count, rest.refused], [2, []]);
    }
    const one = await pooled({}, undefined, plannedTask(all, 0), all.shape);
    assert.deepEqual(one.batches, whole.batches);
  });

  it("cost what is said here", () => {
    for (const [what, rate] of [
      ["few inside", "300rps"],
      ["a hundred thousand inside", "4000rps"],
    ] as const) {
      const model = { ...busy, traffic: { to: "api", rate, mix: { get: 1 } } } as ModelDocument;
      const large = { ...task, task: { ...task.task, model } };
      const simulation = simulate(large.task);
      simulation.advance(60_000);
      const since = performance.now();
      const checkpoint = { ...simulation.checkpoint!()!, rows: new Float64Array(0) };
      const copied = performance.now();
      const bytes = packCheckpoint(checkpoint, large);
      const packed = performance.now();
      const from = unpackCheckpoint(bytes, large);
      simulate(large.task, { from });
      const over = performance.now();
      console.log(
        `      ${what}: ${((checkpoint.memory.byteLength + checkpoint.notes.byteLength) / 1024).toFixed(0)} KiB copied in ${(copied - since).toFixed(1)} ms, ` +
          `packed into ${(bytes.byteLength / 1024).toFixed(0)} KiB in ${(packed - copied).toFixed(1)} ms, gone on from after ${(over - packed).toFixed(1)} ms`,
      );
      assert.ok(bytes.byteLength < checkpoint.memory.byteLength + checkpoint.notes.byteLength);
    }
  });
});
