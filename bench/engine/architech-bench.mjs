// Our engine: `architech-bench.mjs MODEL REQUESTS SEED` prints what it took as JSON. CPU seconds are those of all
// threads from the call of `run` to the estimates, the stream on disk included, in a process that has simulated the
// model before, as a worker has after its first tasks: the core that a long run gets is made, as the C++ beside it is
// compiled. What a first run takes is measured by `npm run bench -- cold`.
import { models } from "./models.mjs";

const [name, requests, seed] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];
const { model, rate, warm } = models[name];
const seconds = requests / rate;

const run = (until, seed) => model.run({ until: `${until}s`, warmup: "0s", runs: 1, seed, workers: 0 });

await run(warm / rate, seed + 1000);
const before = process.cpuUsage();
const result = await run(seconds, seed);
const { mean } = result.estimate("traffic.latency.mean");
const completed = result.estimate("traffic.rate").mean * seconds;
const { user, system } = process.cpuUsage(before);
console.log(JSON.stringify({ requests: Math.round(completed), cpu: (user + system) / 1e6, mean: mean / 1000 }));
