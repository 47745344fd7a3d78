// What a second worker is worth on two cores, by how long a task takes: a cluster of a gateway, a service of runs and one
// worker or two on NATS, against one process with one thread or two. Where both cores simulate, all that services do is
// taken from them, and two threads have not twice the speed of one: the first is what a cluster costs, the second what
// the machine is.
// Usage: node bench/workers.mjs [--quick]
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RunClient } from "@architech/protocol";
import { RunService } from "architech/host";
import { WebSocket } from "ws";
import { Cluster } from "./measure/cluster.mjs";
import { quick } from "./measure/options.mjs";
import { inCluster, read, sweep, untilThere } from "./measure/runs.mjs";
import { median } from "./measure/statistics.mjs";
import { printTable } from "./measure/text.mjs";

/** Simulated time of a task, and tasks: the same work in each, some 12 s of one core. */
const sizes = [
  { until: "2500s", tasks: 240 },
  { until: "12500s", tasks: 48 },
  { until: "50000s", tasks: 12 },
].map((size) => ({ ...size, tasks: quick ? size.tasks / 6 : size.tasks }));
const rounds = quick ? 1 : 3;

let seed = 0;
const request = ({ until, tasks }) => ({
  ...sweep({ seed: ++seed, many: 1, each: tasks, until, cache: false }),
  kind: "run",
  points: [{ key: {}, change: {} }],
});

const folder = await mkdtemp(join(tmpdir(), "architech-bench-"));

async function inOneProcess(workers) {
  const service = await RunService.open({ folder: join(folder, `alone-${workers}`), workers });
  const run = async (size) => {
    const begun = performance.now();
    const { id } = await service.start(request(size));
    return read(begun, service.frames(id));
  };
  await run(sizes[0]);
  const found = await measured(run);
  await service.close();
  return found;
}

/** Of each size its seconds in every round, and what they took of each process. */
async function measured(run) {
  const found = sizes.map(() => []);
  for (let round = 0; round < rounds; round++) for (const [i, size] of sizes.entries()) found[i].push(await run(size));
  return found;
}

async function inClusterOf(workers) {
  const cluster = await Cluster.open(await mkdtemp(join(folder, "cluster-")));
  if (cluster === undefined) return undefined;
  try {
    await cluster.serve("runs");
    for (let i = 0; i < workers; i++) await cluster.worker();
    const url = await cluster.serve("gateway", "--user-limit", "0", "--address-limit", "0");
    const client = new RunClient({ url: url.href, token: cluster.token, WebSocket });
    await untilThere(client);
    const run = (size) => inCluster(cluster, client, request(size));
    await run(sizes[0]);
    return await measured(run);
  } finally {
    await cluster.end();
  }
}

const threads = [await inOneProcess(1), await inOneProcess(2)];
const workers = [await inClusterOf(1), await inClusterOf(2)];
await rm(folder, { recursive: true, force: true });

const secondsOf = (found, i) => median(found[i].map(({ seconds }) => seconds));
const costOf = (found, i, role) => (median(found[i].map(({ cpu }) => cpu[role])) * 1000) / sizes[i].tasks;
const roles = ["worker", "runs", "gateway", "nats"];
const rows = sizes.map(({ tasks }, i) => {
  const [oneThread, twoThreads] = threads.map((found) => secondsOf(found, i));
  const row = [tasks, ((oneThread * 1000) / tasks).toFixed(0), (oneThread / twoThreads).toFixed(2)];
  if (workers.includes(undefined)) return row;
  const [one, two] = workers.map((found) => secondsOf(found, i));
  return [...row, one.toFixed(2), two.toFixed(2), (one / two).toFixed(2)];
});
printTable([["tasks", "ms each", "two threads", "one worker, s", "two workers, s", "two workers"], ...rows]);
if (workers.includes(undefined)) console.log("no nats-server is found: the cluster is left out");
else {
  console.log("ms of a processor for a task, by one worker and by two:");
  printTable([
    ["tasks", ...roles.flatMap((role) => [role, role])],
    ...sizes.map(({ tasks }, i) => [
      tasks,
      ...roles.flatMap((role) => workers.map((found) => costOf(found, i, role).toFixed(2))),
    ]),
  ]);
  for (const [tasks, each, , , , times] of rows)
    console.log(`${tasks} tasks of ${each} ms: ${times} times one, ${times >= 1.9 ? "met" : "MISSED"} (1.9)`);
}
process.exit(0);
