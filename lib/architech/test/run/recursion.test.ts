import assert from "node:assert/strict";
import type { ExperimentOptions } from "#src/experiment/options.js";
import { startRun, startSweep } from "#src/experiment/start.js";
import { provideRuns } from "#src/experiment/stream-source.js";
import type { SweepResult } from "#src/experiment/sweep-result.js";
import { metricsOf } from "#src/model/metrics.js";
import { validate } from "#src/model/validate.js";
import { LocalRuns } from "#src/run/local-runs.js";
import { simulate } from "#src/simulation/simulate.js";

const line = validate({
  architech: 1,
  nodes: {
    api: { kind: "service", threads: 2, ops: { get: [{ do: "cpu", time: { dist: "exponential", mean: "10ms" } }] } },
  },
  traffic: { to: "api", mix: { get: 1 }, rate: "120rps" },
});
const metrics = metricsOf(line).map(({ name }) => name);

describe("a sweep of recursions", function () {
  this.timeout(60_000);
  const runs = new LocalRuns();
  before(() => provideRuns(() => runs));
  after(() => runs.close());

  function swept(
    options: Partial<ExperimentOptions>,
    threads: readonly number[] = [1, 2, 3],
  ): PromiseLike<SweepResult> {
    const all = { until: "20s", runs: 3, workers: 0, cache: false, ...options };
    return startSweep(line, { threads }, ({ threads }) => ({ api: { threads } }), all, metrics);
  }

  it("has the rows that events give, saturated points included", async () => {
    const [events, recursions] = [await swept({}), await swept({ method: "recursion" })];
    assert.deepEqual(recursions.saturated, ["api"]);
    assert.deepEqual(recursions.saturated, events.saturated);
    assert.deepEqual(recursions.warnings, events.warnings);
    for (const [i, row] of events.rows.entries())
      for (const [name, value] of Object.entries(row)) {
        const other = recursions.rows[i]![name] as number;
        if (Number.isNaN(value) && Number.isNaN(other)) continue;
        assert.ok(
          Math.abs(other - (value as number)) <= 1e-9 * Math.abs(value as number),
          `${name}: ${other}, ${value}`,
        );
      }
  });

  it("says which point is no recursion, and why", async () => {
    const other = startSweep(
      line,
      { order: ["fifo", "lifo"] },
      ({ order }) => ({ api: { queue: { order: order as "fifo" } } }),
      { until: "1s", workers: 0, method: "recursion" },
      metrics,
    );
    await assert.rejects(async () => other, {
      code: "not-a-recursion",
      message: /not next in api \("lifo"\); without the method it is simulated by events/,
      path: ["points", 1],
    });
  });

  it("refuses methods and devices that there are not", async () => {
    const refused = (options: object, message: RegExp, name: string): Promise<void> =>
      assert.rejects(async () => startRun(line, { until: "1s", workers: 0, ...options }), {
        code: "bad-run-request",
        message,
        path: ["options", name],
      });
    await refused({ method: "guess" }, /"options.method" is "events" or "recursion", not "guess"/, "method");
    await refused({ method: "recursion", device: "tpu" }, /"options.device" is "cpu" or "gpu", not "tpu"/, "device");
  });

  it("refuses of a GPU what it cannot give", async () => {
    const refused = (options: object, code: string, message: RegExp): Promise<void> =>
      assert.rejects(async () => startRun(line, { until: "1s", workers: 0, device: "gpu", ...options }), {
        code,
        message,
      });
    await refused({ warmup: "0s" }, "bad-run-request", /works on recursions only: method: "recursion"/);
    const method = "recursion";
    await refused({ method }, "bad-run-request", /finds no warm-up: say how long it is/);
    await refused({ method, warmup: "0s", series: true }, "bad-run-request", /has no series/);
    const many = validate({ ...line, nodes: { api: { ...line.nodes["api"], threads: 300 } } });
    await assert.rejects(async () => startRun(many, { until: "1s", workers: 0, method, device: "gpu", warmup: "0s" }), {
      code: "not-a-recursion",
      message: /a line has 300 servers, of 256 at most/,
    });
  });

  it("says how to install what a GPU needs", async () => {
    const before = process.env["ARCHITECH_WEBGPU"];
    process.env["ARCHITECH_WEBGPU"] = "no-such-package";
    try {
      await assert.rejects(async () => swept({ method: "recursion", device: "gpu", warmup: "1s" }), {
        code: "gpu-missing",
        message: /needs npm's package webgpu, which cannot be loaded from "no-such-package" .*: npm install webgpu/,
      });
    } finally {
      if (before === undefined) delete process.env["ARCHITECH_WEBGPU"];
      else process.env["ARCHITECH_WEBGPU"] = before;
    }
  });

  it("never takes another device than was asked for", () => {
    const bounds = { maxEvents: 1e9, maxWallMs: 1e9, maxInside: 1e6 };
    const options = { untilMs: 1_000, warmupMs: 0, everyMs: 100, bounds, method: "recursion", device: "gpu" } as const;
    assert.throws(() => simulate({ model: line, options, seed: 1, replication: 0 }), { code: "gpu-unavailable" });
  });

  it("stops at its bounds, and says so", async () => {
    const stopped = await startRun(line, {
      until: "1000s",
      runs: 1,
      workers: 0,
      method: "recursion",
      bounds: { maxEvents: 20_000 },
    });
    assert.match(stopped.warnings.join(), /stopped at the bound maxEvents/);
  });
});
