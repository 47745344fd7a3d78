import assert from "node:assert/strict";
import { mix } from "#src/engine/core/hashing.js";
import type { DatabaseDocument } from "#src/model/database-document.js";
import type { ModelDocument } from "#src/model/document.js";
import type { KeysDocument } from "#src/model/traffic-document.js";
import { erlangArrivalsSojourn, impatient } from "./closed-forms.js";
import { zipfShares } from "./closed-forms-data.js";
import { agrees, call, exponential, intervals, modelOf } from "./replications.js";

const second = 1_000;

/** Requests that each make one query; so many read for each one that writes. */
function queried(
  settings: Omit<DatabaseDocument, "kind">,
  rate: string,
  { reads = 1, writes = 0, keys }: { reads?: number; writes?: number; keys?: KeysDocument } = {},
): ModelDocument {
  return modelOf(
    {
      q: { kind: "service", ops: { read: [call("db", "read")], write: [call("db", "write")] } },
      db: { kind: "database", ...settings },
    },
    { to: "q", rate, mix: { read: reads, write: writes }, ...(keys === undefined ? {} : { keys }) },
  );
}

describe("truth: replicas", () => {
  it("reads that take turns make each of two replicas E2/M/1", () => {
    const model = queried(
      { connections: 1, read: exponential("1ms"), write: "1ms", replicas: { count: 2, reads: "replica" } },
      "1600rps",
    );
    const found = intervals(model, { untilMs: 300 * second, warmupMs: second, seed: 301 }, (value) => ({
      latency: value("traffic.latency.mean"),
      util: value("db.util"),
      busiest: value("db.hot.util"),
    }));
    agrees(found.latency, erlangArrivalsSojourn(2, 0.8, 1), "latency");
    agrees(found.util, 1.6 / 3, "util");
    agrees(found.busiest, 0.8, "util of the busiest");
  });

  // Ten keys, each written 0.1 times and read 0.3 times per ms.
  const keys = { count: 10 };
  const traffic = { reads: 3, writes: 1, keys };
  const length = { untilMs: 60 * second, warmupMs: second };
  const instant = { connections: 1_000, read: "0ms", write: "0ms" };

  it("a read is stale where its key was written within the lag", () => {
    for (const [lag, stale, seed] of [
      // λ / (λ + μ): the write before the read is younger than its lag.
      [exponential("10ms"), 0.5, 302],
      ["10ms", 1 - Math.exp(-1), 303],
    ] as const) {
      const model = queried({ ...instant, replicas: { count: 1, reads: "replica", lag } }, "4000rps", traffic);
      const found = intervals(model, { ...length, seed }, (value) => ({ stale: value("db.stale.ratio") }));
      agrees(found.stale, stale, "stale");
    }
  });

  it("reads that take turns with the primary are stale for the share of the replicas", () => {
    const replicas = { count: 3, reads: "any", lag: exponential("10ms") } as const;
    const model = queried({ ...instant, replicas }, "4000rps", traffic);
    const found = intervals(model, { ...length, seed: 304 }, (value) => ({ stale: value("db.stale.ratio") }));
    agrees(found.stale, (3 / 4) * 0.5, "stale");
  });

  it("who reads what was written before reads the primary within the lag", () => {
    const replicas = { count: 1, reads: "replica", lag: exponential("10ms"), readYourWrites: true } as const;
    const model = queried({ ...instant, replicas }, "4000rps", traffic);
    const found = intervals(model, { ...length, seed: 305 }, (value) => ({
      stale: value("db.stale.ratio"),
      primary: value("db.hot.share"),
    }));
    assert.equal(found.stale.mean, 0);
    // All writes, and half of the reads.
    agrees(found.primary, (1 + 3 / 2) / 4, "share of the primary");
  });

  it("a synchronous write waits for the k-th of n replicas, and reads see it", () => {
    for (const [sync, waits, seed] of [
      [1, 10 / 3, 306],
      [2, 10 / 3 + 10 / 2, 307],
      [3, 10 / 3 + 10 / 2 + 10, 308],
    ] as const) {
      const replicas = { count: 3, reads: "replica", lag: exponential("10ms"), sync } as const;
      const model = queried({ ...instant, write: "2ms", replicas }, "2000rps", { ...traffic, keys: { count: 1000 } });
      const found = intervals(model, { ...length, seed }, (value) => ({
        write: value("traffic.write.latency.mean"),
        stale: value("db.stale.ratio"),
      }));
      agrees(found.write, 2 + waits, `write that waits for ${sync}`);
      if (sync === 3) assert.equal(found.stale.mean, 0);
      else assert.ok(found.stale.mean > 0);
    }
  });
});

