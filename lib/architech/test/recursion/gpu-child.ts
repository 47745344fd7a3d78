// Simulates models on the GPU and by processors, and prints both as JSON: a process of its own, since where drivers are
// looked for is said by its environment.
import type { ArchitechError } from "@architech/protocol";
import { startRun, startSweep } from "#src/experiment/start.js";
import { provideRuns } from "#src/experiment/stream-source.js";
import { metricsOf } from "#src/model/metrics.js";
import { validate } from "#src/model/validate.js";
import { withGpu } from "#src/run/gpu.js";
import { simulateOnGpu } from "#src/run/gpu-batch.js";
import { LocalRuns } from "#src/run/local-runs.js";
import { simulate } from "#src/simulation/simulate.js";
import type { TaskResult } from "#src/simulation/task.js";
import { cases, type Given, gpuOptions, runsEach } from "./gpu-cases.js";

const runs = new LocalRuns();
provideRuns(() => runs);
const line = validate(cases["mm1"]!);
const options = { warmup: "1s", workers: 0, cache: false, method: "recursion" } as const;

/** A sweep as a user starts it, with points of two shapes. */
async function swept(device: "cpu" | "gpu"): Promise<unknown> {
  const metrics = metricsOf(line).map(({ name }) => name);
  const over = { threads: [1, 2, 3] };
  const at = ({ threads }: { threads: number }) => ({ q: { threads } });
  const { rows, saturated } = await startSweep(line, over, at, { ...options, until: "9s", runs: 40, device }, metrics);
  return { saturated, means: rows.map((row) => row["q.latency.mean"]) };
}

/** How a run ends that would take an hour and is cancelled. */
async function cancelled(): Promise<string> {
  const run = startRun(line, { ...options, until: "100000000s", device: "gpu" });
  setTimeout(() => run.cancel(), 500);
  return Promise.resolve(run).then(
    () => "done",
    ({ code }: ArchitechError) => code,
  );
}

const names: string[] = [];
const tasks = Object.entries(cases).flatMap(([name, document], point) => {
  const model = validate(document);
  return Array.from({ length: runsEach }, (_, replication) => {
    names.push(name);
    const task = { model, options: gpuOptions, seed: 5, replication };
    return { number: 0, point, replication, series: false, histogram: false, task };
  });
});

const given: (TaskResult | undefined)[] = [];
await withGpu(async ({ name }) => {
  await simulateOnGpu(tasks, {
    given: (i, result) => void (given[i] = result),
    shared: () => {},
    isStopped: () => false,
  });
  const rows = tasks.map(({ task, replication }, i): Given => {
    const gpu = given[i]!;
    const { device: _, ...options } = task.options;
    const simulation = simulate({ ...task, options }, { series: false });
    simulation.advance(Number.POSITIVE_INFINITY);
    const cpu = simulation.result();
    return {
      name: names[i]!,
      replication,
      metrics: metricsOf(task.model).map(({ name }, m) => [name, cpu.summary[m]!, gpu.summary[m]!]),
      saturated: [cpu.saturated, gpu.saturated],
      inside: [cpu.inside, gpu.inside],
      count: [cpu, gpu].map(({ histogram }) => histogram.counts.reduce((sum, count) => sum + count, 0)),
    };
  });
  console.log(
    JSON.stringify({
      adapter: name,
      rows,
      swept: [await swept("cpu"), await swept("gpu")],
      cancelled: await cancelled(),
    }),
  );
});
await runs.close();
