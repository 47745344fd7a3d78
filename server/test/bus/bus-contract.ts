import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { pause } from "@architech/protocol";
import type { Bus, Delivery, LaneDepth, QueueOptions, Subscription, WorkQueue } from "#src/bus/bus.js";
import type { RevisionConflict } from "#src/bus/conflict.js";
import { busLimits } from "#src/bus/names.js";
import { failing, gather, text, unique } from "./bytes.js";

/** What a contract is held against. */
export interface BusUnderTest {
  /** A bus, shared by all tests of the suite: each takes names of its own. */
  readonly bus: () => Bus;
  /** Another user of what the bus keeps: a second connection, or the bus itself where there can be only one. */
  readonly other: () => Bus;
}

const lanes = [
  { name: "interactive", weight: 3 },
  { name: "batch", weight: 1 },
];

/** In a cluster it takes a moment until who counts what waits has heard of it. */
async function holds(queue: WorkQueue, expected: Readonly<Record<string, LaneDepth>>): Promise<void> {
  const end = performance.now() + 5_000;
  for (;;) {
    const depth = await queue.depth();
    const found = Object.fromEntries(Object.keys(expected).map((lane) => [lane, depth[lane]]));
    if (isDeepStrictEqual(found, expected) || performance.now() > end) return assert.deepEqual(found, expected);
    await pause(20);
  }
}

