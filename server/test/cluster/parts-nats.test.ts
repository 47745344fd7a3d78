import assert from "node:assert/strict";
import type { RunRequest } from "@architech/protocol";
import { findNatsServer, missing, startNats, stopNats, type TestNats } from "@architech/test-tools";
import { NatsBus } from "#src/bus/nats/nats-bus.js";
import { ClusterBus } from "#src/cluster/cluster-bus.js";
import { ClusterRuns } from "#src/cluster/cluster-runs.js";
import { WorkerRegistry } from "#src/cluster/worker-registry.js";
import { silentLog } from "#src/log.js";
import { allBytes } from "../runs/host.js";
import { streamed } from "./cluster-contract.js";
import { cuttable, inParts } from "./cuttable.js";
import { report, timed } from "./one-bus.js";
import { until } from "./processes.js";
import { ServiceProcess } from "./service-process.js";

/** Of one task, which takes a second or two as one. */
const wanted = (most?: number): RunRequest => inParts(cuttable["two zones"].model, most, { until: "90s" });

describe("a task in parts across worker processes on NATS", function () {
  this.timeout(120_000);
  let servers: TestNats[] = [];
  let count = 0;
  let prefix = "";
  let bus: NatsBus;
  let runs: ClusterRuns;
  let registry: WorkerRegistry;
  const workers: ServiceProcess[] = [];
  let one: Promise<Buffer>;

  before(async function () {
    const program = findNatsServer();
    if (typeof program !== "string") missing(this, program.missing);
    servers = await startNats(program, 1);
    one = streamed(wanted());
  });
  after(() => stopNats(servers));
  beforeEach(async () => {
    prefix = `parts${count++}`;
    bus = await NatsBus.open({ servers: servers[0]!.url, prefix });
    runs = await ClusterRuns.open({ bus, log: silentLog });
    registry = new WorkerRegistry(new ClusterBus(bus).workers, silentLog);
    registry.follow();
  });
  afterEach(async () => {
    for (const worker of workers.splice(0)) await worker.end("SIGKILL");
    registry.close();
    await runs.close();
    await bus.close();
  });

  async function worker(): Promise<void> {
    workers.push(await ServiceProcess.start(["worker", servers[0]!.url, prefix]));
  }

  /** Starts a run and waits until its parts have said so many words to each other. */
  async function begun(words: number): Promise<string> {
    const heard = await bus.subscribe("parts.words.*.*");
    const { id } = await runs.start(wanted(2));
    let left = words;
    for await (const _ of heard) if (--left === 0) break;
    return id;
  }

  /** The worker that has taken the task. */
  async function leader(): Promise<ServiceProcess> {
    let found: ServiceProcess | undefined;
    await until(() => {
      const busy = registry.all().filter(({ busy }) => busy > 0);
      found = workers.find(({ id }) => busy.some((note) => note.id === id));
      return found !== undefined;
    }, "a worker says that it works");
    return found!;
  }

  it("gives what it gives as one, byte for byte", async () => {
    await Promise.all([worker(), worker()]);
    const { id } = await runs.start(wanted(2));
    const [seconds, bytes] = await timed(() => allBytes(runs.frames(id)));
    assert.deepEqual(bytes, await one);
    const { parts } = await runs.info(id);
    assert.deepEqual([parts?.count, parts?.across], [2, "workers"], parts?.why);
    report(`${parts!.windows} windows in ${seconds} s`);
  });

  for (const who of ["that leads it", "that has the other part"])
    it(`is done all the same when the worker ${who} is killed`, async () => {
      await Promise.all([worker(), worker()]);
      const id = await begun(2_000);
      const leads = await leader();
      const other = workers.find((worker) => worker !== leads)!;
      await (who === "that leads it" ? leads : other).end("SIGKILL");
      const [seconds, bytes] = await timed(() => allBytes(runs.frames(id)));
      assert.deepEqual(bytes, await one);
      const { parts } = await runs.info(id);
      report(`all there ${seconds} s later: ${parts?.why}`);
    });
});
