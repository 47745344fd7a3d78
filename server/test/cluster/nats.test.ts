import assert from "node:assert/strict";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { isSchemaFrame, type RunRequest, readFrameHeader, tableNumbers } from "@architech/protocol";
import { findNatsServer, missing, startNats, stopNats, type TestNats } from "@architech/test-tools";
import { NatsBus } from "#src/bus/nats/nats-bus.js";
import { ClusterBus } from "#src/cluster/cluster-bus.js";
import { ClusterRuns } from "#src/cluster/cluster-runs.js";
import { silentLog } from "#src/log.js";
import { ClusterWorker } from "#src/workers/cluster-worker.js";
import { freshFolder } from "../folders.js";
import { allBytes, request } from "../runs/host.js";
import { clusterContract, streamed, sweep } from "./cluster-contract.js";
import { until } from "./processes.js";
import { ServiceProcess as Service } from "./service-process.js";

/** Simulated time of a task of several seconds. */
const longMs = 10 * 3_600_000;

function longTask(): RunRequest {
  const wanted = request({ until: "10h", warmup: "1min", every: "1min", runs: 1 });
  const serve = [{ do: "cpu", time: { dist: "exponential", mean: "8ms" } }];
  const api = { kind: "service", threads: 8, ops: { get: serve } };
  const traffic = { to: "api", rate: "700rps", mix: { get: 1 } };
  return {
    ...wanted,
    kind: "run",
    model: { architech: 1, nodes: { api }, traffic },
    points: [{ key: {}, change: {} }],
  };
}

/** What a traced worker did, in simulated ms. */
async function trace(file: string): Promise<{ from: number[]; checkpoint: number[]; at: number[] }> {
  const found = { from: [] as number[], checkpoint: [] as number[], at: [] as number[] };
  const text = await readFile(file, "utf8").catch(() => "");
  for (const line of text.split("\n").slice(0, -1)) {
    const [what, ms] = line.split(" ");
    found[what as keyof typeof found].push(Number(ms));
  }
  return found;
}

function last(list: readonly number[]): number {
  return list.at(-1) ?? 0;
}

/** MiB of the heap that are in use, once what is not has been collected. */
function settledHeap(): number {
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
  return Math.round(process.memoryUsage().heapUsed / 2 ** 20);
}

function share(ms: number): string {
  return `${((100 * ms) / longMs).toFixed(0)} %`;
}

