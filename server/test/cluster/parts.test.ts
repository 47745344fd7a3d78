import assert from "node:assert/strict";
import { packMessage } from "@architech/protocol";
import type { Subscription } from "#src/bus/bus.js";
import { LocalBus } from "#src/bus/local/local-bus.js";
import { ClusterRuns } from "#src/cluster/cluster-runs.js";
import { packWithBytes, unpackWithBytes } from "#src/cluster/framed.js";
import { partOffers, partWords } from "#src/cluster/part-messages.js";
import { Metrics } from "#src/metrics/metrics.js";
import { ClusterWorker, type ClusterWorkerOptions } from "#src/workers/cluster-worker.js";
import { freshFolder } from "../folders.js";
import { allBytes } from "../runs/host.js";
import { streamed } from "./cluster-contract.js";
import { cuttable, inParts } from "./cuttable.js";
import { garbage } from "./garbage.js";
import { metric } from "./metric.js";
import { until } from "./processes.js";
import { Warnings } from "./warnings.js";

const { model } = cuttable["two zones"];
/** Not so short that it would be work for the thread that is there. */
const short = { until: "90s" };

describe("a task in parts across workers", function () {
  this.timeout(60_000);
  let bus: LocalBus;
  let warnings: Warnings;
  let runs: ClusterRuns;
  const workers: ClusterWorker[] = [];
  const listening: Subscription[] = [];
  const whole = new Map<string, Promise<Buffer>>();
  beforeEach(async () => {
    bus = await LocalBus.open({ folder: await freshFolder() });
    warnings = new Warnings();
    runs = await ClusterRuns.open({ bus, log: warnings });
  });
  afterEach(async () => {
    for (const heard of listening.splice(0)) heard.close();
    for (const worker of workers.splice(0)) await worker.drain();
    await runs.close();
    await bus.close();
  });

  async function worker(options: Partial<ClusterWorkerOptions> = {}): Promise<ClusterWorker> {
    const started = new ClusterWorker({ bus, log: warnings, workers: 1, ...options });
    await started.start();
    workers.push(started);
    return started;
  }

  /** Does something with all that is said on a subject. */
  async function hear(subject: string, act: (bytes: Uint8Array, subject: string) => unknown): Promise<void> {
    const heard = await bus.subscribe(subject);
    listening.push(heard);
    void (async () => {
      for await (const { bytes, subject } of heard) await act(bytes, subject);
    })();
  }

  /** Runs a model across so many workers; what it says of its parts. Throws unless it gives what it gives as one. */
  async function same(
    of: unknown = model,
    parts = 2,
    options: object = short,
  ): Promise<{ count: number; why: string }> {
    const { id } = await runs.start(inParts(of, parts, options));
    const key = JSON.stringify([of, options]);
    const expected = whole.get(key) ?? streamed(inParts(of, 1, options));
    whole.set(key, expected);
    assert.deepEqual(await allBytes(runs.frames(id)), await expected);
    assert.equal((await runs.ended(id)).state, "done");
    const { count, why, across } = (await runs.info(id)).parts!;
    assert.equal(across, count === 1 ? undefined : "workers");
    return { count, why };
  }

  for (const [name, { model: of, parts }] of Object.entries(cuttable))
    it(`gives what it gives as one, byte for byte: ${name}`, async () => {
      for (let i = 0; i < parts; i++) await worker();
      const { count, why } = await same(of, parts);
      assert.equal(count, parts, why);
      assert.deepEqual(warnings.lines, []);
    });

  it("is simulated by the worker that has it where no other is free, or of its version", async () => {
    await worker();
    assert.match((await same()).why, /no other worker is free/);
    await worker({ version: "another" });
    assert.match((await same(model, 2, { ...short, seed: 2 })).why, /no other worker is free/);
  });

  it("is counted by both: who leads, who has a part, windows and what was said", async () => {
    const both = [new Metrics(), new Metrics()];
    for (const metrics of both) await worker({ metrics });
    let during: readonly string[] = [];
    const page = (): Promise<string[]> => Promise.all(both.map((metrics) => metrics.text()));
    const of = (pages: readonly string[], name: string): number[] =>
      pages.map((page) => metric(page, `architech_${name}`)).sort((a, b) => a - b);
    let words = 0;
    await hear("parts.words.*.*", async () => {
      if (++words === 500) during = await page();
    });
    await same();
    await until(async () => of(await page(), "parts_taken")[1] === 0, "both are free");
    const after = await page();
    assert.deepEqual(
      [of(during, "parts_led"), of(during, "parts_taken")],
      [
        [0, 1],
        [0, 1],
      ],
    );
    assert.deepEqual(
      [of(after, "parts_led"), of(after, "parts_taken")],
      [
        [0, 0],
        [0, 0],
      ],
    );
    assert.deepEqual(of(after, 'part_sessions_total{end="done"}'), [0, 1]);
    const [fewer, more] = of(after, "part_windows_total");
    assert.ok(fewer! > 1_000 && more! - fewer! <= 1, `${fewer} and ${more} windows`);
    const [heard, said] = ["in", "out"].map((direction) => of(after, `part_bytes_total{direction="${direction}"}`));
    assert.ok(heard![0]! > 100 * fewer! && said![0]! > 100 * fewer!, `${heard} and ${said} bytes`);
  });

  it("can be cancelled, and its workers take the next", async () => {
    const [one, other] = [await worker(), await worker()];
    let words = 0;
    await hear("parts.words.*.*", () => words++);
    const { id } = await runs.start(inParts(model, 2, { until: "100h", every: "1h" }));
    await until(() => words > 100, "it is under way");
    await runs.cancel(id);
    assert.equal((await runs.ended(id)).state, "cancelled");
    assert.equal((await same()).count, 2);
    assert.ok(one.isTaking && other.isTaking);
  });

  it("is brought to its end by a worker that drains", async () => {
    await worker();
    const helper = await worker();
    let draining: Promise<void> | undefined;
    await hear("parts.joining.*", (bytes) => {
      if (Buffer.from(bytes).includes(`ready`) && Buffer.from(bytes).includes(helper.id)) draining = helper.drain();
    });
    const { count } = await same();
    assert.equal(count, 2);
    await draining;
    assert.match((await same(model, 2, { ...short, seed: 2 })).why, /no other worker is free/);
  });

  describe("whose words are forged, replayed, cut off or lost", () => {
    beforeEach(async () => {
      await worker();
      await worker();
    });

    it("passes over what nobody of ours has said, with a line for each", async () => {
      const litter = async (subject: string): Promise<void> => {
        for (const bytes of Object.values(garbage)) await bus.publish(subject, bytes);
      };
      await litter("parts.offers");
      const offer = { session: "f".repeat(36), worker: "w", run: "run-12345", request: "none", version: "1", task: 0 };
      for (const wrong of [{ run: "../.." }, { session: "x" }, { task: -1 }, { version: 3 }])
        await bus.publish("parts.offers", partOffers.pack({ ...offer, ...wrong }));
      await bus.publish("parts.offers", packMessage({ kind: "part-offer", version: 99, body: {} }));
      let done = 0;
      for (const what of ["joining", "beginning"]) await hear(`parts.${what}.*`, (_, subject) => once(subject));
      await hear("parts.words.*.*", (_, subject) => once(subject));
      const seen = new Set<string>();
      async function once(subject: string): Promise<void> {
        if (seen.has(subject)) return;
        seen.add(subject);
        await litter(subject);
        done++;
      }
      assert.equal((await same()).count, 2);
      // Its two parts, who joins and how it begins.
      assert.ok(done >= 4, `${done} subjects`);
      const each = Object.keys(garbage).length;
      assert.equal(warnings.count(/^an offer of parts is passed over/), 2 * (each + 5));
      assert.equal(warnings.count(/^a word of part [01] is passed over/), 2 * each);
      assert.ok(warnings.count(/^an answer to an offer of parts is passed over/) >= each);
    });

    it("takes words that are said twice once, and asks for those that are lost", async () => {
      let repeated = 0;
      await hear("parts.words.*.*", (bytes, subject) => {
        if (++repeated % 100 < 3) return bus.publish(subject, bytes);
        return undefined;
      });
      const lossy = new LossyBus(bus);
      const metrics = new Metrics();
      await worker({ bus: lossy.bus, metrics });
      assert.equal((await same(cuttable["a ring of three regions"].model, 3)).count, 3);
      assert.ok(lossy.lost > 3, `${lossy.lost} words were lost`);
      assert.ok(metric(await metrics.text(), "architech_part_repeats_total") > 0);
      assert.deepEqual(warnings.lines, []);
    });

    it("is begun again where a window is another than the one that was given", async () => {
      let forged = 0;
      await hear("parts.words.*.1", async (bytes, subject) => {
        const word = unpackWithBytes(partWords, bytes);
        if (word.type !== "window" || word.seq < 500 || forged++ > 0) return;
        // The next one, before its part has given it.
        const seq = word.seq + 1;
        const other = new Float64Array(new Uint8Array(word.bytes).buffer);
        other[0]!++;
        await bus.publish(
          subject,
          packWithBytes(partWords, { ...word, seq, last: seq, bytes: new Uint8Array(other.buffer) }),
        );
      });
      assert.equal((await same()).count, 2);
      assert.equal(warnings.count(/is no longer in parts across workers: /), 1);
    });
  });
});

/** A bus that loses some of what is said on it. */
class LossyBus {
  lost = 0;
  readonly bus: LocalBus;
  #said = 0;

  constructor(bus: LocalBus) {
    this.bus = new Proxy(bus, {
      get: (of, name) => {
        if (name !== "publish") {
          const value: unknown = Reflect.get(of, name, of);
          return typeof value === "function" ? value.bind(of) : value;
        }
        return async (subject: string, bytes: Uint8Array) => {
          if (subject.startsWith("parts.words") && ++this.#said % 400 === 399) this.lost++;
          else await of.publish(subject, bytes);
        };
      },
    });
  }
}
