// A sweep of many small tasks: in one process, and in a cluster of a service of runs and two workers on NATS, each of
// which is killed once in the middle. Every row must be there once, the same as in one process.
// Usage: node bench/cluster.mjs [--quick]
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { RunService } from "architech/host";
import { NatsBus } from "../server/dist/bus/nats/nats-bus.js";
import { ClusterRuns } from "../server/dist/cluster/cluster-runs.js";
import { silentLog } from "../server/dist/log.js";
import { startNats } from "./measure/nats.mjs";
import { quick } from "./measure/options.mjs";
import { printTable } from "./measure/text.mjs";

const points = quick ? 100 : 1_000;
const runs = 100;
const tasks = points * runs;
const program = fileURLToPath(new URL("../server/bin/architech.js", import.meta.url));
const sweep = ({ seed = 1, many = points, cache = true } = {}) => ({
  version: 1,
  kind: "sweep",
  model: {
    architech: 1,
    nodes: {
      api: { kind: "service", threads: 1, ops: { get: [{ do: "cpu", time: { dist: "exponential", mean: "8ms" } }] } },
    },
    traffic: { to: "api", rate: "100rps", mix: { get: 1 } },
  },
  points: Array.from({ length: many }, (_, i) => ({
    key: { rps: 20 + i / 10 },
    change: { traffic: { rate: `${20 + i / 10}rps` } },
  })),
  options: { until: "5s", warmup: "1s", runs, seed, confidence: 0.95, series: false, cache },
});

/** Starts a run and reads it to its end: what it gave, and when. `during` is called with every frame. */
async function measure(host, request, during = () => {}) {
  const begun = performance.now();
  const { id } = await host.start(request);
  const hash = createHash("sha256");
  let [first, bytes, frames] = [undefined, 0, 0];
  for await (const frame of host.frames(id)) {
    // The first frame opens the table, the second is the first row.
    if (++frames === 2) first = performance.now() - begun;
    hash.update(frame);
    bytes += frame.byteLength;
    await during(frames);
  }
  return { seconds: (performance.now() - begun) / 1000, first, bytes, hash: hash.digest("hex") };
}

async function startWorker(url) {
  const child = spawn(process.execPath, [program, "worker", "--bus", url, "--threads", "1", "--json"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(createInterface(child.stdout), "line");
  return child;
}

const folder = await mkdtemp(join(tmpdir(), "architech-bench-"));
const service = await RunService.open({ folder: join(folder, "runs"), workers: 2 });
const alone = await measure(service, sweep());
await service.close();
const rows = [["in one process, two threads", alone]];
const nats = startNats(folder);
if (nats === undefined) console.log("no nats-server is found: the cluster is left out");
else {
  const bus = await NatsBus.open({ servers: nats.url });
  const host = await ClusterRuns.open({ bus, log: silentLog });
  const workers = [await startWorker(nats.url), await startWorker(nats.url)];
  // First a run of another seed, so that the workers are warm, as those of a cluster are.
  await measure(host, sweep({ seed: 2, many: 10 }));
  rows.push(["in a cluster, two workers", await measure(host, sweep())]);
  const killed = async (frames) => {
    const which = [Math.floor(tasks / 3), Math.floor((2 * tasks) / 3)].indexOf(frames);
    if (which < 0) return;
    workers[which].kill("SIGKILL");
    workers[which] = await startWorker(nats.url);
  };
  rows.push(["each worker killed once", await measure(host, sweep({ cache: false }), killed)]);
  await host.close();
  for (const worker of workers) {
    worker.kill();
    await once(worker, "exit");
  }
  await bus.close();
  await nats.end();
}
await rm(folder, { recursive: true, force: true });
printTable([
  [`${tasks} tasks`, "seconds", "tasks a second", "more than in one process, ms a task", "first row, ms", "MB"],
  ...rows.map(([title, { seconds, first, bytes }]) => [
    title,
    seconds.toFixed(1),
    (tasks / seconds).toFixed(0),
    (((seconds - alone.seconds) * 1000) / tasks).toFixed(2),
    first.toFixed(0),
    (bytes / 1e6).toFixed(0),
  ]),
]);
for (const [title, { hash }] of rows.slice(1))
  console.log(`${title}: ${hash === alone.hash ? "the same bytes as in one process" : "OTHER BYTES"}`);
if (rows.length > 1) {
  const more = ((rows[1][1].seconds - alone.seconds) * 1000) / tasks;
  console.log(`less than 0.5 ms a task more: ${more < 0.5 ? "met" : "MISSED"}, ${more.toFixed(2)} ms`);
  console.log(
    `first row in less than 300 ms: ${rows[1][1].first < 300 ? "met" : "MISSED"}, ${rows[1][1].first.toFixed(0)} ms`,
  );
}
process.exit(0);
