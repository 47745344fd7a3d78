// What a GPU is worth for sweeps of recursions: requests and points a second by events, by recursions on one processor and
// on all of them, and on the GPU, side by side, each as a user would ask for it. It needs npm's webgpu (npm install webgpu,
// or ARCHITECH_WEBGPU=…/webgpu/index.js); without it, or without an adapter, it says so and measures the others.
// Usage: node bench/gpu.mjs [--quick]
import { availableParallelism } from "node:os";
import { cpu, exponential, model, service, sweep } from "../lib/architech/dist/index.js";
import { withGpu } from "../lib/architech/dist/run/gpu.js";
import { quick } from "./measure/options.mjs";
import { printTable, short } from "./measure/text.mjs";

const runs = 4;
/** Requests of a task, about. */
const requests = quick ? 3_000 : 12_000;
const sizes = quick ? [64] : [16, 256, 4096];
const servers = { "M/M/1": 1, "M/M/8": 8 };
/** Of the servers, on average over the points. */
const load = 0.7;

const adapter = await withGpu(async ({ name }) => name).catch((error) => error);
console.log(adapter instanceof Error ? `no GPU: ${adapter.message}` : `GPU: ${adapter}`);
console.log(`each point: ${runs} replications of ${requests} requests; processors: ${availableParallelism()}`);

const ways = {
  "events, one thread": { workers: 1 },
  "recursion, one thread": { workers: 1, method: "recursion" },
  ...(availableParallelism() > 1 ? { "recursion, all threads": { method: "recursion" } } : {}),
  ...(adapter instanceof Error ? {} : { "recursion, GPU": { method: "recursion", device: "gpu" } }),
};

/** Wall seconds of a sweep over so many rates around the load. */
async function swept(threads, points, way) {
  const line = service({ threads, ops: { serve: [cpu(exponential("1ms"))] } });
  const system = model({ line }, { to: line, rate: "1rps" });
  const rps = Array.from({ length: points }, (_, i) => threads * 1000 * (load - 0.2 + (0.4 * (i + 0.5)) / points));
  const until = requests / (threads * 1000 * load);
  const started = performance.now();
  await sweep(system, { rps }, ({ rps }) => ({ traffic: { rate: `${rps.toFixed(6)}rps` } }), {
    until: `${until.toFixed(6)}s`,
    warmup: `${(until / 10).toFixed(6)}s`,
    runs,
    series: false,
    cache: false,
    ...way,
  });
  return (performance.now() - started) / 1000;
}

const rows = [["", "points", "wall s", "requests a second", "points a second", "times one thread by events"]];
for (const [queue, threads] of Object.entries(servers)) {
  // Threads are started, and shaders compiled, by the first.
  for (const way of Object.values(ways)) await swept(threads, 16, way);
  for (const points of sizes) {
    let base;
    for (const [name, way] of Object.entries(ways)) {
      const wall = await swept(threads, points, way);
      base ??= wall;
      const all = points * runs * requests;
      const times = (base / wall).toFixed(2);
      rows.push([`${queue}, ${name}`, points, wall.toFixed(2), short(all / wall), short(points / wall), times]);
    }
  }
}
printTable(rows);
