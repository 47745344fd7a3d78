import assert from "node:assert/strict";
import type { ModelDocument } from "#src/model/document.js";
import type { JobDocument } from "#src/model/job-document.js";
import type { LogDocument, QueueDocument, WorkerDocument } from "#src/model/messaging-document.js";
import { metricsOf } from "#src/model/metrics.js";
import type { NodeDocument } from "#src/model/node-document.js";
import type { OpenTrafficDocument } from "#src/model/traffic-document.js";
import { validate } from "#src/model/validate.js";
import { simulate } from "#src/simulation/simulate.js";
import { bulkServiceWait, impatient, poissonUpTo } from "./closed-forms.js";
import { agrees, exponential, intervals, modelOf, run } from "./replications.js";

const publisher = (to: string): NodeDocument => ({ kind: "service", ops: { put: [{ do: "publish", to }] } });

/** Messages put at a rate into "jobs", and workers that take them. */
const backend = (
  jobs: Omit<QueueDocument, "kind">,
  worker: Omit<WorkerDocument, "kind" | "takes">,
  rate: OpenTrafficDocument["rate"] = "100rps",
  more: Record<string, NodeDocument> = {},
): ModelDocument =>
  modelOf(
    {
      api: publisher("jobs"),
      jobs: { kind: "queue", ...jobs },
      worker: { kind: "worker", takes: "jobs", ...worker },
      ...more,
    },
    { to: "api", rate, mix: { put: 1 } },
  );
const fails = (probability: number, mean: string) =>
  [
    { do: "wait", time: exponential(mean) },
    { do: "fail", probability },
  ] as const;
const unlimited = { threads: 100_000 };

