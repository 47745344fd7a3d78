import assert from "node:assert/strict";
import { draw } from "#src/engine/core/draw.js";
import type { KeyedCacheDocument } from "#src/model/cache-document.js";
import type { ModelDocument } from "#src/model/document.js";
import type { StepDocument } from "#src/model/step-document.js";
import type { KeysDocument } from "#src/model/traffic-document.js";
import { openDistribution } from "../engine/memory.js";
import { references } from "./cache-reference.js";
import { cheHitRatio, fifoHitRatio, lruHitRatio, oldestOutHitRatio, zipfShares } from "./closed-forms-data.js";
import { agrees, call, exponential, intervals, modelOf, type Values } from "./replications.js";

const second = 1_000;

/** Requests that get their key from a cache in front of a database of many connections. */
function cached(
  settings: Omit<KeyedCacheDocument, "kind" | "get">,
  keys: KeysDocument,
  rate: string,
  read: string = "0ms",
  steps: readonly StepDocument[] = [call("cache", "get")],
): ModelDocument {
  return modelOf(
    {
      q: { kind: "service", ops: { serve: steps } },
      cache: { kind: "cache", get: "0ms", fronts: "db", ...settings },
      db: { kind: "database", connections: 100_000, read, write: read },
    },
    { to: "q", rate, mix: { serve: 1 }, keys },
  );
}
const regular = (model: ModelDocument): ModelDocument =>
  ({ ...model, traffic: { ...model.traffic, arrivals: "regular" } }) as ModelDocument;
const hits = (value: Values) => ({ hits: value("cache.hit.ratio") });

