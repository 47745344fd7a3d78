import assert from "node:assert/strict";
import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { ArchitechError } from "@architech/protocol";
import { findNatsServer, missing, startNats, stopNats, type TestNats } from "@architech/test-tools";
import { jetstreamManager } from "@nats-io/jetstream";
import { connect } from "@nats-io/transport-node";
import { NatsBus } from "#src/bus/nats/nats-bus.js";
import { busContract } from "./bus-contract.js";
import { failing, gather, text, unique } from "./bytes.js";
import { leaderOf, Run } from "./run-through.js";

const lanes = [{ name: "batch", weight: 1 }];
const child = fileURLToPath(new URL("nats-child.js", import.meta.url));

/** Two users of the servers given, or of those that a test has started. */
function buses(urls: () => readonly string[]) {
  const opened: NatsBus[] = [];
  const prefix = unique("test");
  const open = async (i: number): Promise<void> => {
    const all = urls();
    // The second prefers another server of a cluster.
    const servers = [...all.slice(i), ...all.slice(0, i)].join(",");
    opened[i] = await NatsBus.open({ servers, prefix, limitMs: 20_000 });
  };
  return {
    prefix,
    bus: () => opened[0]!,
    other: () => opened[1]!,
    open: () => Promise.all([open(0), open(1)]),
    close: () => Promise.all(opened.map((bus) => bus.close())),
  };
}

/** Leaves servers that are not ours as they were. */
async function deleteStreams(url: string, prefix: string): Promise<void> {
  const nc = await connect({ servers: url.split(",").map((one) => one.slice(one.indexOf("//") + 2)) });
  const jsm = await jetstreamManager(nc);
  for await (const { config } of jsm.streams.list())
    if (config.name.startsWith(`${prefix}_`)) await jsm.streams.delete(config.name);
  await nc.close();
}

