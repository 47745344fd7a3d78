// What a task costs in a cluster of a gateway, a service of runs and two workers on NATS, all of them processes of their
// own: a sweep of many small tasks in one process, in the cluster, and while each of the four is killed once. Every row
// must be there once, the same as in one process. Then how long the first row takes, and what runs cost that wait. What
// two workers are worth: workers.mjs.
// Usage: node bench/cluster.mjs [--quick] [--profile=FOLDER]
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pause, RunClient } from "@architech/protocol";
import { RunService } from "architech/host";
import { WebSocket } from "ws";
import { Cluster } from "./measure/cluster.mjs";
import { quick } from "./measure/options.mjs";
import { inCluster, read, sweep, untilThere, used } from "./measure/runs.mjs";
import { median } from "./measure/statistics.mjs";
import { printTable } from "./measure/text.mjs";

const points = quick ? 100 : 1_000;
const runs = 100;
const tasks = points * runs;
const firstRows = quick ? 5 : 20;
const waitingRuns = 8;
const waitingSeconds = quick ? 4 : 10;

/** The sweep by which a cluster is held against one process. */
const whole = (options) => sweep({ many: points, each: runs, ...options });

/** What somebody waits for: a run of a few tasks. */
const interactive = (seed) => ({
  ...sweep({ seed, each: 4, cache: false }),
  kind: "run",
  points: [{ key: {}, change: {} }],
});

async function inOneProcess(folder) {
  const service = await RunService.open({ folder, workers: 2 });
  const before = process.cpuUsage();
  const begun = performance.now();
  const { id } = await service.start(whole());
  const found = await read(begun, service.frames(id));
  const { user, system } = process.cpuUsage(before);
  await service.close();
  return { ...found, cpu: { all: (user + system) / 1e6 } };
}

/** Kills each process once, spread over the rows, and starts it again. */
function killings(cluster) {
  const victims = ["worker", "gateway", "runs", "worker 2"];
  const begun = [];
  return {
    during: (frames) => {
      const which = victims.findIndex((_, i) => frames === Math.floor(((i + 1) * tasks) / (victims.length + 1)));
      if (which >= 0) begun.push(cluster.killAndStart(victims[which]));
    },
    over: () => Promise.all(begun),
  };
}

/** When the first row came of some runs, one after the other. */
async function firstRowsOf(cluster, client) {
  const found = [];
  for (let i = 0; i < firstRows; i++) found.push((await inCluster(cluster, client, interactive(1_000 + i))).first);
  return found;
}

/** What runs cost that nobody works on: shares of a core for each. */
async function whileWaiting(cluster, client) {
  const idle = await shares(cluster);
  const stop = new AbortController();
  const streams = [];
  for (let i = 0; i < waitingRuns; i++) {
    const { id } = await client.start(sweep({ seed: 2_000 + i, cache: false }));
    streams.push(read(0, client.stream(id, { signal: stop.signal })).then(() => client.cancel(id)));
  }
  await pause(2_000);
  const waiting = await shares(cluster);
  stop.abort();
  await Promise.all(streams);
  return Object.fromEntries(Object.keys(waiting).map((role) => [role, (waiting[role] - idle[role]) / waitingRuns]));
}

async function shares(cluster) {
  const before = cluster.use();
  await pause(waitingSeconds * 1_000);
  const cpu = used(before, cluster.use());
  return Object.fromEntries(Object.entries(cpu).map(([role, seconds]) => [role, seconds / waitingSeconds]));
}

const folder = await mkdtemp(join(tmpdir(), "architech-bench-"));
const profile = process.argv.find((argument) => argument.startsWith("--profile="))?.slice("--profile=".length);
const cluster = await Cluster.open(folder, {
  node: profile === undefined ? [] : ["--cpu-prof", `--cpu-prof-dir=${profile}`],
});
const alone = await inOneProcess(join(folder, "alone"));
const rows = [["in one process, two threads", alone]];
const measured = {};
if (cluster === undefined) console.log("no nats-server is found: the cluster is left out");
else
  try {
    await Promise.all([cluster.serve("runs"), cluster.worker(), cluster.worker()]);
    const url = await cluster.serve("gateway", "--user-limit", "0", "--address-limit", "0");
    const client = new RunClient({ url: url.href, token: cluster.token, WebSocket });
    await untilThere(client);
    // First runs of another seed, so that all are warm, as those of a cluster are.
    await inCluster(cluster, client, sweep({ seed: 2, many: 20 }));
    measured.quiet = await firstRowsOf(cluster, client);
    rows.push(["in a cluster, two workers", await inCluster(cluster, client, whole())]);
    const batch = await client.start(sweep({ seed: 3, cache: false }));
    await pause(1_000);
    measured.busy = await firstRowsOf(cluster, client);
    await client.cancel(batch.id);
    const { during, over } = killings(cluster);
    rows.push(["each of the four killed once", await inCluster(cluster, client, whole({ cache: false }), during)]);
    await over();
    await Promise.all([cluster.stop("worker"), cluster.stop("worker 2")]);
    measured.waiting = await whileWaiting(cluster, client);
  } finally {
    await cluster.end();
  }
await rm(folder, { recursive: true, force: true });

const perTask = (seconds) => (seconds === undefined ? "" : ((seconds * 1000) / tasks).toFixed(2));
const roles = ["worker", "runs", "gateway", "nats", "all"];
printTable([
  [`${tasks} tasks`, "seconds", "a second", ...roles.map((role) => `ms of ${role}`), "first row, ms", "MB", "frames"],
  ...rows.map(([title, { seconds, first, bytes, cpu, frames }]) => [
    title,
    seconds.toFixed(1),
    (tasks / seconds).toFixed(0),
    ...roles.map((role) => perTask(cpu[role])),
    first.toFixed(0),
    (bytes / 1e6).toFixed(0),
    frames,
  ]),
]);
for (const [title, { hash }] of rows.slice(1))
  console.log(`${title}: ${hash === alone.hash ? "the same bytes as in one process" : "OTHER BYTES"}`);
if (rows.length > 1) {
  const more = ((rows[1][1].cpu.all - alone.cpu.all) * 1000) / tasks;
  tell("of a processor more than in one process, ms a task", more, 0.5, 2);
  tell("time more than in one process, ms a task", ((rows[1][1].seconds - alone.seconds) * 1000) / tasks, 0.5, 2);
  for (const when of ["quiet", "busy"]) {
    tell(`first of few rows, ${when}, median of ${firstRows}, ms`, median(measured[when]), 300);
    tell(`first of few rows, ${when}, the last of ${firstRows}, ms`, Math.max(...measured[when]), 300);
  }
  for (const role of ["runs", "gateway", "nats"])
    console.log(`a run that waits: ${(100 * measured.waiting[role]).toFixed(2)} % of a processor by ${role}`);
}
process.exit(0);

function tell(what, value, limit, digits = 0) {
  console.log(`${what}: ${value.toFixed(digits)}, ${value < limit ? "met" : "MISSED"} (less than ${limit})`);
}