describe("truth: quorums", () => {
  it("a query takes the r-th of n answers, and each copy does the work of all", () => {
    const model = queried(
      {
        connections: 100,
        read: exponential("3ms"),
        write: exponential("6ms"),
        quorum: { copies: 5, read: 2, write: 4 },
      },
      "2000rps",
      { reads: 1, writes: 1 },
    );
    const found = intervals(model, { untilMs: 60 * second, warmupMs: second, seed: 311 }, (value) => ({
      read: value("traffic.read.latency.mean"),
      write: value("traffic.write.latency.mean"),
      util: value("db.util"),
    }));
    agrees(found.read, 3 * (1 / 5 + 1 / 4), "read");
    agrees(found.write, 6 * (1 / 5 + 1 / 4 + 1 / 3 + 1 / 2), "write");
    agrees(found.util, (1 * 3 + 1 * 6) / 100, "util");
  });

  it("fails when too few copies can take the query, and not before", () => {
    // One connection that nobody waits for: a copy answers, or refuses at once. The copies are busy all together.
    const lost = (read: number): ModelDocument =>
      queried(
        { connections: 1, read: "1ms", write: "1ms", queue: { capacity: 0 }, quorum: { copies: 3, read, write: 1 } },
        "1000rps",
      );
    const found = intervals(lost(2), { untilMs: 60 * second, warmupMs: second, seed: 312 }, (value) => ({
      failed: value("db.errors") / value("db.arrivals"),
      rejected: value("db.rejected") / value("db.arrivals"),
    }));
    agrees(found.failed, 1 / 2, "Erlang B of one server with load 1");
    agrees(found.rejected, 1 / 2, "rejected");
  });
});

describe("truth: shards", () => {
  const [count, skew] = [1000, 1];
  const shares = zipfShares(count, skew);
  for (const by of ["hash", "range"] as const)
    it(`by ${by}, each is an M/M/1 with its share of the keys`, () => {
      const of = Array.from({ length: 4 }, () => 0);
      shares.forEach((share, i) => {
        const shard = by === "hash" ? (mix(i + 1) >>> 1) % 4 : Math.floor((i * 4) / count);
        of[shard] = of[shard]! + share;
      });
      // The busiest is at 60 %.
      const rate = 0.6 / Math.max(...of);
      const model = queried(
        { connections: 1, read: exponential("1ms"), write: "1ms", shards: { count: 4, by } },
        `${rate * 1000}rps`,
        { keys: { count, skew } },
      );
      const found = intervals(
        model,
        { untilMs: (by === "hash" ? 500 : 900) * second, warmupMs: second, seed: by === "hash" ? 321 : 322 },
        (value) => ({
          latency: value("traffic.latency.mean"),
          share: value("db.hot.share"),
          util: value("db.hot.util"),
          p99: value("db.hot.latency.p99"),
          all: value("db.util"),
        }),
      );
      agrees(
        found.latency,
        of.reduce((sum, share) => sum + share / (1 - rate * share), 0),
        "latency",
      );
      agrees(found.share, Math.max(...of), "share of the hot shard");
      agrees(found.util, 0.6, "its util");
      agrees(found.p99, Math.log(100) / (1 - 0.6), "its p99");
      agrees(found.all, rate / 4, "util of all");
    });
});

describe("truth: patience", () => {
  it("who waits for a connection no longer than so long leaves M/M/1 as Barrer says", () => {
    const model = queried(
      { connections: 1, read: exponential("1ms"), write: "1ms", queue: { maxWait: "3ms" } },
      "800rps",
    );
    const found = intervals(model, { untilMs: 600 * second, warmupMs: second, seed: 331 }, (value) => ({
      left: value("db.rejected") / value("db.arrivals"),
      errors: value("db.errors") / value("db.arrivals"),
      longest: value("db.wait.max"),
    }));
    agrees(found.left, impatient(0.8, 1, 3), "left");
    agrees(found.errors, impatient(0.8, 1, 3), "errors");
    assert.ok(found.longest.mean <= 3 + 1e-9);
  });
});
