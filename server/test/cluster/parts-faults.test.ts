import assert from "node:assert/strict";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import type { RunRequest } from "@architech/protocol";
import { findNatsServer, missing, startNats, stopNats, type TestNats } from "@architech/test-tools";
import { jetstreamManager } from "@nats-io/jetstream";
import { connect } from "@nats-io/transport-node";
import type { ClusterRuns } from "#src/cluster/cluster-runs.js";
import { allBytes } from "../runs/host.js";
import { streamed } from "./cluster-contract.js";
import { cuttable, inParts } from "./cuttable.js";
import type { FaultyLink } from "./faulty-link.js";
import { OneBus, report, timed } from "./one-bus.js";
import { PartsHeard } from "./parts-heard.js";
import { until } from "./processes.js";
import { ServiceProcess } from "./service-process.js";

const { model } = cuttable["two zones"];
/** Words after which a task is in the midst of its windows. */
const midst = 1_000;
/** Not so short that it would be work for the thread that is there. */
const wanted = (most?: number): RunRequest => inParts(model, most, { until: "45s" });

describe("a task in parts across workers, in a cluster in which something fails,", function () {
  this.timeout(120_000);
  let program = "";
  let servers: TestNats[] = [];
  let count = 0;
  let cluster: OneBus;
  let runs: ClusterRuns;
  let heard: PartsHeard;
  let one: Promise<Buffer>;

  before(async function () {
    const found = findNatsServer();
    if (typeof found !== "string") missing(this, found.missing);
    program = found;
    servers = await startNats(program, 1);
    one = streamed(wanted());
  });
  after(() => stopNats(servers));
  beforeEach(() => open(servers));
  afterEach(async () => {
    heard.close();
    await cluster.close();
  });

  async function open([server]: readonly TestNats[]): Promise<void> {
    cluster = new OneBus(server!.url, `parts-faults${count++}`);
    runs = await cluster.runs();
    heard = await PartsHeard.on(await cluster.connect());
  }

  /** Starts a run and waits until its parts are in the midst of it. */
  async function begun(): Promise<string> {
    const { id } = await runs.start(wanted(2));
    await heard.words(midst);
    return id;
  }

  /** Reads all of a run, which must be what it is as one; says how long that took. */
  async function same(id: string, what: string): Promise<void> {
    const [seconds, bytes] = await timed(() => allBytes(runs.frames(id)));
    assert.deepEqual(bytes, await one);
    const { parts } = await runs.ended(id);
    const sessions = [...heard.windows.values()].join(" + ");
    report(`${what}: all there ${seconds} s later, across ${parts?.across}, in ${sessions} windows`);
  }

  describe("a network", () => {
    /** Of each worker. */
    const links = new Map<string, FaultyLink>();
    beforeEach(async () => {
      links.clear();
      for (let i = 0; i < 3; i++) {
        const link = await cluster.link();
        const { id } = await cluster.worker({ checkpointMs: 500 }, link.url);
        links.set(id, link);
      }
    });

    afterEach(() => {
      for (const link of links.values()) link.heal();
    });

    // It comes back when the others have just begun again, and goes on as well.
    for (const who of ["leader", "helper"] as const)
      it(`that parts the one that ${who === "leader" ? "leads" : "has a part"} from the bus: the others go on`, async () => {
        const id = await begun();
        const link = links.get(heard[who])!;
        link.cut("up", "down");
        void heard.offers(2).then(() => link.heal());
        await same(id, `the ${who} cut off`);
      });
  });

  it("the bus, for less than its parts wait for each other: they go on", async () => {
    for (let i = 0; i < 2; i++) await cluster.worker();
    const id = await begun();
    await servers[0]!.kill();
    await sleep(2_000);
    servers[0]!.restart();
    await same(id, "the bus away for two seconds");
  });

  it("the bus, for longer than its parts wait for each other", async () => {
    for (let i = 0; i < 2; i++) await cluster.worker({ checkpointMs: 500 });
    const id = await begun();
    await servers[0]!.kill();
    await sleep(7_000);
    servers[0]!.restart();
    await same(id, "the bus away for seven seconds");
  });

  describe("of which one server of three is killed,", () => {
    let three: TestNats[] = [];
    before(async () => void (three = await startNats(program, 3)));
    after(() => stopNats(three));

    it("the one that leads the queue of tasks, and through which all words go", async () => {
      await cluster.close();
      await open(three);
      const { id: first } = await runs.start(inParts(model, 1, { until: "1s" }));
      const leader = await leaderOf(three, `parts-faults${count - 1}_q_tasks`);
      for (let i = 0; i < 2; i++) {
        const bus = await cluster.connect(leader.url);
        await cluster.worker({ bus });
        assert.match(bus.health().server, new RegExp(`\\(${leader.name},`));
      }
      await runs.ended(first);
      const id = await begun();
      await leader.kill();
      await same(id, `${leader.name} of three killed`);
    });
  });

  it("it ends every worker that leads it: a failed row that says so, beside those of the others", async () => {
    const points = [50, 3, 40].map((threads) => ({ key: { threads }, change: { front: { threads } } }));
    const { id } = await runs.start({ ...inParts(model, 2, { until: "5s", series: false }), kind: "sweep", points });
    const over = runs.ended(id);
    let isOver = false;
    let deaths = 0;
    const workers = new Set<ServiceProcess>();
    /** As in a cluster, another is started for one that has died. */
    const keep = async (): Promise<void> => {
      const worker = await ServiceProcess.start(["deadly-worker", servers[0]!.url, `parts-faults${count - 1}`]);
      workers.add(worker);
      await Promise.race([once(worker.process, "exit"), over]);
      if (isOver) return;
      deaths++;
      return keep();
    };
    const kept = [keep(), keep()];
    const [seconds, { state }] = await timed(() => over);
    isOver = true;
    await Promise.all(kept);
    for (const worker of workers) await worker.end("SIGKILL");
    assert.equal(state, "done");
    const text = (await allBytes(runs.frames(id))).toString("latin1");
    assert.match(text, /worker-crashed/);
    assert.equal((await runs.info(id)).done, 3);
    assert.ok(deaths >= 2 && deaths <= 6, `${deaths} workers died`);
    report(`given up after ${deaths} deaths, ${seconds} s`);
  });
});

/** The server that leads a stream, once it is there. */
async function leaderOf(servers: readonly TestNats[], stream: string): Promise<TestNats> {
  const nc = await connect({ servers: servers[0]!.url.slice("nats://".length) });
  const jsm = await jetstreamManager(nc);
  const find = async (): Promise<TestNats | undefined> => {
    const { cluster } = await jsm.streams.info(stream).catch(() => ({ cluster: undefined }));
    return servers.find(({ name }) => name === cluster?.leader);
  };
  let leader: TestNats | undefined;
  await until(async () => (leader = await find()) !== undefined, `somebody leads ${stream}`);
  await nc.close();
  return leader!;
}
