import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { missing } from "@architech/test-tools";
import { erlangB, erlangC, pollaczekKhinchine } from "../truth/closed-forms.js";
import { cases, type Given, runsEach } from "./gpu-cases.js";
import { gpuEnvironment } from "./webgpu.js";

const child = fileURLToPath(new URL("gpu-child.js", import.meta.url));
const run = promisify(execFile);

/** What the child prints. */
interface Printed {
  readonly adapter: string;
  readonly rows: readonly Given[];
  /** By processors, and by the GPU. */
  readonly swept: readonly { readonly saturated: readonly string[]; readonly means: readonly number[] }[];
  readonly cancelled: string;
}

/** Quantile 0.995 of Student's t with 19 degrees of freedom. */
const t19 = 2.8609;
/** What 32 bits leave of sums and means, as the guide says; a percentile is somewhere in its bucket, 1/32 wide. */
const sums = 1e-4;
const percentiles = 1 / 32;

describe("on a GPU", function () {
  this.timeout(120_000);
  let rows: readonly Given[] = [];
  let swept: Printed["swept"] = [];
  let cancelled = "";
  let env: NodeJS.ProcessEnv = {};

  before(async function () {
    const found = gpuEnvironment();
    if ("missing" in found) missing(this, found.missing);
    env = found.env;
    const { stdout } = await run(process.execPath, ["--conditions", "unbundled", child], { env, maxBuffer: 1 << 26 });
    const given = JSON.parse(stdout) as Printed;
    console.log(`      by ${given.adapter}`);
    rows = given.rows;
    ({ swept, cancelled } = given);
    assert.equal(rows.length, runsEach * Object.keys(cases).length);
  });

  for (const name of Object.keys(cases))
    it(`the recursion of ${name} gives what it gives by processors, from the same draws`, () => {
      for (const { metrics, saturated, inside, count } of rows.filter((row) => row.name === name)) {
        assert.deepEqual(saturated[1], saturated[0]);
        assert.equal(inside[1], inside[0]);
        assert.ok(Math.abs(count[1]! - count[0]!) < 1e-6, `${count} in histograms`);
        for (const [metric, cpu, gpu] of metrics) {
          // The deepest line is the one number that a GPU does not have.
          if (metric.endsWith("depth.max")) continue;
          if (cpu === null || gpu === null) assert.equal(gpu, cpu, metric);
          else {
            const allowed = /\.p\d+$/.test(metric) ? percentiles : sums;
            assert.ok(
              Math.abs(gpu - cpu) <= allowed * Math.abs(cpu) + 1e-3 * allowed,
              `${metric} is ${gpu}, not ${cpu}`,
            );
          }
        }
      }
    });

  /** Mean over the replications, and the half of its 99 % interval. */
  function estimate(name: string, metric: string): { readonly mean: number; readonly half: number } {
    const values = rows
      .filter((row) => row.name === name)
      .map(({ metrics }) => metrics.find(([each]) => each === metric)![2]!);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
    return { mean, half: t19 * Math.sqrt(variance / values.length) };
  }

  it("queues wait as long as the closed forms say: M/M/1, M/M/c, M/D/1, M/G/1, and M/M/c/c loses as many", () => {
    const known: [name: string, metric: string, value: number, share: number][] = [
      ["mm1", "q.latency.mean", 7 / 0.3, 0.1],
      ["mm4", "q.wait.mean", (28 * erlangC(4, 2.8)) / (4 - 2.8), 0.15],
      ["md1", "q.wait.mean", pollaczekKhinchine(0.1, 7, 0), 0.1],
      ["mg1", "q.wait.mean", pollaczekKhinchine(0.1, 7, 2), 0.2],
      ["loss", "q.rejected", 100 * erlangB(2, 2), 0.03],
    ];
    for (const [name, metric, value, share] of known) {
      const { mean, half } = estimate(name, metric);
      assert.ok(Math.abs(mean - value) <= half, `${name} ${metric}: ${mean} ± ${half}, known ${value}`);
      assert.ok(half < share * value, `${name} ${metric}: ± ${half} of ${value}`);
    }
  });

  it("a sweep has the rows that it has by processors, whatever the shapes of its points", () => {
    const [cpu, gpu] = swept;
    assert.equal(gpu!.means.length, 3);
    assert.deepEqual(gpu!.saturated, cpu!.saturated);
    for (const [i, mean] of cpu!.means.entries())
      assert.ok(Math.abs(gpu!.means[i]! / mean - 1) < sums, `${gpu!.means[i]}, not ${mean}`);
  });

  it("a run that is cancelled ends between two dispatches", () => {
    assert.equal(cancelled, "run-cancelled");
  });

  it("says so where no adapter is found", async () => {
    const blind = { ...env, VK_ICD_FILENAMES: "/nowhere", VK_DRIVER_FILES: "/nowhere" };
    await assert.rejects(
      run(process.execPath, ["--conditions", "unbundled", child], { env: blind }),
      (error: Error) => {
        assert.match((error as Error & { stderr: string }).stderr, /gpu-unavailable/);
        return true;
      },
    );
  });
});