describe("NatsBus", () => {
  let program = "";
  before(function () {
    const found = findNatsServer();
    if (typeof found !== "string") missing(this, found.missing);
    program = found;
  });

  describe("on one server", () => {
    let servers: TestNats[] = [];
    const users = buses(() => servers.map(({ url }) => url));
    const { bus, other, prefix } = users;
    before(async () => {
      servers = await startNats(program, 1);
      await users.open();
    });
    after(async () => {
      await users.close();
      await stopNats(servers);
    });

    busContract(users);

    it("what a killed worker had taken is delivered again", async () => {
      const queue = bus().queue("killed", { lanes, ackWaitMs: 1_000 });
      await queue.publish("batch", text("x"), { id: "x" });
      const worker = fork(child, [servers[0]!.url, prefix, "killed"]);
      assert.deepEqual((await once(worker, "message"))[0], [{ id: "x", attempt: 1 }]);
      worker.kill("SIGKILL");
      const start = performance.now();
      const [again] = await queue.take();
      console.log(
        `      delivered again after ${(performance.now() - start).toFixed(0)} ms, with an ack wait of 1,000`,
      );
      assert.deepEqual([again?.id, again?.attempt], ["x", 2]);
      await again!.ack();
    });

    it("messages that somebody else has put on its subjects do no harm", async () => {
      const nc = await connect({ servers: servers[0]!.url.slice("nats://".length) });
      const queue = bus().queue("forged", { lanes });
      const logs = bus().logs("forged");
      await queue.publish("batch", text("mine"), { id: "mine" });
      await logs.append("r", 0, text("zero"));
      await nc.request(`${prefix}.q.forged.batch`, "no id");
      await nc.request(`${prefix}.q.forged.batch`, new Uint8Array(1_040_000));
      const deliveries = await queue.take({ max: 3 });
      assert.deepEqual(
        deliveries.map(({ id, bytes }) => [id, bytes.byteLength]),
        [
          ["mine", 4],
          ["sequence-2", 5],
          ["sequence-3", 1_040_000],
        ],
      );
      for (const delivery of deliveries) await delivery.drop("not ours");
      await nc.request(`${prefix}.l.forged.r.x1`, "no number");
      await assert.rejects(logs.append("r", 1, text("one")), failing("bad-message"));
      await assert.rejects(gather(logs.read("r")), failing("bad-message"));
      await nc.request(`${prefix}.o.forged.m.a`, "{").catch(() => {});
      await nc.close();
    });

    it("streams of an earlier version tell from now on of what they have stored", async () => {
      const nc = await connect({ servers: servers[0]!.url.slice("nats://".length) });
      const jsm = await jetstreamManager(nc);
      const earlier = { max_msgs_per_subject: 1, allow_direct: true, allow_msg_ttl: true };
      const name = `${prefix}_s_earlier`;
      await jsm.streams.add({ name, subjects: [`${prefix}.s.earlier.>`], ...earlier });
      await nc.request(`${prefix}.s.earlier.a`, "before");
      const state = bus().state("earlier");
      const stop = new AbortController();
      const seen: string[] = [];
      const watching = (async () => {
        for await (const { value } of state.watch("", stop.signal)) {
          seen.push(Buffer.from(value!).toString());
          if (seen.length === 2) return;
        }
      })();
      await state.get("a");
      const since = performance.now();
      await state.create("b", text("after"));
      await watching;
      // Without a word it would be looked for after five seconds.
      assert.ok(performance.now() - since < 2_500);
      assert.deepEqual(seen, ["before", "after"]);
      assert.deepEqual((await jsm.streams.info(name)).config.republish?.headers_only, true);
      await nc.close();
    });

    it("a log knows another writer's frames before it refuses", async () => {
      const [logs, same] = [bus().logs("two"), other().logs("two")];
      await logs.append("r", 0, text("0"));
      await same.append("r", 1, text("1"));
      await logs.append("r", 2, text("2"));
      await same.delete("r");
      await logs.append("r", 0, text("anew"));
      await assert.rejects(same.append("r", 2, text("2")), failing("log-conflict"));
      assert.equal((await other().logs("two").info("r")).frames, 1);
    });

    it("close() ends what waits; afterwards everything is bus-closed", async () => {
      const closing = await NatsBus.open({ servers: servers[0]!.url, prefix });
      const queue = closing.queue("closing", { lanes });
      const [state, logs] = [closing.state("closing"), closing.logs("closing")];
      await logs.append("r", 0, text("0"));
      await queue.publish("batch", text("x"), { id: "x" });
      const [delivery] = await queue.take();
      const subscription = await closing.subscribe("a");
      const waiting = [
        queue.take(),
        gather(logs.read("r")),
        (async () => {
          for await (const _ of state.watch(""));
        })(),
        (async () => {
          for await (const _ of subscription);
        })(),
      ];
      await state.create("a", text("x"));
      await closing.close();
      await closing.close();
      await Promise.all(waiting);
      for (const act of [
        () => queue.publish("batch", text("x"), { id: "y" }),
        () => queue.take(),
        () => delivery!.ack(),
        () => delivery!.retry(),
        () => state.get("a"),
        () => logs.append("r", 1, text("1")),
        () => closing.publish("a", text("x")),
        () => closing.request("a", text("x")),
      ])
        await assert.rejects(act, failing("bus-closed"));
      assert.equal(closing.health().connected, false);
    });
  });

  describe("on a cluster of three", () => {
    let servers: TestNats[] = [];
    const users = buses(() => servers.map(({ url }) => url));
    before(async () => {
      servers = await startNats(program, 3);
      await users.open();
    });
    after(async () => {
      await users.close();
      await stopNats(servers);
    });

    busContract(users);

    describe("of which one dies", () => {
      it("the leader is killed in mid-run: nothing acknowledged is lost, every task is done, every frame is there once", async () => {
        const leader = await leaderOf(users, servers);
        const run = new Run(users.bus(), users.other());
        const results = run.all();
        await run.after(100);
        await leader.kill();
        await results;
        run.report(leader.name);
      });
    });
  });

  const external = process.env["ARCHITECH_TEST_NATS_URL"];
  if (external)
    describe("on the servers of ARCHITECH_TEST_NATS_URL", () => {
      const users = buses(() => external.split(","));
      before(() => users.open());
      after(async () => {
        await users.close();
        await deleteStreams(external, users.prefix);
      });

      busContract(users);
    });

  it("a server that is down or gone is told by its address; acts fail in time, and work again when it is there", async () => {
    const servers = await startNats(program, 1, {
      more: `authorization { user: me, password: "pass word" }`,
      login: "me:pass word",
    });
    const [server] = servers;
    const url = server!.url.replace("//", "//me:pass%20word@");
    await server!.kill();
    const warnings: string[] = [];
    const log = { info() {}, error() {}, warn: (line: string) => void warnings.push(line) };
    const bus = await NatsBus.open({ servers: url, prefix: "down", limitMs: 400, log });
    const state = bus.state("s");
    const host = server!.url.slice("nats://".length);
    const isTold = (error: ArchitechError): boolean => {
      failing("bus-unreachable")(error);
      assert.ok(error.message.includes(host) && !error.message.includes("word"), error.message);
      return true;
    };
    try {
      await assert.rejects(state.create("a", text("x")), isTold);
      const { connected, server: address, error } = bus.health();
      assert.deepEqual([connected, address], [false, server!.url]);
      assert.match(error ?? "", /no connection to nats:\/\/127/);
      assert.ok(warnings.length > 0 && !warnings.some((line) => line.includes("word")));
      server!.restart();
      const works = async (): Promise<void> => {
        const deadline = Date.now() + 15_000;
        while (!bus.health().connected && Date.now() < deadline) await new Promise((done) => setTimeout(done, 20));
        for (;;) {
          const entry = await state.get("a").catch((thrown) => (isTold(thrown) ? undefined : undefined));
          if (entry !== undefined) return;
          if (Date.now() > deadline) throw new Error("it does not work again");
          await state.create("a", text("x")).catch(isTold);
        }
      };
      await works();
      const waiting = bus.queue("q", { lanes }).take();
      await server!.kill();
      await assert.rejects(state.get("a"), isTold);
      assert.equal(bus.health().connected, false);
      const start = performance.now();
      server!.restart();
      await works();
      console.log(`      works again ${(performance.now() - start).toFixed(0)} ms after its server was started again`);
      // A take waits through an outage.
      const queue = bus.queue("q", { lanes });
      for (;;) {
        const stored = await queue.publish("batch", text("x"), { id: "x" }).catch(isTold);
        if (stored) break;
      }
      assert.equal((await waiting)[0]?.id, "x");
      const refused = await NatsBus.open({ servers: server!.url.replace("//", "//me:wrong@"), limitMs: 400 });
      await assert.rejects(refused.state("s").get("a"), (error: ArchitechError) => {
        failing("bus-unreachable")(error);
        assert.match(error.message, /[Aa]uthori[sz]ation/);
        return true;
      });
      await refused.close();
    } finally {
      await bus.close();
      await stopNats(servers);
    }
  });

  it("a full store is storage-full, and what was there stays", async () => {
    const servers = await startNats(program, 1, { maxFile: "8MB" });
    const bus = await NatsBus.open({ servers: servers[0]!.url, limitMs: 5_000 });
    try {
      const logs = bus.logs("l");
      const frame = Buffer.alloc(500_000, 7);
      let stored = 0;
      await assert.rejects(async () => {
        for (; stored < 40; stored++) await logs.append("r", stored, frame);
      }, failing("storage-full"));
      assert.ok(stored > 4 && stored < 20, `${stored}`);
      assert.equal((await logs.info("r")).frames, stored);
      assert.equal((await gather(logs.read("r", 0, AbortSignal.timeout(1_000)))).length, stored);
    } finally {
      await bus.close();
      await stopNats(servers);
    }
  });

  it("addresses and options that cannot be are refused at once", async () => {
    for (const servers of ["", "localhost", "http://me:secret@localhost:4222", "nats://", "nats://a,b"])
      await assert.rejects(NatsBus.open({ servers }), (error: ArchitechError) => {
        failing("invalid-argument")(error);
        assert.doesNotMatch(error.message, /secret/);
        return true;
      });
    await assert.rejects(NatsBus.open({ servers: "nats://a", replicas: 6 }), failing("invalid-argument"));
    await assert.rejects(NatsBus.open({ servers: "nats://a", prefix: "a.b" }), failing("bus-name-invalid"));
    await assert.rejects(
      NatsBus.open({ servers: "nats://a", credentials: "/nowhere/x.creds" }),
      failing("invalid-argument"),
    );
  });
});
