import assert from "node:assert/strict";
import type { ModelDocument } from "#src/model/document.js";
import { packCheckpoint, unpackCheckpoint } from "#src/run/checkpoint.js";
import { type PlannedTask, plannedTask, planRun } from "#src/run/plan.js";
import { RunTables, type RowsCheckpoint, type TaskEnd, taskRows } from "#src/run/task-rows.js";
import { simulate } from "#src/simulation/simulate.js";
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

describe("checkpoints of a task", function () {
  this.timeout(60_000);
  let task: PlannedTask;
  let give: (from?: RowsCheckpoint, of?: PlannedTask) => Given;

  before(async () => {
    const plan = await planRun({ ...request(busy, { until: "15min", runs: 1, warmup: "auto", series: true }), kind: "run" });
    task = plannedTask(plan, 0);
    const tables = new RunTables(plan.shape);
    give = (from, of = task) => {
      // Intervals are shorter than cuts, so that some rows are under way at most checkpoints.
      const rows = taskRows(of, { cutMs: 200_000, tables, metric: 0, simulate, checkpointMs: 0, from });
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

  it("go on with the bytes that were to come", () => {
    const whole = give();
    assert.ok(whole.checkpoints.length >= 2, `${whole.checkpoints.length} checkpoints`);
    for (const { batches, bytes } of whole.checkpoints) {
      const rest = give(unpackCheckpoint(bytes, task));
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
    for (const other of [
      { ...task, replication: 1 },
      { ...task, series: false },
      { ...task, task: { ...task.task, seed: 8 } },
    ])
      assert.throws(() => unpackCheckpoint(bytes, other), { code: "checkpoint-refused", message: /of another task/ });
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
