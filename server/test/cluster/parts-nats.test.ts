import assert from "node:assert/strict";
import type { RunRequest } from "@architech/protocol";
import { findNatsServer, missing, startNats, stopNats, type TestNats } from "@architech/test-tools";
import { NatsBus } from "#src/bus/nats/nats-bus.js";
import { ClusterRuns } from "#src/cluster/cluster-runs.js";
import { silentLog } from "#src/log.js";
import { allBytes } from "../runs/host.js";
import { streamed } from "./cluster-contract.js";
import { cuttable, inParts } from "./cuttable.js";
import { report, timed } from "./one-bus.js";
import { PartsHeard } from "./parts-heard.js";
import { ServiceProcess } from "./service-process.js";

/** Of one task, which takes a second or two as one. */
const wanted = (most?: number): RunRequest => inParts(cuttable["two zones"].model, most, { until: "60s" });

describe("a task in parts across worker processes on NATS", function () {
  this.timeout(120_000);
  let servers: TestNats[] = [];
  let count = 0;
  let prefix = "";
  let bus: NatsBus;
  let runs: ClusterRuns;
  let heard: PartsHeard;
  let wholeWindows = 0;
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
    heard = await PartsHeard.on(bus);
  });
  afterEach(async () => {
    for (const worker of workers.splice(0)) await worker.end("SIGKILL");
    await runs.close();
    await bus.close();
  });

  async function worker(): Promise<void> {
    workers.push(await ServiceProcess.start(["keeping-worker", servers[0]!.url, prefix]));
  }

  /** Starts a run and waits until its parts are at work. */
  async function begun(): Promise<string> {
    const { id } = await runs.start(wanted(2));
    await heard.words(2_500);
    return id;
  }

  function processOf(worker: string): ServiceProcess {
    return workers.find(({ id }) => id === worker) ?? assert.fail(`${worker} is none of ours`);
  }

  it("gives what it gives as one, byte for byte", async () => {
    await Promise.all([worker(), worker()]);
    const { id } = await runs.start(wanted(2));
    const [seconds, bytes] = await timed(() => allBytes(runs.frames(id)));
    assert.deepEqual(bytes, await one);
    const { parts } = await runs.ended(id);
    assert.deepEqual([parts?.count, parts?.across], [2, "workers"], parts?.why);
    wholeWindows = [...heard.windows.values()][0]!;
    report(`${parts!.windows} windows in ${seconds} s`);
  });

  // Who is asked once more has two seconds to say that it would help: on a busy machine the rest may be done in one place.
  it("is gone on with, by another worker where there is time, when the one that has a part is killed", async () => {
    await Promise.all([worker(), worker(), worker()]);
    const id = await begun();
    await processOf(heard.helper).end("SIGKILL");
    const [seconds, bytes] = await timed(() => allBytes(runs.frames(id)));
    assert.deepEqual(bytes, await one);
    const { parts } = await runs.ended(id);
    report(
      `a part's worker killed: all there ${seconds} s later, across ${parts?.across}, ${heard.repeated(wholeWindows)}`,
    );
  });

  it("is gone on with, by the one that leads it, when there is no other", async () => {
    await Promise.all([worker(), worker()]);
    const id = await begun();
    await processOf(heard.helper).end("SIGKILL");
    const [seconds, bytes] = await timed(() => allBytes(runs.frames(id)));
    assert.deepEqual(bytes, await one);
    const { parts } = await runs.ended(id);
    assert.deepEqual([parts?.count, parts?.across], [2, undefined], parts?.why);
    report(`a part's worker killed, and no other there: all there ${seconds} s later`);
  });

  it("is gone on with when the worker that leads it is killed", async () => {
    await Promise.all([worker(), worker(), worker()]);
    const id = await begun();
    await processOf(heard.leader).end("SIGKILL");
    const [seconds, bytes] = await timed(() => allBytes(runs.frames(id)));
    assert.deepEqual(bytes, await one);
    const { parts } = await runs.ended(id);
    report(
      `the worker that leads killed: all there ${seconds} s later, across ${parts?.across}, ${heard.repeated(wholeWindows)}`,
    );
  });
});