describe("a cluster on NATS", function () {
  this.timeout(180_000);
  let servers: TestNats[] = [];
  let count = 0;
  let prefix = "";
  const services: Service[] = [];
  const buses: NatsBus[] = [];

  before(async function () {
    const program = findNatsServer();
    if (typeof program !== "string") missing(this, program.missing);
    servers = await startNats(program, 1);
  });
  after(() => stopNats(servers));
  beforeEach(() => void (prefix = `test${count++}`));
  afterEach(async () => {
    for (const service of services.splice(0)) await service.end("SIGKILL");
    for (const bus of buses.splice(0)) await bus.close();
  });

  async function connect(): Promise<NatsBus> {
    const bus = await NatsBus.open({ servers: servers[0]!.url, prefix });
    buses.push(bus);
    return bus;
  }

  async function service(role: string, env: Readonly<Record<string, string>> = {}): Promise<Service> {
    const started = await Service.start([role, servers[0]!.url, prefix], env);
    services.push(started);
    return started;
  }

  async function runs(): Promise<ClusterRuns> {
    return ClusterRuns.open({ bus: await connect(), log: silentLog });
  }

  clusterContract("NATS", async () => ({
    connect,
    async close() {
      for (const bus of buses.splice(0)) await bus.close();
    },
  }));

  /** Starts a run and waits until so many of its frames are there. */
  async function begun(host: ClusterRuns, wanted: RunRequest, frames: number): Promise<string> {
    const { id } = await host.start(wanted);
    for await (const frame of host.frames(id)) if (readFrameHeader(frame).seq >= frames) break;
    return id;
  }

  /** Reads the rest of a run and holds it against what one process gives; says how long it took. */
  async function same(host: ClusterRuns, id: string, wanted: RunRequest, what: string): Promise<void> {
    const since = performance.now();
    const bytes = await allBytes(host.frames(id));
    console.log(`      ${what}: all there ${((performance.now() - since) / 1000).toFixed(1)} s later`);
    assert.deepEqual(bytes, await streamed(wanted));
  }

  it("loses nothing when a worker is killed", async () => {
    const host = await runs();
    const wanted = sweep(600);
    const [worker] = [await service("worker"), await service("worker")];
    const id = await begun(host, wanted, 100);
    await worker!.end("SIGKILL");
    await same(host, id, wanted, "a worker killed");
    await host.close();
  });

  it("loses nothing when the service that leads a run is killed", async () => {
    const wanted = sweep(600);
    await service("worker");
    const leader = await service("runs");
    const asked = once(leader.process, "message") as Promise<[string]>;
    leader.process.send(wanted);
    const [id] = await asked;
    const host = await runs();
    for await (const frame of host.frames(id)) if (readFrameHeader(frame).seq >= 100) break;
    await leader.end("SIGKILL");
    await same(host, id, wanted, "a service of runs killed");
    await host.close();
  });

  it("loses nothing when the bus is killed and comes back", async () => {
    const host = await runs();
    const wanted = sweep(600);
    await service("worker");
    const id = await begun(host, wanted, 100);
    await servers[0]!.kill();
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    servers[0]!.restart();
    await same(host, id, wanted, "the bus killed for a second");
    await host.close();
  });

  it("keeps 10,000 tasks for which there is no worker in little room, and begins at once when one comes", async () => {
    const bus = await connect();
    const host = await ClusterRuns.open({ bus, log: silentLog });
    const one = request({ runs: 10_000, until: "500ms", warmup: "50ms", every: "50ms", series: false });
    const wanted = { ...one, points: one.points.slice(0, 1) };
    const { id } = await host.start(wanted);
    const { tasks } = new ClusterBus(bus);
    const waiting = async (): Promise<number> => (await tasks.depth())["batch"]!.waiting;
    await until(async () => (await waiting()) > 0, "work waits");
    // What a service hands out waits for what comes back, however long nobody comes.
    const before = settledHeap();
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    const [held, grown] = [await waiting(), settledHeap() - before];
    assert.ok(held <= 16, `${held} chunks wait`);
    assert.ok(grown < 4, `${grown} MiB more after a while`);
    const worker = new ClusterWorker({ bus: await connect(), log: silentLog, workers: 1 });
    const since = performance.now();
    await worker.start();
    // That all of many tasks are done once is seen elsewhere.
    const enough = 1_000;
    let first = 0;
    let rows = 0;
    for await (const frame of host.frames(id)) {
      const header = readFrameHeader(frame);
      if (header.table !== tableNumbers.summary || isSchemaFrame(header)) continue;
      if (rows++ === 0) first = performance.now() - since;
      if (rows === enough) break;
    }
    console.log(
      `      ${held} chunks waited, ${before} MiB of heap; the first row ${first.toFixed(0)} ms after the worker`,
    );
    assert.equal(rows, enough);
    assert.equal((await host.cancel(id)).state, "cancelled");
    await worker.drain();
    await host.close();
  });

  it("repeats no more of a long task than its worker did since the last checkpoint", async () => {
    const host = await runs();
    const wanted = longTask();
    const traces = await freshFolder();
    const [first, second] = ["first", "second"].map((name) => join(traces, name));
    const worker = await service("traced-worker", { ARCHITECH_TEST_TRACE: first! });
    const { id } = await host.start(wanted);
    await until(async () => last((await trace(first!)).at) > 0.5 * longMs, "half of the task is done", 100_000);
    await worker.end("SIGKILL");
    const expected = streamed(wanted);
    await service("traced-worker", { ARCHITECH_TEST_TRACE: second! });
    assert.deepEqual(await allBytes(host.frames(id)), await expected);
    const [before, after] = [await trace(first!), await trace(second!)];
    const begun = after.from[0]!;
    // The last one may have been on its way to the bus still.
    assert.ok(before.checkpoint.slice(-2).includes(begun), `it went on from ${begun} of ${before.checkpoint}`);
    const repeated = before.at.filter((ms) => ms > begun).length / before.at.length;
    console.log(
      `      a worker killed at ${share(last(before.at))} of a task, after ${before.checkpoint.length} checkpoints: ` +
        `another went on from ${share(begun)}, so ${(100 * repeated).toFixed(0)} % of what the first did was done again`,
    );
    const progress = (await connect()).objects("progress");
    await until(async () => !(await progress.has(`${id}.0-1`)), "nothing is kept of it");
    await host.close();
  });

  it("ends a task that kills every worker as a failed row, and goes on", async () => {
    const host = await runs();
    const { id } = await host.start(sweep(5, { runs: 1 }));
    let deaths = 0;
    let isOver = false;
    const over = host.ended(id).finally(() => (isOver = true));
    while (!isOver) {
      const worker = await service("deadly-worker");
      await Promise.race([once(worker.process, "exit"), over]);
      if (!isOver) deaths++;
    }
    assert.equal((await over).state, "done");
    assert.ok(deaths >= 2 && deaths <= 6, `${deaths} workers died`);
    const text = (await allBytes(host.frames(id))).toString("latin1");
    assert.match(text, /worker-crashed/);
    assert.equal((await host.info(id)).done, 5);
    await host.close();
  });

  it("keeps a run while there is no bus", async () => {
    const host = await runs();
    await servers[0]!.kill();
    const started = host.start(request());
    await new Promise((resolve) => setTimeout(resolve, 500));
    servers[0]!.restart();
    const { id } = await started;
    await service("worker");
    assert.equal((await host.ended(id)).state, "done");
    await host.close();
  });
});