/** What every bus must do, whatever it is made of. */
export function busContract({ bus, other }: BusUnderTest): void {
  const queueOf = (options: Partial<QueueOptions> = {}, name = unique("queue")) => ({
    queue: bus().queue(name, { lanes, ackWaitMs: 600, ...options }),
    same: other().queue(name, { lanes, ackWaitMs: 600, ...options }),
  });
  const one = async (taken: Promise<Delivery[]>): Promise<Delivery> => {
    const [delivery] = await taken;
    assert.ok(delivery);
    return delivery;
  };

  describe("a queue", () => {
    it("gives what was published to one taker, once, in order", async () => {
      const { queue, same } = queueOf();
      for (let i = 0; i < 20; i++) await queue.publish("batch", text(`task ${i}`), { id: `t${i}` });
      await holds(queue, { batch: { waiting: 20, taken: 0 } });
      const deliveries: Delivery[] = [];
      while (deliveries.length < 20) deliveries.push(...(await same.take({ max: 8 })));
      assert.deepEqual(
        deliveries.map(({ bytes }) => Buffer.from(bytes).toString()),
        Array.from({ length: 20 }, (_, i) => `task ${i}`),
      );
      assert.deepEqual(
        deliveries.map(({ id, attempt, lane }) => [id, attempt, lane]),
        Array.from({ length: 20 }, (_, i) => [`t${i}`, 1, "batch"]),
      );
      await Promise.all(deliveries.map((delivery) => delivery.ack()));
      await holds(queue, { interactive: { waiting: 0, taken: 0 }, batch: { waiting: 0, taken: 0 } });
    });

    it("a take waits for a message, and gives none when its signal aborts", async () => {
      const { queue, same } = queueOf();
      const waiting = one(same.take());
      await queue.publish("interactive", text("now"), { id: "a" });
      await (await waiting).ack();
      const stop = new AbortController();
      const stopped = same.take({ signal: stop.signal });
      stop.abort();
      assert.deepEqual(await stopped, []);
      assert.deepEqual(await queue.take({ signal: AbortSignal.abort() }), []);
      await queue.publish("batch", text("later"), { id: "b" });
      const next = await one(queue.take());
      assert.equal(next.id, "b");
      await next.ack();
    });

    it("stores one id once, in whichever lane, also when it is published many times at once", async () => {
      const { queue, same } = queueOf();
      const stored = await Promise.all(
        Array.from({ length: 16 }, (_, i) =>
          (i % 2 === 0 ? queue : same).publish("batch", text(`from ${i}`), { id: "x" }),
        ),
      );
      assert.equal(stored.filter(Boolean).length, 1);
      assert.equal(await queue.publish("interactive", text("again"), { id: "x" }), false);
      const delivery = await one(queue.take());
      await delivery.ack();
      assert.equal(await queue.publish("batch", text("done already"), { id: "x" }), false);
      await holds(queue, { interactive: { waiting: 0, taken: 0 }, batch: { waiting: 0, taken: 0 } });
    });

    it("delivers again what is neither ended nor extended in time, before what is newer", async () => {
      const { queue, same } = queueOf({ ackWaitMs: 400 });
      for (const id of ["a", "b", "c"]) await queue.publish("batch", text(id), { id });
      const [first, kept] = await queue.take({ max: 2 });
      assert.deepEqual([first?.id, kept?.id], ["a", "b"]);
      const extending = setInterval(() => void kept?.extend().catch(() => {}), 100);
      try {
        const deadline = Date.now() + 5_000;
        const seen: [string, number][] = [];
        // The rest is taken at once; what was dropped comes when its time is over, and what is extended does not.
        while (seen.length < 2 && Date.now() < deadline)
          for (const delivery of await same.take({ max: 8 })) {
            seen.push([delivery.id, delivery.attempt]);
            await delivery.ack();
          }
        assert.deepEqual(seen, [
          ["c", 1],
          ["a", 2],
        ]);
      } finally {
        clearInterval(extending);
      }
      await kept?.ack();
      await holds(queue, { batch: { waiting: 0, taken: 0 } });
    });

    it("retry() gives a message back, at once or after a while, and counts the attempts", async () => {
      const { queue } = queueOf({ ackWaitMs: 20_000 });
      await queue.publish("batch", text("x"), { id: "x" });
      await (await one(queue.take())).retry();
      const second = await one(queue.take());
      assert.equal(second.attempt, 2);
      const start = performance.now();
      await second.retry(300);
      await holds(queue, { batch: { waiting: 0, taken: 1 } });
      const third = await one(queue.take());
      assert.equal(third.attempt, 3);
      assert.ok(performance.now() - start > 250);
      await third.ack();
      await third.ack();
      await holds(queue, { batch: { waiting: 0, taken: 0 } });
    });

    it("oldest() is how long the oldest message of each lane has been there, taken or not", async () => {
      const { queue, same } = queueOf({ ackWaitMs: 20_000 });
      assert.deepEqual(await queue.oldest(), { interactive: 0, batch: 0 });
      await queue.publish("batch", text("old"), { id: "old" });
      await new Promise((resolve) => setTimeout(resolve, 300));
      await queue.publish("batch", text("new"), { id: "new" });
      const both = await same.oldest();
      assert.equal(both["interactive"], 0);
      // A server's clock may be some milliseconds off.
      assert.ok(both["batch"]! >= 250 && both["batch"]! < 5_000, `${both["batch"]} ms`);
      const old = await one(queue.take());
      assert.ok((await queue.oldest())["batch"]! >= both["batch"]!);
      await old.ack();
      assert.ok((await queue.oldest())["batch"]! < both["batch"]!);
      await (await one(queue.take())).ack();
      assert.deepEqual(await queue.oldest(), { interactive: 0, batch: 0 });
    });

    it("drop() ends a message for good", async () => {
      const { queue } = queueOf({ ackWaitMs: 300 });
      await queue.publish("batch", text("poison"), { id: "p" });
      await (await one(queue.take())).drop("it is poison");
      await queue.publish("batch", text("food"), { id: "f" });
      const next = await one(queue.take());
      assert.equal(next.id, "f");
      await next.ack();
      await holds(queue, { batch: { waiting: 0, taken: 0 } });
    });

    it("takes from the preferred lane first, and from the others by their weight", async () => {
      const { queue } = queueOf({ ackWaitMs: 20_000 });
      const publish = (lane: string, count: number) =>
        Promise.all(Array.from({ length: count }, (_, i) => queue.publish(lane, text(lane), { id: `${lane}${i}` })));
      await publish("batch", 40);
      await publish("interactive", 30);
      await holds(queue, { interactive: { waiting: 30, taken: 0 }, batch: { waiting: 40, taken: 0 } });
      const taken: string[] = [];
      for (let i = 0; i < 40; i++) {
        const delivery = await one(queue.take());
        taken.push(delivery.lane);
        await delivery.ack();
      }
      assert.equal(taken[0], "interactive");
      // Both lanes are full: of any four takes one is from batch. Afterwards batch has all that is left.
      for (let i = 0; i < 40; i += 4) {
        assert.equal(taken.slice(i, i + 4).filter((lane) => lane === "batch").length, 1, taken.join(" "));
      }
      while ((await queue.depth())["interactive"]!.waiting > 0)
        for (const delivery of await queue.take({ max: 16 })) await delivery.ack();
      const { batch } = await queue.depth();
      for (let left = batch!.waiting; left > 0; ) {
        const deliveries = await queue.take({ max: 16 });
        left -= deliveries.length;
        for (const delivery of deliveries) {
          assert.equal(delivery.lane, "batch");
          await delivery.ack();
        }
      }
    });

    it("takes from some lanes only, where these are named", async () => {
      const { queue } = queueOf({ ackWaitMs: 20_000 });
      await queue.publish("batch", text("b"), { id: "b" });
      const stop = new AbortController();
      const waiting = queue.take({ lanes: ["interactive"], signal: stop.signal });
      stop.abort();
      assert.deepEqual(await waiting, []);
      const next = one(queue.take({ lanes: ["interactive"] }));
      await queue.publish("interactive", text("i"), { id: "i" });
      const found = await next;
      assert.equal(found.id, "i");
      await found.ack();
      const other = await one(queue.take());
      assert.deepEqual([other.id, other.attempt], ["b", 1]);
      await other.ack();
      await assert.rejects(queue.take({ lanes: ["third"] }), failing("bus-name-invalid"));
    });

    it("gives each message to one of many takers at once", async () => {
      const { queue, same } = queueOf({ ackWaitMs: 20_000 });
      const count = 200;
      await Promise.all(
        Array.from({ length: count }, (_, i) => queue.publish("batch", text(`${i}`), { id: `id${i}` })),
      );
      const seen: string[] = [];
      const stop = new AbortController();
      const taker = async (from: typeof queue, max: number): Promise<void> => {
        for (;;) {
          const deliveries = await from.take({ max, signal: stop.signal });
          if (deliveries.length === 0) return;
          for (const delivery of deliveries) {
            seen.push(delivery.id);
            await delivery.ack();
          }
          if (seen.length >= count) stop.abort();
        }
      };
      await Promise.all([taker(queue, 1), taker(queue, 10), taker(same, 1), taker(same, 10)]);
      assert.equal(new Set(seen).size, count);
      assert.equal(seen.length, count);
    });

    it("refuses names, ids and sizes that cannot be, and says what can", async () => {
      const { queue } = queueOf();
      await assert.rejects(queue.publish("nightly", text("x"), { id: "x" }), failing("bus-name-invalid"));
      for (const id of ["", "a b", "ä", "x\r\nNats-Rollup: all", "x".repeat(129)])
        await assert.rejects(queue.publish("batch", text("x"), { id }), failing("bus-name-invalid"));
      await assert.rejects(
        queue.publish("batch", new Uint8Array(busLimits.message + 1), { id: "x" }),
        failing("message-too-large"),
      );
      for (const name of ["", "a.b", "a b", "*", ">", "../up", "x".repeat(65)])
        assert.throws(() => bus().queue(name, { lanes }), failing("bus-name-invalid"));
      assert.throws(() => bus().queue("q", { lanes: [] }), failing("invalid-argument"));
      assert.throws(() => bus().queue("q", { lanes: [{ name: "a", weight: 0 }] }), failing("invalid-argument"));
      await assert.rejects(queue.take({ max: 0 }), failing("invalid-argument"));
    });

    it("keeps a message of the largest size", async () => {
      const { queue } = queueOf();
      const bytes = randomBytes(busLimits.message);
      await queue.publish("batch", bytes, { id: "x".repeat(128) });
      const delivery = await one(queue.take());
      assert.ok(bytes.equals(delivery.bytes));
      await delivery.ack();
    });
  });

  describe("state", () => {
    const both = (options = {}) => {
      const name = unique("state");
      return { state: bus().state(name, options), same: other().state(name, options) };
    };

    it("create() and update() write over the revision that they name, and over no other", async () => {
      const { state, same } = both();
      assert.equal(await state.get("runs.1"), undefined);
      const first = await state.create("runs.1", text("one"));
      const entry = await same.get("runs.1");
      assert.deepEqual([entry?.key, String(Buffer.from(entry!.value)), entry?.revision], ["runs.1", "one", first]);
      const second = await same.update("runs.1", text("two"), first);
      assert.ok(second > first);
      await assert.rejects(state.update("runs.1", text("late"), first), (error: RevisionConflict) => {
        assert.equal(error.code, "state-conflict");
        assert.equal(error.revision, second);
        return true;
      });
      await assert.rejects(state.create("runs.1", text("again")), (error: RevisionConflict) => {
        assert.equal(error.revision, second);
        return true;
      });
      await assert.rejects(state.update("runs.none", text("x"), 1), (error: RevisionConflict) => {
        assert.equal(error.revision, 0);
        return true;
      });
      assert.deepEqual(Buffer.from((await state.get("runs.1"))!.value).toString(), "two");
    });

    it("a deleted key is not there, and can be created again with a higher revision", async () => {
      const { state, same } = both();
      const first = await state.create("a", text("x"));
      await assert.rejects(same.delete("a", first + 1_000_000), failing("state-conflict"));
      await same.delete("a", first);
      assert.equal(await state.get("a"), undefined);
      assert.deepEqual(await state.keys(), []);
      await assert.rejects(state.update("a", text("y"), first), failing("state-conflict"));
      const second = await state.create("a", text("y"));
      assert.ok(second > first);
      await state.delete("a");
      await state.delete("a");
      await state.delete("never");
    });

    it("of sixteen writers at once on one revision exactly one succeeds, every time", async () => {
      const { state, same } = both();
      let revision = await state.create("n", text("start"));
      for (let round = 0; round < 10; round++) {
        const results = await Promise.allSettled(
          Array.from({ length: 16 }, (_, i) => (i % 2 ? state : same).update("n", text(`${round} ${i}`), revision)),
        );
        const won = results.flatMap((result, i) => (result.status === "fulfilled" ? [{ i, at: result.value }] : []));
        assert.equal(won.length, 1);
        for (const result of results) if (result.status === "rejected") failing("state-conflict")(result.reason);
        revision = won[0]!.at;
        const entry = await state.get("n");
        assert.deepEqual([Buffer.from(entry!.value).toString(), entry!.revision], [`${round} ${won[0]!.i}`, revision]);
      }
    });

    it("sixteen counters at once lose no step", async () => {
      const { state, same } = both();
      await state.create("n", text("0"));
      const step = async (user: typeof state): Promise<void> => {
        for (;;) {
          const entry = await user.get("n");
          const next = Number(Buffer.from(entry!.value).toString()) + 1;
          const done = await user.update("n", text(`${next}`), entry!.revision).then(
            () => true,
            (error) => !failing("state-conflict")(error),
          );
          if (done) return;
        }
      };
      await Promise.all(Array.from({ length: 16 }, (_, i) => step(i % 2 ? state : same)));
      assert.equal(Buffer.from((await state.get("n"))!.value).toString(), "16");
    });

    it("keys() gives those below a prefix of whole names", async () => {
      const { state } = both();
      for (const key of ["runs.1", "runs.1.rows", "runs.10", "runs", "users.1"]) await state.create(key, text(key));
      assert.deepEqual((await state.keys("runs")).sort(), ["runs.1", "runs.1.rows", "runs.10"]);
      assert.deepEqual(await state.keys("runs.1"), ["runs.1.rows"]);
      assert.equal((await state.keys()).length, 5);
      assert.deepEqual(await state.keys("nothing"), []);
    });

    it("clear() deletes what is below a prefix, and nothing else", async () => {
      const { state, same } = both();
      for (const key of ["runs.1", "runs.1.a", "runs.1.b", "runs.10.a"]) await state.create(key, text(key));
      await same.clear("runs.1");
      await same.clear("runs.1");
      assert.deepEqual((await state.keys()).sort(), ["runs.1", "runs.10.a"]);
      assert.equal(await same.get("runs.1.a"), undefined);
      await state.create("runs.1.a", text("anew"));
      assert.equal(Buffer.from((await same.get("runs.1.a"))!.value).toString(), "anew");
    });

    it("a value is seen by every user as soon as its write has resolved", async () => {
      const { state, same } = both();
      for (let i = 0; i < 50; i++) {
        const revision = await state.create(`k${i}`, text("0"));
        assert.equal((await same.get(`k${i}`))?.revision, revision);
        const next = await same.update(`k${i}`, text("1"), revision);
        assert.equal((await state.get(`k${i}`))?.revision, next);
        await state.delete(`k${i}`, next);
        assert.equal(await same.get(`k${i}`), undefined);
      }
    });

    it("watch() gives what is there, then each change, deletions too", async () => {
      const { state, same } = both();
      await state.create("runs.1", text("old"));
      await state.create("other.1", text("unseen"));
      const stop = new AbortController();
      const seen: [string, string | undefined][] = [];
      const steps: (() => Promise<unknown>)[] = [
        () => same.create("runs.2", text("new")),
        () => same.create("other.2", text("unseen")).then(() => same.delete("runs.1")),
        async () => stop.abort(),
      ];
      for await (const { key, value } of state.watch("runs", stop.signal)) {
        seen.push([key, value === undefined ? undefined : Buffer.from(value).toString()]);
        await steps.shift()?.();
      }
      assert.deepEqual(seen, [
        ["runs.1", "old"],
        ["runs.2", "new"],
        ["runs.1", undefined],
      ]);
    });

    it("a slow watcher sees the last of many changes", async () => {
      const { state, same } = both();
      let revision = await state.create("n", text("0"));
      const watched = state.watch("")[Symbol.asyncIterator]();
      assert.equal((await watched.next()).value?.revision, revision);
      for (let i = 1; i <= 50; i++) revision = await same.update("n", text(`${i}`), revision);
      let seen = 0;
      for (let last = 0; last < revision; seen++) last = (await watched.next()).value!.revision;
      assert.ok(seen <= 50);
      await watched.return?.();
    });

    it("a key with a time to live goes when it is not renewed, and watchers are told", async () => {
      const { state, same } = both({ ttlMs: 2_000 });
      let revision = await state.create("lease", text("me"));
      const gone = (async () => {
        for await (const { value } of same.watch("")) if (value === undefined) return performance.now();
        return 0;
      })();
      for (const start = performance.now(); performance.now() - start < 2_500; ) {
        await new Promise((resolve) => setTimeout(resolve, 100));
        revision = await state.update("lease", text("me"), revision);
      }
      const renewed = performance.now();
      await assert.rejects(same.create("lease", text("you")), failing("state-conflict"));
      const after = (await gone) - renewed;
      assert.ok(after > 1_700 && after < 8_000, `${after} ms after it was last renewed`);
      await same.create("lease", text("you"));
      await assert.rejects(state.update("lease", text("me"), revision), failing("state-conflict"));
    });

    it("refuses keys and sizes that cannot be", async () => {
      const { state } = both();
      for (const key of ["", ".", "a.", ".a", "a..b", "a b", "a.*", "a.>", "$KV", "ä", "x".repeat(201)]) {
        await assert.rejects(state.create(key, text("x")), failing("bus-name-invalid"), key);
        await assert.rejects(state.get(key), failing("bus-name-invalid"));
      }
      await assert.rejects(state.create("a", new Uint8Array(busLimits.message + 1)), failing("message-too-large"));
      await assert.rejects(state.update("a", text("x"), 0), failing("invalid-argument"));
    });
  });

  describe("objects", () => {
    it("are stored by the hash of their bytes, or by name, whole", async () => {
      const bucket = unique("objects");
      const [objects, same] = [bus().objects(bucket), other().objects(bucket)];
      const bytes = randomBytes((5 << 20) + 7);
      const name = await objects.put(bytes);
      assert.equal(name, createHash("sha256").update(bytes).digest("hex"));
      assert.equal(await objects.put(bytes), name);
      assert.ok(bytes.equals((await same.get(name))!));
      await same.put(text("first"), "runs.1.request");
      await objects.put(text("second"), "runs.1.request");
      assert.deepEqual(Buffer.from((await same.get("runs.1.request"))!).toString(), "second");
      await objects.put(new Uint8Array(), "empty");
      assert.equal((await same.get("empty"))?.byteLength, 0);
      assert.equal(await same.has(name), true);
      await same.delete(name);
      await same.delete(name);
      assert.equal(await objects.has(name), false);
      assert.equal(await objects.get(name), undefined);
      await assert.rejects(objects.get("../secret"), failing("bus-name-invalid"));
    });
  });

  describe("logs", () => {
    const both = () => {
      const store = unique("logs");
      return { logs: bus().logs(store), same: other().logs(store) };
    };

    it("append() stores each frame once, in order, and refuses what skips or differs", async () => {
      const { logs, same } = both();
      assert.deepEqual(await logs.info("r1"), { frames: 0, ended: false, summary: undefined });
      await logs.append("r1", 0, text("zero"));
      await same.append("r1", 0, text("zero"));
      await same.append("r1", 1, text("one"));
      await logs.append("r1", 1, text("one"));
      await logs.append("r1", 0, text("zero"));
      await assert.rejects(logs.append("r1", 1, text("else")), failing("log-conflict"));
      await assert.rejects(same.append("r1", 3, text("three")), failing("log-conflict"));
      await assert.rejects(same.append("r2", 1, text("one")), failing("log-conflict"));
      await logs.append("r1", 2, text("two"));
      assert.deepEqual(await same.info("r1"), { frames: 3, ended: false, summary: undefined });
      await assert.rejects(same.end("r1", 2, text("sum")), failing("log-conflict"));
      await same.end("r1", 3, text("sum"));
      await logs.end("r1", 3, text("sum"));
      await assert.rejects(logs.end("r1", 3, text("other")), failing("log-conflict"));
      await assert.rejects(logs.append("r1", 3, text("late")), failing("log-conflict"));
      await logs.append("r1", 2, text("two"));
      const { frames, ended, summary } = await logs.info("r1");
      assert.deepEqual([frames, ended, String(Buffer.from(summary!))], [3, true, "sum"]);
      assert.deepEqual((await gather(same.read("r1"))).map(String), ["zero", "one", "two"]);
    });

    it("two writers of one log at once append each frame once", async () => {
      const { logs, same } = both();
      const write = async (writer: typeof logs): Promise<void> => {
        for (let i = 0; i < 30; i++) await writer.append("r", i, text(`frame ${i}`));
        await writer.end("r", 30, text("end"));
      };
      await Promise.all([write(logs), write(same)]);
      const frames = (await gather(logs.read("r"))).map(String);
      assert.deepEqual(
        frames,
        Array.from({ length: 30 }, (_, i) => `frame ${i}`),
      );
    });

    it("two writers that do not agree: one log has the frames of one of them at each number", async () => {
      const { logs, same } = both();
      const results = await Promise.allSettled([
        logs.append("r", 0, text("a")),
        same.append("r", 0, text("b")),
        logs.append("r", 0, text("c")),
      ]);
      assert.equal(results.filter(({ status }) => status === "fulfilled").length, 1);
      for (const result of results) if (result.status === "rejected") failing("log-conflict")(result.reason);
    });

    it("many read at once, from any frame, while it is written", async () => {
      const { logs, same } = both();
      const frames = Array.from({ length: 60 }, (_, i) => randomBytes(1 + ((i * 7919) % 65_536)));
      const readers = [0, 1, 30, 59, 60].map((from, i) => gather((i % 2 ? logs : same).read("r", from)));
      for (const [i, frame] of frames.entries()) await logs.append("r", i, frame);
      await logs.end("r", 60, text("done"));
      for (const [i, from] of [0, 1, 30, 59, 60].entries()) {
        const read = await readers[i]!;
        assert.equal(read.length, 60 - from);
        assert.ok(read.every((frame, k) => frame.equals(frames[from + k]!)));
      }
      assert.equal((await gather(same.read("r", 45))).length, 15);
    });

    it("a live reader has each frame soon after it was appended", async () => {
      const { logs, same } = both();
      const reader = same.read("r")[Symbol.asyncIterator]();
      await logs.append("r", 0, text("0"));
      assert.equal(String(Buffer.from((await reader.next()).value!)), "0");
      const start = performance.now();
      for (let i = 1; i <= 10; i++) {
        const next = reader.next();
        await logs.append("r", i, text(`${i}`));
        assert.equal(String(Buffer.from((await next).value!)), `${i}`);
      }
      assert.ok(performance.now() - start < 2_500, `${performance.now() - start} ms for ten frames`);
      await reader.return?.();
    });

    it("a reader that stalls holds nothing up and loses nothing", async () => {
      const { logs, same } = both();
      const stalled = same.read("r")[Symbol.asyncIterator]();
      const frame = randomBytes(64_000);
      await logs.append("r", 0, frame);
      assert.equal((await stalled.next()).done, false);
      for (let i = 1; i < 150; i++) await logs.append("r", i, frame);
      await logs.end("r", 150, text("done"));
      assert.equal((await gather(logs.read("r", 100))).length, 50);
      let rest = 0;
      while (!(await stalled.next()).done) rest++;
      assert.equal(rest, 149);
    });

    it("a read ends with its signal, and the log goes on", async () => {
      const { logs } = both();
      await logs.append("r", 0, text("0"));
      const stop = new AbortController();
      const read: string[] = [];
      for await (const frame of logs.read("r", 0, stop.signal)) {
        read.push(String(Buffer.from(frame)));
        setImmediate(() => stop.abort());
      }
      assert.deepEqual(read, ["0"]);
      assert.deepEqual(await gather(logs.read("none", 0, AbortSignal.timeout(50))), []);
      await logs.append("r", 1, text("1"));
    });

    it("delete() takes a log away, from under its readers too, and leaves the others", async () => {
      const { logs, same } = both();
      for (const log of ["a", "ab"]) await logs.append(log, 0, text(log));
      const reader = same.read("a")[Symbol.asyncIterator]();
      await reader.next();
      const next = assert.rejects(reader.next(), failing("log-deleted"));
      await logs.delete("a");
      await next;
      await same.delete("a");
      assert.equal((await same.info("a")).frames, 0);
      assert.equal((await same.info("ab")).frames, 1);
      await logs.append("a", 0, text("anew"));
      assert.equal((await same.info("a")).frames, 1);
    });

    it("refuses names and sizes that cannot be", async () => {
      const { logs } = both();
      for (const log of ["", "a.b", "*", "../r"])
        await assert.rejects(logs.append(log, 0, text("x")), failing("bus-name-invalid"));
      await assert.rejects(logs.append("r", 0, new Uint8Array(busLimits.message + 1)), failing("message-too-large"));
      await assert.rejects(logs.append("r", -1, text("x")), failing("invalid-argument"));
      await assert.rejects(gather(logs.read("r", 0.5)), failing("invalid-argument"));
    });
  });

  describe("requests and notices", () => {
    /** Tells a subscriber until it hears: in a cluster who listens is known elsewhere a moment later. */
    const heard = async (subscription: Subscription, subject: string): Promise<void> => {
      let hears = false;
      const hearing = subscription[Symbol.asyncIterator]()
        .next()
        .then(() => (hears = true));
      while (!hears) {
        await bus().publish(subject, new Uint8Array());
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      await hearing;
    };
    /** Asks until somebody is known to respond. */
    const known = async (ask: () => Promise<unknown>): Promise<void> => {
      while ((await ask().catch((error: { code?: string }) => error.code)) === "bus-no-responder") {}
    };

    it("a request is answered by one of those that respond", async () => {
      const subject = unique("ask");
      const answers = new Set<string>();
      const responders = await Promise.all(
        ["one", "two"].map((name, i) =>
          (i ? bus() : other()).respond(subject, (bytes) => text(`${name}: ${Buffer.from(bytes)}`)),
        ),
      );
      for (let i = 0; i < 40 || (answers.size < 2 && i < 2_000); i++) {
        // In a cluster a responder is known elsewhere a moment later.
        const answer = await bus()
          .request(subject, text("hi"))
          .catch((error) => void failing("bus-no-responder")(error));
        if (answer) answers.add(String(Buffer.from(answer)));
      }
      assert.deepEqual([...answers].sort(), ["one: hi", "two: hi"]);
      for (const responder of responders) await responder.close();
      // That nobody responds any more is also known elsewhere a moment later; until then it is silence.
      const codeOf = ({ code }: { code?: string }): string | undefined => code;
      const ask = () =>
        other()
          .request(subject, text("hi"), { timeoutMs: 100 })
          .then(() => "an answer", codeOf);
      let code = await ask();
      for (let i = 0; code === "bus-timeout" && i < 50; i++) code = await ask();
      assert.equal(code, "bus-no-responder");
    });

    it("what a responder throws reaches the asker with its code; silence is bus-timeout", async () => {
      const subject = unique("ask");
      const responder = await other().respond(subject, async (bytes) => {
        if (bytes.byteLength > 0) await bus().state(unique("s")).get("not a key");
        return new Promise<never>(() => {});
      });
      await known(() => bus().request(subject, text("x")));
      await assert.rejects(bus().request(subject, text("x")), failing("bus-name-invalid"));
      await assert.rejects(bus().request(subject, text(""), { timeoutMs: 100 }), failing("bus-timeout"));
      await responder.close();
    });

    it("notices reach all who listen, by subject or by pattern", async () => {
      const run = unique("run");
      const exact = await bus().subscribe(`${run}.progress`);
      const all = await other().subscribe(`${run}.*`);
      const deeper = await other().subscribe(`${run}.*.more`);
      for (const subscription of [exact, all]) await heard(subscription, `${run}.progress`);
      await heard(deeper, `${run}.a.more`);
      await bus().publish(`${run}.progress`, text("1"));
      await bus().publish(`${run}.cancel`, text("2"));
      await bus().publish(`${run}.a.more`, text("3"));
      const take = async (from: typeof all, count: number) => {
        const seen: string[] = [];
        for await (const { subject, bytes } of from) {
          if (bytes.byteLength === 0) continue;
          seen.push(`${subject.slice(run.length)} ${Buffer.from(bytes)}`);
          if (seen.length === count) break;
        }
        return seen;
      };
      assert.deepEqual(await take(exact, 1), [".progress 1"]);
      assert.deepEqual(await take(all, 2), [".progress 1", ".cancel 2"]);
      assert.deepEqual(await take(deeper, 1), [".a.more 3"]);
      await bus().publish(`${run}.progress`, text("nobody listens"));
    });

    it("a slow subscriber loses the oldest and knows how many", async () => {
      const subject = unique("flood");
      const slow = await other().subscribe(subject);
      await heard(await other().subscribe(subject), subject);
      for (let i = 0; i < 1500; i++) await bus().publish(subject, text(`${i}`));
      await other().publish(subject, text("last"));
      const deadline = Date.now() + 5_000;
      const isThrough = await other().subscribe(`${subject}.through`);
      await heard(isThrough, `${subject}.through`);
      while (slow.lost < 501 && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 10));
      assert.ok(slow.lost >= 501, `${slow.lost}`);
      const [first] = await gather(
        (async function* () {
          for await (const { bytes } of slow) {
            yield bytes;
            return;
          }
        })(),
      );
      assert.equal(String(first), "501");
    });

    it("refuses subjects and sizes that cannot be", async () => {
      for (const subject of ["", "a.", "a b", "a.>", "$SYS.x", "x".repeat(201)]) {
        await assert.rejects(bus().publish(subject, text("x")), failing("bus-name-invalid"));
        await known(() => bus().request(subject, text("x")));
        await assert.rejects(bus().request(subject, text("x")), failing("bus-name-invalid"));
        await assert.rejects(bus().subscribe(subject), failing("bus-name-invalid"));
        await assert.rejects(
          bus().respond(subject, (bytes) => bytes),
          failing("bus-name-invalid"),
        );
      }
      await assert.rejects(bus().publish("a.*", text("x")), failing("bus-name-invalid"));
      await assert.rejects(bus().publish("a", new Uint8Array(busLimits.message + 1)), failing("message-too-large"));
    });
  });

  it("health() says that it is connected, where and since when", async () => {
    await bus().publish("health", text("connects, if it has not yet"));
    const { connected, server, since } = bus().health();
    assert.equal(connected, true);
    assert.notEqual(server, "");
    assert.ok(since.getTime() <= Date.now());
  });
}