describe("truth: redelivery", () => {
  it("work longer than the visibility is delivered once more: a geometric number of deliveries, with P(S > v)", () => {
    // S exponential of mean 100 ms, v = 120 ms: q = e^(−1.2); 1 / (1 − q) deliveries, all but the last of them in vain.
    const found = intervals(
      backend({ visibility: "120ms" }, { ...unlimited, work: exponential("100ms") }, "200rps"),
      { untilMs: 400_000, warmupMs: 10_000, seed: 41 },
      (value) => ({
        deliveries: value("jobs.rate") / value("jobs.arrivals"),
        redelivered: value("jobs.redelivered") / value("jobs.arrivals"),
        duplicates: value("jobs.duplicates") / value("jobs.arrivals"),
        work: value("worker.rate") / value("jobs.arrivals"),
      }),
    );
    const q = Math.exp(-1.2);
    agrees(found.deliveries, 1 / (1 - q), "deliveries of a message");
    agrees(found.redelivered, q / (1 - q), "deliveries after the first");
    agrees(found.duplicates, q / (1 - q), "work in vain");
    agrees(found.work, 1 / (1 - q), "work of a message");
  });

  it("of fixed work each message is delivered again and again until it is dead", () => {
    const dead = backend(
      { visibility: "100ms", maxReceives: 4, deadLetter: "grave" },
      { ...unlimited, work: "150ms" },
      "100rps",
      {
        grave: { kind: "queue" },
      },
    );
    const found = intervals(dead, { untilMs: 400_000, warmupMs: 10_000, seed: 42 }, (value) => ({
      deliveries: value("jobs.rate"),
      dead: value("jobs.dead"),
      grave: value("grave.arrivals"),
      duplicates: value("jobs.duplicates"),
    }));
    agrees(found.deliveries, 400, "deliveries");
    agrees(found.dead, 100, "dead letters");
    agrees(found.grave, 100, "messages in the queue of dead letters");
    agrees(found.duplicates, 400, "work in vain");
  });

  it("dead letters are the rate times p to the number of deliveries", () => {
    const found = intervals(
      backend(
        { visibility: "10s", backoff: "1ms", maxReceives: 3, deadLetter: "grave" },
        { ...unlimited, work: fails(0.4, "5ms") },
        "500rps",
        {
          grave: { kind: "queue" },
        },
      ),
      { untilMs: 600_000, warmupMs: 10_000, seed: 43 },
      (value) => ({ dead: value("grave.arrivals"), deliveries: value("jobs.rate"), errors: value("worker.errors") }),
    );
    agrees(found.dead, 500 * 0.4 ** 3, "dead letters");
    agrees(found.deliveries, 500 * (1 + 0.4 + 0.16), "deliveries");
    agrees(found.errors, 500 * (0.4 + 0.16 + 0.064), "failures");
  });

  it("a failure comes back when the visibility is over, or after its backoff", () => {
    // Each message fails once in two, takes no time, and waits for v or for the backoff: a message is inside for q/(1−q) of it.
    for (const [settings, pause] of [
      [{ visibility: "200ms" }, 200],
      [{ visibility: "200ms", backoff: "50ms" }, 50],
    ] as const) {
      const found = intervals(
        backend(settings, { ...unlimited, work: [{ do: "fail", probability: 0.5 }] }, "500rps"),
        { untilMs: 200_000, warmupMs: 10_000, seed: 44 },
        (value, result) => ({ deliveries: value("jobs.rate"), inside: result.inside + 0 * value("jobs.rate") }),
      );
      agrees(found.deliveries, 1000, "deliveries");
      assert.ok(Math.abs(found.inside.mean - 0.5 * pause) < 5 * found.inside.halfWidth, `${found.inside.mean} inside`);
    }
  });

  it("one queue with a visibility that is never over is M/M/c, as without", () => {
    const model = (jobs: Omit<QueueDocument, "kind">) =>
      backend(jobs, { threads: 3, work: exponential("20ms") }, "100rps");
    const length = { untilMs: 4_500_000, warmupMs: 20_000, seed: 45 };
    const pick = (value: (metric: string) => number) => ({
      wait: value("jobs.wait.mean"),
      depth: value("jobs.depth.mean"),
    });
    const found = intervals(model({ visibility: "1h" }), length, pick);
    // Erlang C of 3 servers and 2 erlangs is 4/9.
    agrees(found.wait, ((4 / 9) * 20) / (3 - 2), "wait");
    assert.deepEqual(found, intervals(model({}), length, pick));
  });

  it("slow work ends its message all the same, as long as nobody has taken it since", () => {
    // One message, at 0 ms; work takes 15 ms and may take 10. With one thread the message waits from 10 to 15 ms.
    const once = { unit: "ms", times: [0] } as const;
    const outcome = (threads: number, maxReceives?: number): Record<string, number> => {
      const settings = { visibility: "10ms", ...(maxReceives === undefined ? {} : { maxReceives }) };
      const model = backend(settings, { threads, work: "15ms" }, once);
      const names = metricsOf(model).map(({ name }) => name);
      const { summary, inside } = run(model, { untilMs: 1000, warmupMs: 0, seed: 1 });
      const of = (name: string): number => summary[names.indexOf(name)]!;
      const { rate, redelivered, duplicates, dead } = Object.fromEntries(
        ["rate", "redelivered", "duplicates", "dead"].map((name) => [name, of(`jobs.${name}`)]),
      );
      return {
        rate: rate!,
        redelivered: redelivered!,
        duplicates: duplicates!,
        dead: dead!,
        work: of("worker.rate"),
        inside,
      };
    };
    assert.deepEqual(outcome(1), { rate: 2, redelivered: 1, duplicates: 0, dead: 0, work: 1, inside: 0 });
    // With two, each delivery is followed by the next before it ends.
    assert.deepEqual(outcome(2, 3), { rate: 3, redelivered: 2, duplicates: 3, dead: 1, work: 3, inside: 0 });
  });

  it("the series counts what was put, not what can be taken once more", () => {
    const model = backend({ visibility: "10ms", backoff: "1ms" }, { ...unlimited, work: fails(0.5, "1ms") });
    const bounds = { maxEvents: 1e9, maxWallMs: 1e9, maxInside: 1e6 };
    const options = { untilMs: 10_000, warmupMs: 0, everyMs: 1000, bounds };
    const simulation = simulate({ model: validate(model), options, seed: 1, replication: 0 });
    const rows = simulation.advance(Number.POSITIVE_INFINITY);
    const jobs = simulation.nodes.indexOf("jobs");
    const put = Array.from(rows.arrivals).reduce((sum, n, i) => sum + (rows.node[i] === jobs ? n : 0), 0);
    const names = metricsOf(model).map(({ name }) => name);
    const { summary } = simulation.result();
    assert.equal(put, Math.round(summary[names.indexOf("traffic.arrivals")]! * 10));
    assert.equal(put, Math.round(summary[names.indexOf("jobs.arrivals")]! * 10));
  });

  it("a delay comes before anyone can take", () => {
    const { summary } = run(backend({ delay: "5s" }, { ...unlimited, work: "1ms" }), {
      untilMs: 20_000,
      warmupMs: 0,
      seed: 1,
    });
    const names = metricsOf(backend({ delay: "5s" }, { ...unlimited, work: "1ms" })).map(({ name }) => name);
    const value = (name: string) => summary[names.indexOf(name)]!;
    assert.ok(Math.abs(value("jobs.rate") * 20 - 100 * 15) < 120);
    assert.equal(value("jobs.wait.max"), 0);
  });
});

