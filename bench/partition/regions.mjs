// `regions.mjs PARTS LATENCY SECONDS` prints, of two regions in so many parts in threads, seconds from the call to the
// estimates, CPU seconds of all threads, and what the run says of its parts, in a process whose threads are warm.
import { twoRegions } from "./two-regions.mjs";

const [parts, latency, seconds] = process.argv.slice(2);
const regions = twoRegions(latency);
const run = (seed, until) =>
  regions.run({ until, warmup: "1s", runs: 1, series: false, seed, workers: 2, cache: false, parts: Number(parts) });
await run(1, "2s");
const [begun, before] = [performance.now(), process.cpuUsage()];
const result = await run(2, `${seconds}s`);
const wall = (performance.now() - begun) / 1000;
const { user, system } = process.cpuUsage(before);
const events = result.summary.getChild("events").get(0);
console.log(JSON.stringify({ wall, cpu: (user + system) / 1e6, events, parts: result.parts }));
process.exit(0);
