// A thousand requests of micro in a process that has never simulated: `cold-start.mjs [WORKERS]` prints milliseconds
// and CPU milliseconds from the call to the estimates, and milliseconds since the process began.
import { micro } from "./micro.mjs";

const workers = process.argv[2];
const begun = performance.now();
const before = process.cpuUsage();
const result = await micro.run({
  until: `${1000 / 1100}s`,
  runs: 1,
  ...(workers === undefined ? {} : { workers: Number(workers) }),
});
result.estimate("traffic.latency.mean");
const ended = performance.now();
const { user, system } = process.cpuUsage(before);
console.log(JSON.stringify({ call: ended - begun, cpu: (user + system) / 1e3, process: ended }));
