// What a GPU is worth for sweeps of recursions: requests and points a second by events, by recursions on one processor and
// on all of them, and on the GPU, side by side, each as a user would ask for it. It needs npm's webgpu (npm install webgpu,
// or ARCHITECH_WEBGPU=…/webgpu/index.js); without it, or without an adapter, it says so and measures the others. Who
// has taken long is not asked for the next size, ten times as much; all are compared with one thread by events, or with the
// most that it has done where it was not asked.
// Usage: node bench/gpu.mjs [--quick]
import { availableParallelism } from "node:os";
import { cpu, exponential, model, service, sweep } from "../lib/architech/dist/index.js";
import { withGpu } from "../lib/architech/dist/run/gpu.js";
import { quick } from "./measure/options.mjs";
import { printTable, short } from "./measure/text.mjs";

const runs = 4;
/** Points of a sweep, and requests of a task, about. */
const sizes = quick
  ? [[64, 3_000]]
  : [
      [16, 12_000],
      [256, 12_000],
      [4096, 12_000],
      [4096, 120_000],
      [4096, 1_200_000],
    ];
const servers = { "M/M/1": 1, "M/M/8": 8 };
/** Of the servers, on average over the points. */
const load = 0.7;
/** Whoever takes longer than this, in seconds, is not asked for the next size. Of a GPU's time most is not the GPU's. */
const enough = (name) => (name.includes("GPU") ? 20 : 3);

const adapter = await withGpu(async ({ name }) => name).catch((error) => error);
console.log(adapter instanceof Error ? `no GPU: ${adapter.message}` : `GPU: ${adapter}`);
console.log(`each point: ${runs} replications; processors: ${availableParallelism()}`);

const ways = {
  "events, one thread": { workers: 1 },
  "events, all threads": {},
  "recursion, one thread": { workers: 1, method: "recursion" },
  "recursion, all threads": { method: "recursion" },
  ...(adapter instanceof Error ? {} : { "recursion, GPU": { method: "recursion", device: "gpu" } }),
};

/** Wall seconds of a sweep over so many rates around the load. */
async function swept(threads, points, requests, way) {
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

const rows = [["", "points", "requests of each", "wall s", "requests a second", "tasks a second", "times one thread"]];
for (const [queue, threads] of Object.entries(servers)) {
  // Threads are started, and shaders compiled, by the first.
  for (const way of Object.values(ways)) await swept(threads, 16, 1_000, way);
  const tooSlow = new Set();
  let most = 0;
  for (const [points, requests] of sizes) {
    const all = points * runs * requests;
    let base = most;
    for (const [name, way] of Object.entries(ways)) {
      if (tooSlow.has(name)) continue;
      const wall = await swept(threads, points, requests, way);
      const rate = all / wall;
      if (wall > enough(name)) tooSlow.add(name);
      if (way === ways["events, one thread"]) most = Math.max(most, (base = rate));
      console.error(`${queue}, ${name}, ${points} points: ${wall.toFixed(2)} s`);
      const times = (rate / base).toFixed(2);
      rows.push([
        `${queue}, ${name}`,
        points,
        short(requests),
        wall.toFixed(2),
        short(rate),
        short((points * runs) / wall),
        times,
      ]);
    }
  }
}
printTable(rows);
process.exit(0);