describe("truth: batches", () => {
  it("work on all that wait, up to b, is M/M(1,b)/1", () => {
    for (const [most, rate] of [
      [3, 60],
      [10, 150],
    ] as const) {
      const found = intervals(
        backend({}, { work: exponential("25ms"), batch: { max: most } }, `${rate}rps`),
        { untilMs: 2_000_000, warmupMs: 20_000, seed: 46 },
        (value) => ({ wait: value("jobs.wait.mean") }),
      );
      agrees(found.wait, bulkServiceWait(rate / 1000, 25, most), `wait for batches of ${most}`);
    }
  });

  it("a batch of 1 is no batch", () => {
    const length = { untilMs: 100_000, warmupMs: 0, seed: 47 };
    const pick = (value: (metric: string) => number) => ({ wait: value("jobs.wait.mean"), rate: value("worker.rate") });
    const model = (more: object) => backend({}, { work: exponential("8ms"), ...more });
    assert.deepEqual(intervals(model({ batch: { max: 1 } }), length, pick), intervals(model({}), length, pick));
  });

  it("a batch waits for its first message's time, or until it is full", () => {
    // 1 + Poisson(λ w) messages, cut off; each takes 2 ms beside 5 ms for all.
    const [rate, wait, most] = [200, 20, 6];
    const found = intervals(
      backend({}, { ...unlimited, work: "5ms", batch: { max: most, wait: `${wait}ms`, each: "2ms" } }, `${rate}rps`),
      { untilMs: 400_000, warmupMs: 1000, seed: 48 },
      (value) => ({ batches: value("worker.arrivals"), latency: value("worker.latency.mean") }),
    );
    const size = 1 + poissonUpTo((rate * wait) / 1000, most - 1);
    agrees(found.batches, rate / size, "batches");
    agrees(found.latency, 5 + 2 * size, "work on a batch");
  });
});

/** Messages appended to a log of so many partitions, and workers of it. */
const stream = (
  partitions: number,
  workers: Record<string, Omit<WorkerDocument, "kind" | "takes">>,
  traffic: Partial<OpenTrafficDocument> = {},
  log: Partial<LogDocument> = {},
): ModelDocument =>
  modelOf(
    {
      api: publisher("events"),
      events: { kind: "log", partitions, ...log },
      ...Object.fromEntries(
        Object.entries(workers).map(([name, worker]) => [name, { kind: "worker", takes: "events", ...worker }]),
      ),
    },
    { to: "api", rate: "100rps", mix: { put: 1 }, ...traffic },
  );

/** The partition of a key, computed another way than the engine does: MurmurHash3's finalizer in whole numbers of any size. */
function partitionOfKey(key: number, partitions: number): number {
  const word = (x: bigint): bigint => BigInt.asUintN(32, x);
  let h = BigInt(key);
  h = word((h ^ (h >> 16n)) * 0x85ebca6bn);
  h = word((h ^ (h >> 13n)) * 0xc2b2ae35n);
  h ^= h >> 16n;
  return Number((h >> 1n) % BigInt(partitions));
}

