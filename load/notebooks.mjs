// TypeScript kernels at work: what a notebook that is open holds, and what its cells take.
import { performance } from "node:perf_hooks";
import { mean, quantile } from "../bench/measure/statistics.mjs";
import { startPatienceMs } from "./acts.mjs";

/** What is run first: the library, and a model of a service and its database. */
const opening = `import { cpu, database, exponential, model, service } from "architech";
const orders = database({ connections: 20, read: "4ms", write: "6ms" });
const api = service({ replicas: 2, threads: 8, ops: { get: [cpu(exponential("2ms")), orders.read()] } });
const shop = model({ api, orders }, { to: api, rate: "100rps" });`;

/** What is run then, again and again: an expression, a function, an answer to a small question. */
const cells = [
  (n) => `[1, 2, 3].map((value) => value * ${n})`,
  (n) => `const double${n} = (value: number): number => 2 * value; double${n}(21)`,
  (n) => `(await shop.run({ until: "10s", warmup: "1s", runs: 1, seed: ${n} })).estimate("api.latency.mean").mean`,
];

/** Notebooks that are open and worked with, so many at a time, each of which runs its next cell as soon as it may. */
export async function notebooks({ cluster, users, sizes, seconds, onPoint, signal }) {
  const points = [];
  const kernels = [];
  const idle = cluster.use().kernels.bytes;
  for (const size of sizes) {
    if (signal?.aborted) break;
    while (kernels.length < size) kernels.push(await opened(users));
    const before = cluster.use().kernels;
    const begun = performance.now();
    const end = begun + seconds * 1_000;
    const times = [];
    const work = async ({ kernel }) => {
      for (let n = 0; performance.now() < end && !signal?.aborted; n++) {
        const from = performance.now();
        await kernel.run(cells[n % cells.length](n + 1));
        times.push(performance.now() - from);
      }
    };
    await Promise.all(kernels.map(work));
    const whole = (performance.now() - begun) / 1_000;
    const after = cluster.use().kernels;
    const point = {
      notebooks: size,
      firstMs: mean(kernels.map(({ firstMs }) => firstMs)),
      cellsASecond: times.length / whole,
      ms: { p50: quantile(times, 0.5), p95: quantile(times, 0.95), p99: quantile(times, 0.99) },
      cpuMsPerCell: ((after.cpu - before.cpu) * 1_000) / times.length,
      bytesEach: (after.bytes - idle) / size,
    };
    points.push(point);
    onPoint(point);
  }
  for (const { kernel } of kernels) await kernel.end();
  return points;
}

/** A kernel whose first cell has been run, and how long it took from nothing to there. */
async function opened(users) {
  const from = performance.now();
  const kernel = await users.kernel("architech");
  await kernel.run(opening, startPatienceMs);
  return { kernel, firstMs: performance.now() - from };
}
