// Sixteen replications of the benchmark's graph: `workers.mjs WORKERS` prints seconds from the call to the estimates and
// CPU seconds of all threads, in a process whose workers are warm.
import { micro } from "../engine/micro.mjs";

const workers = Number(process.argv[2]);
const run = (seed, until) => micro.run({ until, warmup: "1s", runs: 16, seed, workers, cache: false });
await run(1, "30s");
const [begun, before] = [performance.now(), process.cpuUsage()];
// Long enough that what each thread does once, such as compiling code, is little of it.
await run(2, "5min");
const { user, system } = process.cpuUsage(before);
console.log(JSON.stringify({ wall: (performance.now() - begun) / 1000, cpu: (user + system) / 1e6 }));