describe("truth: logs", () => {
  const mm1 = (rate: number, mean: number): number => (rate * mean * mean) / (1 - rate * mean);

  it("each partition is a queue of one server with its share of the keys", () => {
    const [partitions, keys, skew, rate, mean] = [3, 40, 0.8, 100, 12];
    const weights = Array.from({ length: keys }, (_, i) => (i + 1) ** -skew);
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const shares = Array<number>(partitions).fill(0);
    weights.forEach((weight, i) => {
      shares[partitionOfKey(i + 1, partitions)]! += weight / total;
    });
    const found = intervals(
      stream(
        partitions,
        { worker: { replicas: partitions, work: exponential(`${mean}ms`) } },
        { keys: { count: keys, skew } },
      ),
      { untilMs: 4_000_000, warmupMs: 50_000, seed: 51 },
      (value) => ({ wait: value("events.wait.mean"), lag: value("worker.lag.mean") }),
    );
    const wait = shares.reduce((sum, share) => sum + share * mm1((share * rate) / 1000, mean), 0);
    agrees(found.wait, wait, `wait with the shares ${shares.map((share) => share.toFixed(2)).join(", ")}`);
    agrees(found.lag, (wait * rate) / 1000, "messages not yet taken");
  });

  it("without keys partitions take turns: each is E_P/M/1", () => {
    // Two partitions: gaps are Erlang of two phases. σ = ((2λ')/(2λ' + μ(1 − σ)))², with 2λ' the whole rate.
    const [rate, mean] = [100, 12];
    let sigma = 0.5;
    for (let i = 0; i < 500; i++) sigma = (rate / (rate + (1000 / mean) * (1 - sigma))) ** 2;
    const found = intervals(
      stream(2, { worker: { replicas: 2, work: exponential(`${mean}ms`) } }),
      { untilMs: 4_000_000, warmupMs: 50_000, seed: 52 },
      (value) => ({ wait: value("events.wait.mean") }),
    );
    agrees(found.wait, (sigma * mean) / (1 - sigma), "wait");
  });

  it("one replica works on one message at a time, whatever partition it is of", () => {
    const found = intervals(
      stream(5, { worker: { work: exponential("6ms") } }),
      { untilMs: 3_000_000, warmupMs: 50_000, seed: 53 },
      (value) => ({ wait: value("events.wait.mean"), util: value("worker.util") }),
    );
    agrees(found.wait, mm1(0.1, 6), "wait");
    agrees(found.util, 0.6, "utilisation");
  });

  it("more replicas than partitions are of no use", () => {
    const pick = (value: (metric: string) => number) => ({ wait: value("events.wait.mean") });
    const length = { untilMs: 100_000, warmupMs: 0, seed: 54 };
    const of = (replicas: number) => stream(2, { worker: { replicas, work: exponential("14ms") } });
    assert.deepEqual(intervals(of(2), length, pick), intervals(of(9), length, pick));
  });

  it("every group gets every message, and workers of one group share them", () => {
    const workers = { a: { group: "one" }, b: { group: "one" }, c: { group: "two" }, d: {} };
    const found = intervals(
      stream(
        4,
        Object.fromEntries(Object.entries(workers).map(([name, worker]) => [name, { ...worker, work: "1ms" }])),
      ),
      { untilMs: 600_000, warmupMs: 10_000, seed: 55 },
      (value) => ({
        appended: value("events.arrivals"),
        taken: value("events.rate"),
        shared: value("a.rate"),
        whole: value("c.rate"),
        alone: value("d.rate"),
      }),
    );
    agrees(found.appended, 100, "appended");
    agrees(found.taken, 300, "taken by all groups");
    agrees(found.shared, 50, "half of a group's");
    agrees(found.whole, 100, "all of a group's");
    agrees(found.alone, 100, "a worker without a group");
  });

  it("what is not taken within the retention is lost: M/M/1 with patience (Barrer)", () => {
    const found = intervals(
      stream(1, { worker: { work: exponential("9ms") } }, {}, { retention: "20ms" }),
      { untilMs: 1_500_000, warmupMs: 10_000, seed: 56 },
      (value) => ({ lost: value("events.errors") / value("events.arrivals") }),
    );
    agrees(found.lost, impatient(0.1, 9, 20), "share that is lost");
  });

  it("a group pauses when a worker goes down and when it comes back; the others have its partitions meanwhile", () => {
    const model: ModelDocument = {
      ...stream(
        6,
        Object.fromEntries(["a", "b"].map((name) => [name, { group: "one", rebalance: "3s", work: "1ms" }])),
        { arrivals: "regular" },
      ),
      faults: [{ do: "outage", node: "a", at: "10s", for: "20s" }],
    };
    const names = metricsOf(model).map(({ name }) => name);
    const value = (from: number, until: number) => {
      const { summary } = run(model, { untilMs: until, warmupMs: from, seed: 1 });
      return (name: string): number => summary[names.indexOf(name)]!;
    };
    assert.equal(value(0, 9_000)("a.lag.max"), 0);
    // From 10.00 to 12.90 s, both counted.
    assert.equal(value(0, 12_900)("a.lag.max"), 291);
    assert.ok(Math.abs(value(0, 12_900)("b.rate") * 12.9 - value(0, 9_995)("b.rate") * 9.995) < 1e-6);
    const meanwhile = value(15_000, 30_000);
    assert.ok(Math.abs(meanwhile("b.rate") - 100) < 0.1, `${meanwhile("b.rate")} of 100`);
    assert.equal(meanwhile("a.rate"), 0);
    assert.ok(Math.abs(value(29_000, 33_500)("b.lag.max") - 300) <= 1);
    const later = value(40_000, 60_000);
    assert.ok(Math.abs(later("a.rate") - 50) < 0.1 && Math.abs(later("b.rate") - 50) < 0.1);
  });
});

