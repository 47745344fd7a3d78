// A cluster on loopback under the load of many users, until it breaks, and what more workers do for it.
// Usage: node load/load.mjs [--quick] [--json=FILE] [--only=users|workers|crowd|notebooks] [--first=RATE] [--most=RATE] [--seconds=N] [--warm=SECONDS]
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { cpus, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { Cluster } from "../bench/measure/cluster.mjs";
import { quick } from "../bench/measure/options.mjs";
import { Users } from "./acts.mjs";
import { randomOf } from "./arrivals.mjs";
import { breakingPoint } from "./breaking.mjs";
import { crowd } from "./crowd.mjs";
import { echoKernels } from "./echo-kernels.mjs";
import { notebooks } from "./notebooks.mjs";
import { tellCosts, tellNotebooks, tellStep, tellWorkers } from "./report.mjs";
import { scaling } from "./scaling.mjs";

const text = (name) => process.argv.find((argument) => argument.startsWith(`--${name}=`))?.slice(name.length + 3);
const number = (name, fallback) => {
  const value = Number(text(name) ?? fallback);
  if (!(value > 0)) throw new Error(`--${name}=${text(name)}: a number above 0 is expected`);
  return value;
};

/** Requests that the gateway answers at once: on a machine that does some hundreds a second, less than a second of work. */
const openLimit = 100;

/** After so long it is over, whatever happens. */
const mostMs = 600_000;

const ending = new AbortController();
const folder = await mkdtemp(join(tmpdir(), "architech-load-"));
const cluster = await Cluster.open(folder, { environment: await echoKernels(folder) });
if (cluster === undefined) {
  await rm(folder, { recursive: true, force: true });
  console.log("no nats-server is found: the load is left out (it looks in PATH and at ARCHITECH_NATS_SERVER)");
  process.exit();
}

/** Everything that was started ends, however this ends. */
let ended;
const end = () =>
  (ended ??= (async () => {
    await cluster.end();
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  })());
for (const signal of ["SIGINT", "SIGTERM"])
  process.once(signal, async () => {
    ending.abort();
    await end();
    process.exit(130);
  });
const overtime = setTimeout(async () => {
  console.error(`not over after ${mostMs / 60_000} minutes`);
  await end();
  process.exit(1);
}, mostMs);

try {
  const only = text("only");
  const measured = { date: new Date().toISOString(), machine: machine() };
  await Promise.all([cluster.serve("documents"), cluster.serve("kernels"), cluster.serve("runs"), cluster.worker()]);
  const url = await cluster.serve("gateway", "--open-limit", String(openLimit));
  console.log(`cluster: ${[...cluster.processes].map(([name, { pid }]) => `${name} ${pid}`).join(", ")}`);
  const random = randomOf(1);
  const users = new Users(url, cluster.token, { random });
  await users.prepare({ kernels: 4 });
  if (only === undefined || only === "workers")
    measured.scaling = await scaling({ cluster, url, workers: 2, tasks: quick ? 100 : 240, onPoint: tellWorkers });
  if (only === undefined || only === "crowd") {
    // Nobody is interested in code that is not compiled yet.
    await crowd({
      cluster,
      users,
      sizes: [8],
      seconds: number("warm", quick ? 3 : 15),
      onStep: () => {},
      signal: ending.signal,
    });
    console.log("warm");
    measured.crowd = await crowd({
      cluster,
      users,
      sizes: quick ? [1, 4, 16] : [1, 2, 4, 8, 16, 32],
      seconds: number("seconds", 2),
      onStep: tellStep,
      signal: ending.signal,
    });
  }
  if (only === undefined || only === "notebooks")
    measured.notebooks = await notebooks({
      cluster,
      users,
      sizes: quick ? [1, 4] : [1, 2, 4, 8],
      seconds: number("seconds", quick ? 3 : 8),
      onPoint: tellNotebooks,
      signal: ending.signal,
    });
  if (only === undefined || only === "users") {
    const { steps, after } = await breakingPoint({
      cluster,
      users,
      random,
      first: number("first", 20),
      factor: quick ? 1.8 : 1.4,
      most: number("most", 5_000),
      seconds: number("seconds", quick ? 3 : 6),
      onStep: tellStep,
      signal: ending.signal,
    });
    Object.assign(measured, { steps, after });
    const best = steps.findLast(({ broken }) => broken === undefined);
    if (best !== undefined) tellCosts(best);
    console.log(after.broken === undefined ? "recovered by itself" : `NOT RECOVERED: ${after.broken}`);
    if (after.broken !== undefined || best === undefined) process.exitCode = 1;
  }
  users.close();
  const file = text("json");
  if (file !== undefined) await writeFile(file, `${JSON.stringify(measured, null, 2)}\n`);
} catch (error) {
  // What was stopped breaks off, which is no fault of it.
  if (!ending.signal.aborted) {
    console.error(error);
    process.exitCode = 1;
  }
} finally {
  clearTimeout(overtime);
  await end();
}
if (ending.signal.aborted) process.exit(130);
// The client's connections would keep it for a while.
process.exit();

function machine() {
  const all = cpus();
  return { processor: all[0]?.model, processors: all.length, memoryBytes: totalmem(), node: process.version };
}
