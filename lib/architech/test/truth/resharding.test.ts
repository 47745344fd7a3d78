import assert from "node:assert/strict";
import { mix } from "#src/engine/core/hashing.js";
import type { DatabaseDocument, ReshardDocument } from "#src/model/database-document.js";
import type { ModelDocument } from "#src/model/document.js";
import { metricsOf } from "#src/model/metrics.js";
import type { KeysDocument } from "#src/model/traffic-document.js";
import { zipfShares } from "./closed-forms-data.js";
import { agrees, call, exponential, intervals, modelOf, run } from "./replications.js";

const second = 1_000;

/** Queries of one kind to a database of three shards, which becomes one of four. */
function resharded(
  op: "read" | "write",
  reshard: ReshardDocument,
  { rate, keys, ...settings }: Partial<DatabaseDocument> & { readonly rate: string; readonly keys: KeysDocument },
): ModelDocument {
  const db: DatabaseDocument = {
    kind: "database",
    connections: 1,
    read: exponential("1ms"),
    write: "0.001ms",
    shards: { count: 3, reshard },
    ...settings,
  };
  return modelOf(
    { q: { kind: "service", ops: { query: [call("db", op)] } }, db },
    { to: "q", rate, mix: { query: 1 }, keys },
  );
}

/** Share of the queries of each of the twelve slots that three shards and four share evenly. */
function sharesOfSlots({ count, skew = 0 }: KeysDocument): number[] {
  const of = Array.from({ length: 12 }, () => 0);
  zipfShares(count, skew).forEach((share, i) => {
    of[(mix(i + 1) >>> 1) % 12]! += share;
  });
  return of;
}

/** Slot k is in shard k modulo 3; each of the three gives its last one, 9, 10 and 11, to the fourth. */
const before = (slot: number): number => slot % 3;
const after = (slot: number): number => (slot < 9 ? slot % 3 : 3);

describe("truth: resharding", () => {
  const keys = { count: 1000, skew: 0.8 };
  const slots = sharesOfSlots(keys);
  const loads = (shardOf: (slot: number) => number): number[] =>
    [0, 1, 2, 3].map((shard) => slots.reduce((sum, share, slot) => (shardOf(slot) === shard ? sum + share : sum), 0));
  const rate = 1.8;
  const moving: ReshardDocument = { to: 4, at: "1s", copy: "100ms", block: "10ms", pause: "10ms" };

  for (const [when, reshard, shardOf, seed] of [
    ["before", { ...moving, at: "1h" }, before, 341],
    ["after", moving, after, 342],
  ] as const)
    it(`${when} it each shard is an M/M/1 with its share of the keys`, () => {
      const of = loads(shardOf);
      const model = resharded("read", reshard, { rate: `${rate * second}rps`, keys });
      const found = intervals(model, { untilMs: 305 * second, warmupMs: 5 * second, seed }, (value) => ({
        latency: value("traffic.latency.mean"),
        share: value("db.hot.share"),
        util: value("db.util"),
      }));
      const latency = of.reduce((sum, share) => sum + share / (1 - rate * share), 0);
      agrees(found.latency, latency, `latency with the shares ${of.map((share) => share.toFixed(3)).join(", ")}`);
      agrees(found.share, Math.max(...of), "share of the hot shard");
      agrees(found.util, rate / (when === "before" ? 3 : 4), "util of the shards that there are");
    });

  it("copying takes a connection of both shards, and slots move at their rate", () => {
    const reshard: ReshardDocument = { to: 2, at: "0ms", slots: 200, copy: "80ms", block: "15ms", pause: "5ms" };
    const model = resharded("read", reshard, {
      ...{ rate: "1rps", keys: { count: 1 }, read: "0.000001ms", connections: 5 },
      shards: { count: 1, reshard },
    });
    const names = metricsOf(model).map(({ name }) => name);
    const { summary } = run(model, { untilMs: 10 * second, warmupMs: 0, seed: 1 });
    const value = (name: string): number => summary[names.indexOf(name)]!;
    // Of each 100 ms two connections of ten copy for 80.
    assert.ok(Math.abs(value("db.util") - 0.16) < 1e-6, `${value("db.util")}`);
    // The k-th of a hundred is over at 100 k − 5 ms: Σ (10 000 − (100 k − 5)) / (100 · 10 000).
    assert.ok(Math.abs(value("db.moved.ratio") - 0.4955) < 1e-9, `${value("db.moved.ratio")}`);
  });

  it("writes of the slot that changes hands wait until it has, or fail; no others do", () => {
    const [even, writesPerSecond] = [{ count: 1000 }, 20_000];
    const model = (writes: "hang" | "refuse"): ModelDocument =>
      resharded(
        "write",
        { to: 4, at: "1s", copy: "1s", block: "2s", writes },
        { rate: `${writesPerSecond}rps`, keys: even, connections: 100 },
      );
    // Each of three slots changes hands for two seconds.
    const share = sharesOfSlots(even)
      .slice(9)
      .reduce((sum, share) => sum + share, 0);
    const length = { untilMs: 12 * second, warmupMs: 0, seed: 344 };
    const refused = intervals(model("refuse"), length, (value) => ({ errors: value("db.errors") * 12 }));
    agrees(refused.errors, 2 * writesPerSecond * share, "writes that fail");
    const waited = intervals(model("hang"), length, (value) => ({
      wait: value("db.wait.mean") * value("db.rate") * 12,
      longest: value("db.wait.max"),
      errors: 1 + value("db.errors"),
    }));
    // So many come within two seconds, and wait for half of them on average.
    agrees(waited.wait, 2 * writesPerSecond * share * second, "all waits together");
    assert.ok(waited.longest.mean > 1.99 * second && waited.longest.mean <= 2 * second);
    assert.equal(waited.errors.mean, 1);
  });
});
