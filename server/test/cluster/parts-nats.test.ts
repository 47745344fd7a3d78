import assert from "node:assert/strict";
import type { RunRequest } from "@architech/protocol";
import { findNatsServer, missing, startNats, stopNats, type TestNats } from "@architech/test-tools";
import { NatsBus } from "#src/bus/nats/nats-bus.js";
import { ClusterRuns } from "#src/cluster/cluster-runs.js";
import { partJoinings, partOffers } from "#src/cluster/part-messages.js";
import { silentLog } from "#src/log.js";
import { allBytes } from "../runs/host.js";
import { streamed } from "./cluster-contract.js";
import { cuttable, inParts } from "./cuttable.js";
import { report, timed } from "./one-bus.js";
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
    await follow();
  });
  afterEach(async () => {
    for (const worker of workers.splice(0)) await worker.end("SIGKILL");
    await runs.close();
    await bus.close();
  });

  async function worker(): Promise<void> {
    workers.push(await ServiceProcess.start(["keeping-worker", servers[0]!.url, prefix]));
  }

  /** Hears what parts say: who joins, and how many windows part 1 has given in each session. */
  const windows = new Map<string, number>();
  const helpers = new Set<string>();
  let wholeWindows = 0;
  let leads = "";
  async function follow(): Promise<void> {
    windows.clear();
    helpers.clear();
    const listen = async (subject: string, act: (bytes: Uint8Array, subject: string) => void): Promise<void> => {
      const heard = await bus.subscribe(subject);
      void (async () => {
        for await (const { bytes, subject: on } of heard) act(bytes, on);
      })();
    };
    await listen("parts.words.*.1", (_, subject) => {
      const session = subject.split(".")[2]!;
      windows.set(session, (windows.get(session) ?? 0) + 1);
    });
    await listen("parts.offers", (bytes) => void (leads = partOffers.unpack(bytes).worker));
    await listen("parts.joining.*", (bytes) => {
      const { state, worker: id } = partJoinings.unpack(bytes);
      if (state === "ready") helpers.add(id);
    });
  }

  /** What of one task was done twice, by the windows of its sessions. */
  function repeated(): string {
    const all = [...windows.values()];
    const more = all.reduce((sum, count) => sum + count, 0) - wholeWindows;
    return `${all.join(" + ")} windows instead of ${wholeWindows}, so ${((100 * more) / wholeWindows).toFixed(0)} % was done again`;
  }

  /** Starts a run and waits until its parts have said so many words to each other. */
  async function begun(words: number): Promise<string> {
    const heard = await bus.subscribe("parts.words.*.*");
    const { id } = await runs.start(wanted(2));
    let left = words;
    for await (const _ of heard) if (--left === 0) break;
    return id;
  }

  /** The worker that has taken the task: it has offered its parts. */
  function leader(): ServiceProcess {
    return workers.find(({ id }) => id === leads) ?? assert.fail("nobody leads");
  }

  it("gives what it gives as one, byte for byte", async () => {
    await Promise.all([worker(), worker()]);
    const { id } = await runs.start(wanted(2));
    const [seconds, bytes] = await timed(() => allBytes(runs.frames(id)));
    assert.deepEqual(bytes, await one);
    const { parts } = await runs.ended(id);
    assert.deepEqual([parts?.count, parts?.across], [2, "workers"], parts?.why);
    wholeWindows = [...windows.values()][0]!;
    report(`${parts!.windows} windows in ${seconds} s`);
  });

  // Who is asked once more has two seconds to say that it would help: on a busy machine the rest may be done in one place.
  it("is gone on with, by another worker where there is time, when the one that has a part is killed", async () => {
    await Promise.all([worker(), worker(), worker()]);
    const id = await begun(4_000);
    const first = leader();
    const helps = workers.find((worker) => worker !== first && helpers.has(worker.id));
    await (helps ?? assert.fail("nobody helps")).end("SIGKILL");
    const [seconds, bytes] = await timed(() => allBytes(runs.frames(id)));
    assert.deepEqual(bytes, await one);
    const { parts } = await runs.ended(id);
    report(`a part's worker killed: all there ${seconds} s later, across ${parts?.across}, ${repeated()}`);
  });

  it("is gone on with, by the one that leads it, when there is no other", async () => {
    await Promise.all([worker(), worker()]);
    const id = await begun(4_000);
    const first = leader();
    await workers.find((worker) => worker !== first)!.end("SIGKILL");
    const [seconds, bytes] = await timed(() => allBytes(runs.frames(id)));
    assert.deepEqual(bytes, await one);
    const { parts } = await runs.ended(id);
    assert.deepEqual([parts?.count, parts?.across], [2, undefined], parts?.why);
    report(`a part's worker killed, and no other there: all there ${seconds} s later`);
  });

  it("is gone on with when the worker that leads it is killed", async () => {
    await Promise.all([worker(), worker(), worker()]);
    const id = await begun(4_000);
    await leader().end("SIGKILL");
    const [seconds, bytes] = await timed(() => allBytes(runs.frames(id)));
    assert.deepEqual(bytes, await one);
    const { parts } = await runs.ended(id);
    report(`the worker that leads killed: all there ${seconds} s later, across ${parts?.across}, ${repeated()}`);
  });
});