describe("truth: caches by key", () => {
  const evictions = ["lru", "fifo", "clock", "slru", "random", "lfu"] as const;

  /** The numbers that a site of this stream draws. */
  const drawsOf = (from: Parameters<typeof openDistribution>[0], stream: string, count: number): number[] => {
    const at = openDistribution(from, stream);
    return Array.from({ length: count }, () => draw(at));
  };

  for (const evict of evictions)
    for (const [entries, count, skew] of [
      [1, 3, 0],
      [3, 10, 1],
      [40, 400, 0.8],
    ] as const)
      it(`${evict} of ${entries} entries hits as often as the textbook's, to the last request`, () => {
        const requests = 20_000;
        const keys = drawsOf({ kind: "zipf", count, skew }, "201/0/traffic/serve/key", requests);
        const chances = drawsOf({ kind: "uniform", min: 0, max: 1 }, "201/0/cache/evict", requests);
        let drawn = 0;
        const reference = references[evict]!(entries, () => chances[drawn++]!);
        const hit = keys.filter(reference).length;
        const model = regular(cached({ entries, evict }, { count, skew }, "1000rps"));
        const found = intervals(model, { untilMs: requests + 0.5, warmupMs: 0, seed: 201 }, (value, result) => ({
          hits: value("cache.hit.ratio") * value("cache.rate") * (result.reachedMs / 1000),
          evicted: value("cache.evictions") * (result.reachedMs / 1000),
        }));
        assert.equal(Math.round(found.hits.first), hit);
        assert.equal(Math.round(found.evicted.first), requests - hit - entries);
      });

  it("LRU, FIFO and random hit as their Markov chains say: King (1971), Gelenbe (1973)", () => {
    const shares = zipfShares(6, 1);
    for (const [evict, known, seed] of [
      ["lru", lruHitRatio(shares, 3), 202],
      ["fifo", fifoHitRatio(shares, 3), 203],
      ["random", fifoHitRatio(shares, 3), 204],
    ] as const) {
      const model = cached({ entries: 3, evict }, { count: 6, skew: 1 }, "1000rps");
      const found = intervals(model, { untilMs: 100 * second, warmupMs: second, seed }, hits);
      agrees(found.hits, known, evict);
    }
  });

  it("LRU under Zipf hits as Che, Tung and Wang (2002) approximate, and FIFO as Fricker, Robert and Roberts (2012)", () => {
    const shares = zipfShares(10_000, 0.8);
    for (const [evict, known, seed] of [
      ["lru", cheHitRatio(shares, 500), 205],
      ["fifo", oldestOutHitRatio(shares, 500), 206],
    ] as const) {
      const model = cached({ entries: 500, evict }, { count: 10_000, skew: 0.8 }, "10000rps");
      const found = intervals(model, { untilMs: 30 * second, warmupMs: 5 * second, seed }, hits);
      assert.ok(found.hits.halfWidth < 0.01 * known);
      assert.ok(Math.abs(found.hits.mean - known) < 0.005 * known, `${evict}: ${found.hits.mean}, known ${known}`);
    }
  });

  it("entries that live for a time hit λT / (1 + λT)", () => {
    // Each of 100 keys is asked for 20 times a second and lives for 50 ms.
    const model = cached({ entries: 100, ttl: "50ms" }, { count: 100 }, "2000rps");
    const found = intervals(model, { untilMs: 60 * second, warmupMs: second, seed: 207 }, hits);
    agrees(found.hits, (0.02 * 50) / (1 + 0.02 * 50), "hits");
  });

  it("a jitter takes its share of the time to live", () => {
    // T is uniform on 25 to 50 ms: hits in a cycle are λ E[T].
    const model = cached({ entries: 100, ttl: "50ms", ttlJitter: 0.5 }, { count: 100 }, "2000rps");
    const found = intervals(model, { untilMs: 60 * second, warmupMs: second, seed: 208 }, hits);
    agrees(found.hits, (0.02 * 37.5) / (1 + 0.02 * 37.5), "hits");
  });

  // One key, 1 request per ms, loads that take 10 ms, entries that live for 20 ms.
  const [rate, load, life] = [1, 10, 20];
  it("a stampede loads once for every request that misses", () => {
    const model = cached({ entries: 1, ttl: "20ms" }, { count: 1 }, "1000rps", "10ms");
    const found = intervals(model, { untilMs: 300 * second, warmupMs: second, seed: 209 }, (value) => ({
      loads: value("db.rate"),
      misses: 1 - value("cache.hit.ratio"),
    }));
    // From one miss to the first of the next crowd: the crowd comes while the first load is under way, and the last
    // of it renews the entry when its own load is over.
    const last = load - (1 - Math.exp(-rate * load)) / rate;
    const cycle = load + last + life + 1 / rate;
    agrees(found.loads, ((1 + rate * load) / cycle) * second, "loads");
    agrees(found.misses, (1 + rate * load) / (rate * cycle), "misses");
  });

  it("a single flight loads once, and all who miss meanwhile wait for it", () => {
    const model = cached({ entries: 1, ttl: "20ms", singleFlight: true }, { count: 1 }, "1000rps", "10ms");
    const found = intervals(model, { untilMs: 300 * second, warmupMs: second, seed: 210 }, (value) => ({
      loads: value("db.rate"),
      misses: 1 - value("cache.hit.ratio"),
      latency: value("traffic.latency.mean"),
    }));
    const cycle = load + life + 1 / rate;
    agrees(found.loads, second / cycle, "loads");
    agrees(found.misses, (1 + rate * load) / (rate * cycle), "misses");
    // The first waits for the whole load, the others for what is left of it.
    agrees(found.latency, (load + (rate * load ** 2) / 2) / (rate * cycle), "latency");
  });

  it("what is stale answers while it is loaded anew", () => {
    const model = cached({ entries: 1, softTtl: "20ms", ttl: "1h" }, { count: 1 }, "1000rps", "10ms");
    const found = intervals(model, { untilMs: 300 * second, warmupMs: second, seed: 211 }, (value) => ({
      loads: value("db.rate"),
      stale: value("cache.stale.ratio"),
      hits: value("cache.hit.ratio"),
      longest: value("traffic.latency.max"),
    }));
    const cycle = life + 1 / rate + load;
    agrees(found.loads, second / cycle, "loads");
    agrees(found.stale, (1 + rate * load) / (rate * cycle), "stale");
    assert.equal(found.hits.mean, 1);
    assert.equal(found.longest.mean, 0);
  });

  it("a failed load fails all who wait for it, and the next get loads anew", () => {
    const miss: StepDocument[] = [{ do: "wait", time: "10ms" }, { do: "fail" }];
    const steps: StepDocument[] = [{ do: "call", to: "cache", op: "get", miss }];
    const model = cached({ entries: 1, singleFlight: true }, { count: 1 }, "1000rps", "0ms", steps);
    const found = intervals(model, { untilMs: 60 * second, warmupMs: second, seed: 212 }, (value) => ({
      errors: value("traffic.errors"),
      hits: value("cache.hit.ratio"),
    }));
    agrees(found.errors, 1000, "errors");
    assert.equal(found.hits.mean, 0);
  });

  it("a wait that is given up does not end the load that others wait for", () => {
    // The first gives up after 5 ms; the load of 10 ms goes on, and who comes in its second half has it in time.
    const steps: StepDocument[] = [{ do: "timeout", after: "5ms", cancel: true, steps: [call("cache", "get")] }];
    const model = cached({ entries: 1, ttl: "20ms", singleFlight: true }, { count: 1 }, "1000rps", "10ms", steps);
    const found = intervals(model, { untilMs: 300 * second, warmupMs: second, seed: 213 }, (value) => ({
      loads: value("db.rate"),
      errors: value("traffic.errors"),
    }));
    const cycle = load + life + 1 / rate;
    agrees(found.loads, second / cycle, "loads");
    agrees(found.errors, ((1 + rate * 5) / cycle) * second, "errors");
  });

  it("begins full of what is asked for most often where it is warm, and empty where it is not", () => {
    const shares = zipfShares(1000, 1);
    const hot = shares.slice(0, 100).reduce((sum, share) => sum + share, 0);
    for (const [warm, seed] of [
      [true, 214],
      [false, 215],
    ] as const) {
      const model = cached({ entries: 100, warm }, { count: 1000, skew: 1 }, "1000rps");
      const found = intervals(model, { untilMs: 20, warmupMs: 0, seed }, hits);
      if (warm) assert.ok(Math.abs(found.hits.mean - hot) < 0.2, `${found.hits.mean} ≈ ${hot}`);
      else assert.ok(found.hits.mean < 0.3, `${found.hits.mean}`);
    }
    const full = cached({ entries: 100, evict: "lfu", warm: true }, { count: 100, skew: 1 }, "1000rps");
    const found = intervals(full, { untilMs: second, warmupMs: 0, seed: 216 }, hits);
    assert.equal(found.hits.mean, 1);
  });

  const put: readonly StepDocument[] = [call("cache", "put")];
  it("write-through writes the database first, write-around lets the key go, write-behind writes later", () => {
    const both = (write: "around" | "through" | "behind", writeAfter?: string): ModelDocument => ({
      ...cached({ entries: 10, write, ...(writeAfter === undefined ? {} : { writeAfter }) }, { count: 10 }, "1rps"),
      nodes: {
        q: { kind: "service", ops: { read: [call("cache", "get")], write: put } },
        cache: {
          kind: "cache",
          get: "0ms",
          entries: 10,
          fronts: "db",
          write,
          ...(writeAfter === undefined ? {} : { writeAfter }),
        },
        db: { kind: "database", connections: 100_000, read: "0ms", write: exponential("4ms") },
      },
      traffic: { to: "q", rate: "4000rps", mix: { read: 3, write: 1 }, keys: { count: 10 } },
    });
    const length = { untilMs: 60 * second, warmupMs: second };
    const measures = (value: Values) => ({
      put: value("traffic.write.latency.mean"),
      hits: value("cache.hit.ratio"),
      queries: value("db.rate"),
    });
    const through = intervals(both("through"), { ...length, seed: 217 }, measures);
    agrees(through.put, 4, "through");
    assert.equal(through.hits.mean, 1);
    agrees(through.queries, 1000, "through, queries");
    // A get hits unless the last thing that happened to its key was a put: three in four.
    const around = intervals(both("around"), { ...length, seed: 218 }, measures);
    agrees(around.put, 4, "around");
    agrees(around.hits, 0.75, "around, hits");
    agrees(around.queries, 1000 + 0.25 * 3000, "around, queries");
    // Each key is put 0.1 times per ms; those of 30 ms are written as one.
    const behind = intervals(both("behind", "30ms"), { ...length, seed: 219 }, measures);
    assert.equal(behind.put.mean, 0);
    assert.equal(behind.hits.mean, 1);
    agrees(behind.queries, (10 / (30 + 10)) * second, "behind, queries");
  });
});