describe("truth: topics and jobs", () => {
  it("a topic puts a message into each of its queues and logs, and one that is full goes without", () => {
    const model = modelOf(
      {
        api: publisher("bus"),
        bus: { kind: "topic", to: ["left", "right", "events"] },
        left: { kind: "queue" },
        right: { kind: "queue", capacity: 1 },
        events: { kind: "log", partitions: 2 },
        a: { kind: "worker", takes: "left", work: "1ms" },
        b: { kind: "worker", takes: "right", work: exponential("10ms") },
        c: { kind: "worker", takes: "events", work: "1ms" },
      },
      { to: "api", rate: "100rps", mix: { put: 1 } },
    );
    const found = intervals(model, { untilMs: 600_000, warmupMs: 10_000, seed: 57 }, (value) => ({
      bus: value("bus.rate"),
      left: value("a.rate"),
      right: value("b.rate"),
      refused: value("right.errors"),
      log: value("c.rate"),
      errors: 1 + value("traffic.errors"),
    }));
    agrees(found.bus, 100, "puts");
    agrees(found.left, 100, "of one queue");
    agrees(found.log, 100, "of the log");
    // M/M/1/2 at ρ = 1 blocks a third.
    agrees(found.right, 200 / 3, "of a queue with little room");
    agrees(found.refused, 100 / 3, "refused there");
    assert.equal(found.errors.mean, 1);
  });

  it("a job starts exactly as often as its times come", () => {
    const nightly = (job: Partial<JobDocument>, work = "10ms"): ModelDocument =>
      modelOf(
        {
          api: { kind: "service", ops: { serve: [] } },
          nightly: { kind: "job", every: "1s", steps: [{ do: "wait", time: work }], ...job },
        },
        { to: "api", rate: "1rps", mix: { serve: 1 } },
      );
    const counts = (model: ModelDocument, untilMs: number): [number, number, number] => {
      const names = metricsOf(model).map(({ name }) => name);
      const { summary } = run(model, { untilMs, warmupMs: 0, seed: 1 });
      return ["arrivals", "rate", "rejected"].map((name) =>
        Math.round((summary[names.indexOf(`nightly.${name}`)]! * untilMs) / 1000),
      ) as [number, number, number];
    };
    assert.deepEqual(counts(nightly({}), 100_500), [101, 101, 0]);
    assert.deepEqual(counts(nightly({ offset: "600ms" }), 100_500), [100, 100, 0]);
    assert.deepEqual(counts(nightly({ jitter: "300ms" }), 100_500), [101, 101, 0]);
    assert.deepEqual(counts(nightly({}, "1500ms"), 100_900), [101, 100, 0]);
    assert.deepEqual(counts(nightly({ overlap: false }, "1500ms"), 100_900), [101, 50, 50]);
  });
});
