// A thousand requests of micro in a process that has never simulated: prints milliseconds of the import of architech,
// milliseconds and CPU milliseconds from the call of `run` to the estimates, and milliseconds since the process began.
// `answer.mjs stream` reads the stream as well, `answer.mjs WORKERS` says how many worker threads there are.
const [way = ""] = process.argv.slice(2);
const started = performance.now();
await import("architech");
const imported = performance.now();
const { micro } = await import("../engine/micro.mjs");
const begun = performance.now();
const before = process.cpuUsage();
const run = micro.run({
  until: `${1000 / 1100}s`,
  runs: 1,
  ...(/^\d+$/.test(way) ? { workers: Number(way) } : {}),
});
if (way === "stream") for await (const _ of run.watch("traffic.rate")) void _;
(await run).estimate("traffic.latency.mean");
const ended = performance.now();
const { user, system } = process.cpuUsage(before);
console.log(
  JSON.stringify({ import: imported - started, call: ended - begun, cpu: (user + system) / 1e3, process: ended }),
);
