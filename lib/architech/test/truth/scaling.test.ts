import assert from "node:assert/strict";
import type { ModelDocument } from "#src/model/document.js";
import type { LineDocument } from "#src/model/line-document.js";
import type { WorkerDocument } from "#src/model/messaging-document.js";
import { metricsOf } from "#src/model/metrics.js";
import type { ScaleDocument } from "#src/model/scale-document.js";
import type { Scheduling, ServiceDocument } from "#src/model/service-document.js";
import type { StepDocument } from "#src/model/step-document.js";
import { validate } from "#src/model/validate.js";
import { simulate } from "#src/simulation/simulate.js";
import { modelOf } from "./replications.js";

const second = 1000;

interface Run {
  /** Replicas on average over the interval that ends at a second, and the other columns of the series. */
  at(node: string, seconds: number, column?: "replicas" | "util" | "depth" | "completions" | "cost"): number;
  value(metric: string): number;
}

/** One replication, with a series of an interval a second. */
function run(document: ModelDocument, seconds: number, warmupMs = 0): Run {
  const model = validate(document);
  const bounds = { maxEvents: 1e9, maxWallMs: 1e9, maxInside: 1e6 };
  const options = { untilMs: seconds * second, warmupMs, everyMs: second, bounds };
  const simulation = simulate({ model, options, seed: 5, replication: 0 });
  const rows = simulation.advance(Number.POSITIVE_INFINITY);
  const { summary } = simulation.result();
  const metrics = metricsOf(model).map(({ name }) => name);
  const width = simulation.nodes.length;
  return {
    at: (node, t, column = "replicas") => rows[column][(t - 1) * width + simulation.nodes.indexOf(node)]!,
    value: (metric) => summary[metrics.indexOf(metric)]!,
  };
}

/** A service whose one operation takes a core for a time, under regular arrivals. */
function busy(
  rate: string,
  time: string,
  scale: ScaleDocument,
  settings: Partial<ServiceDocument> = {},
): ModelDocument {
  const serve: StepDocument[] = [{ do: "cpu", time }];
  return modelOf(
    { q: { kind: "service", threads: 1, scale, ...settings, ops: { serve } } },
    { to: "q", rate, arrivals: "regular", mix: { serve: 1 } },
  );
}

const hpa = (settings: Partial<Extract<ScaleDocument, { by: "hpa" }>> = {}): ScaleDocument => ({
  by: "hpa",
  max: 20,
  target: { cpu: 0.6 },
  ...settings,
});

describe("truth: scaling", () => {
  it("an HPA ends at ceil(load × service time / target) replicas and stays there", () => {
    for (const [rate, time, target, replicas] of [
      ["40rps", "50ms", 0.6, 3],
      ["100rps", "30ms", 0.5, 4],
      ["90rps", "20ms", 0.75, 2],
      ["30rps", "20ms", 0.2, 1],
    ] as const) {
      const found = run(busy(rate, time, hpa({ target: { cpu: target } }), { replicas }), 300);
      const load = Number.parseFloat(rate) * (Number.parseFloat(time) / second);
      for (let t = 20; t <= 300; t += 10) assert.equal(found.at("q", t), Math.ceil(load / target), `${rate} at ${t} s`);
      const last = found.at("q", 300, "util");
      assert.ok(Math.abs(last - load / Math.ceil(load / target)) < 0.02, `${last} busy`);
    }
  });

  it("it decides every 15 s, and goes no faster than its policies: one more each time, up to four", () => {
    const up = { policies: [{ pods: 1, period: "15s" }] };
    const found = run(busy("20rps", "50ms", hpa({ target: { cpu: 0.25 }, up })), 120);
    assert.deepEqual(
      [15, 16, 30, 31, 45, 46, 120].map((t) => found.at("q", t)),
      [1, 2, 2, 3, 3, 4, 4],
    );
  });

  it("a replica starts before it serves: until then the HPA takes it as idle and asks for no more", () => {
    const found = run(busy("40rps", "50ms", hpa({ target: { cpu: 0.5 }, startup: "40s" })), 120);
    // Two at 16 s, one of them not ready until 55 s; its first whole period of 15 s is known at 75 s.
    assert.deepEqual(
      [16, 31, 46, 61, 75, 76].map((t) => found.at("q", t)),
      [2, 2, 2, 2, 2, 4],
    );
    assert.equal(found.at("q", 54, "util"), 1);
    assert.ok(found.at("q", 54, "completions") === 20 && found.at("q", 57, "completions") === 40);
  });

  it("it falls when its window has passed, and not before", () => {
    const scale = hpa({ target: { cpu: 0.5 }, down: { stabilization: "60s" } });
    const model = busy("40rps", "50ms", scale, { replicas: 4 });
    const found = run({ ...model, traffic: { ...model.traffic, rate: halved } as ModelDocument["traffic"] }, 240);
    // 40 a second until 100 s, then 9: 4 were last asked for at 90 s, 3 at 105 s, where the two mix, then 1.
    assert.deepEqual(
      [100, 150, 152, 165, 167, 240].map((t) => found.at("q", t)),
      [4, 4, 3, 3, 1, 1],
    );
    assert.equal(found.value("traffic.errors"), 0, "those that went finished what they had");
  });

  it("with a target of requests for each replica it has rate / target of them", () => {
    const found = run(busy("100rps", "1ms", hpa({ target: { rate: "8rps" } })), 200);
    assert.equal(found.at("q", 200), Math.ceil(100 / 8));
  });

  it("with a target of requests inside it follows Little: rate × latency / target", () => {
    const model = modelOf(
      {
        q: {
          kind: "service",
          scale: hpa({ target: { concurrency: 5 } }),
          ops: { serve: [{ do: "wait", time: "500ms" }] },
        },
      },
      { to: "q", rate: "100rps", arrivals: "regular", mix: { serve: 1 } },
    );
    assert.equal(run(model, 200).at("q", 200), (100 * 0.5) / 5);
  });

  it("a queue's depth as Value multiplies the replicas, as AverageValue divides by the target", () => {
    const model = (queue: { of: string; average: number } | { of: string; value: number }): ModelDocument => ({
      ...jobs({ by: "hpa", min: 2, max: 40, target: { queue } }, { work: "1h" }),
    });
    // 400 messages come within the first second, each worker takes one and keeps it.
    assert.equal(run(model({ of: "jobs", average: 50 }), 20).at("w", 20), 6, "2, and 4 in the first 15 s");
    assert.equal(run(model({ of: "jobs", average: 50 }), 40).at("w", 40), 8, "ceil(394 / 50)");
    assert.equal(run(model({ of: "jobs", value: 199 }), 16).at("w", 16), 4, "2 × 398 / 199");
  });

  it("KEDA wakes a worker from nothing at its next poll, its HPA adds more, the cooldown takes all of them away", () => {
    const model = jobs(
      { by: "keda", max: 15, lag: 20, polling: "30s", cooldown: "60s", down: { stabilization: "0s" } },
      { work: "400ms" },
    );
    const found = run(model, 120);
    // At 30 s KEDA makes one of none, and its HPA asks at once for 400 / 20 and gets 4 more; at 45 s for ceil(215 / 20).
    assert.deepEqual(
      [1, 30, 31, 45, 46, 60, 61, 90, 91].map((t) => found.at("w", t)),
      [0, 0, 5, 5, 10, 10, 1, 1, 0],
    );
    assert.equal(found.at("jobs", 30, "depth"), 400);
    // 5 replicas of 2.5 a second for 15 s, then twice as many: all is done at 45 s + 215 / 25.
    const done = (t: number): number =>
      Array.from({ length: t }, (_, i) => found.at("w", i + 1, "completions")).reduce((a, b) => a + b);
    assert.equal(done(45), 5 * 37);
    assert.ok(done(53) < 400 && done(54) === 400, `${done(53)}, ${done(54)}`);
  });

  it("KEDA scales those who take from a queue that delivers again as those of any queue", () => {
    const scale = { by: "keda", lag: 20, max: 8, polling: "5s", cooldown: "30s", startup: "2s" } as const;
    const plain = jobs(scale, {});
    const kept = { ...plain, nodes: { ...plain.nodes, jobs: { kind: "queue", visibility: "1h" } as const } };
    const [one, other] = [run(plain, 200), run(kept, 200)];
    for (let t = 1; t <= 200; t++)
      for (const column of ["replicas", "completions", "util"] as const)
        assert.equal(other.at("w", t, column), one.at("w", t, column), `${column} at ${t} s`);
    assert.ok(Math.max(...Array.from({ length: 200 }, (_, i) => other.at("w", i + 1))) === 8);
    assert.equal(other.at("w", 200), 0);
  });

  it("KEDA gives a log no more replicas than partitions, unless idle consumers may be, and loses no message", () => {
    for (const idleConsumers of [false, true]) {
      const scale = { by: "keda", lag: 20, polling: "5s", cooldown: "30s", idleConsumers } as const;
      const plain = jobs(scale, { rebalance: "3s" });
      const model = { ...plain, nodes: { ...plain.nodes, jobs: { kind: "log", partitions: 4 } as const } };
      const found = run(model, 500);
      const most = Math.max(...Array.from({ length: 500 }, (_, i) => found.at("w", i + 1)));
      // At 45 s there may be twice ten of them, and 400 messages less 3 a second of 20 each are 15.
      assert.equal(most, idleConsumers ? 15 : 4);
      // The first poll finds messages and wakes one, the next sync adds the others: twice 3 s in which nobody takes.
      const done = Array.from({ length: 500 }, (_, i) => found.at("w", i + 1, "completions"));
      assert.equal(done.findIndex((count) => count > 0) + 1, 9);
      assert.equal(
        done.reduce((sum, count) => sum + count, 0),
        400,
      );
      // Each partition is worked on by one at a time.
      assert.equal(Math.max(...done), 4);
      assert.equal(found.at("w", 500), 0);
    }
  });

  it("requests to a service of no replicas wait for one: a cold start is the poll, the start-up and the work", () => {
    const scale: ScaleDocument = {
      by: "keda",
      max: 3,
      concurrency: 100,
      polling: "10s",
      cooldown: "20s",
      startup: "3s",
    };
    const model = modelOf(
      { q: { kind: "service", scale, ops: { serve: [{ do: "wait", time: "500ms" }] } } },
      {
        to: "q",
        rate: {
          points: [
            { at: "0s", rate: "0rps" },
            { at: "4s", rate: "1rps" },
            { at: "5.5s", rate: "0rps" },
          ],
          steps: true,
        },
        arrivals: "regular",
        mix: { serve: 1 },
      },
    );
    const found = run(model, 60);
    // It comes at 5 s; the poll of 10 s sees it, the replica is ready at 13 s, and the poll of 30 s takes it away.
    assert.equal(found.value("q.latency.max"), 8500);
    assert.equal(found.value("q.wait.max"), 8000);
    assert.equal(found.at("q", 12, "depth"), 1);
    assert.deepEqual(
      [10, 11, 30, 31].map((t) => found.at("q", t)),
      [0, 1, 1, 0],
    );
    assert.ok(Math.abs(found.value("q.replicas") - 20 / 60) < 1e-12);
  });

  it("a replica that is taken away finishes what it holds and what waits for it, and costs until then", () => {
    const scale: ScaleDocument = {
      by: "schedule",
      steps: [
        { at: "0s", replicas: 2 },
        { at: "10s", replicas: 1 },
        { at: "20s", replicas: 0 },
        { at: "30s", replicas: 1 },
      ],
    };
    // Until 10 s each of two gets one of 500 ms every 500 ms and falls behind by nothing; then one does, by half.
    const found = run(busy("4rps", "500ms", scale), 60);
    assert.deepEqual(
      [10, 12, 20, 30].map((t) => found.at("q", t)),
      [2, 1, 1, 1],
    );
    // 40 more come until 20 s, of which 20 are done; the other 20 take 10 s more, and nobody else is served meanwhile.
    assert.equal(found.at("q", 30, "completions"), 2);
    assert.equal(found.value("traffic.errors"), 0);
    assert.equal(found.at("q", 29, "depth") > 0, true);
    assert.equal(found.at("q", 32, "completions"), 2, "those who came meanwhile go to the new one");
  });

  it("costs its replica hours, its requests and what is moved and stored, each times its price", () => {
    const prices = {
      replicaHour: 0.12,
      request: 0.0001,
      gbMoved: 0.09,
      moved: "20KB",
      gbHour: 0.0002,
      stored: "200GB",
    };
    const scale: ScaleDocument = {
      by: "schedule",
      steps: [
        { at: "0s", replicas: 2 },
        { at: "30s", replicas: 5 },
      ],
      startup: "10s",
    };
    const model = busy("100rps", "1ms", scale, { cost: prices });
    const db = { kind: "database", connections: 1, read: "1ms", write: "1ms", cost: { replicaHour: 0.5 } } as const;
    const found = run({ ...model, nodes: { ...model.nodes, db, free: { kind: "queue" } } }, 60);
    // 2 replicas for half a minute, 5 for another: those that start cost too. 100 requests arrive a second.
    const replicas = (2 + 5) / 2;
    const arrivals = found.value("q.arrivals") * 3600;
    assert.ok(Math.abs(arrivals - 360_000) < 100);
    const expected = 0.12 * replicas + arrivals * (0.0001 + 0.09 * 20e-6) + 0.0002 * 200;
    assert.ok(Math.abs(found.value("q.cost") - expected) < 1e-9 * expected, `${found.value("q.cost")}, ${expected}`);
    assert.equal(found.value("q.replicas"), replicas);
    assert.equal(found.value("db.cost"), 0.5);
    assert.ok(Number.isNaN(found.value("free.cost")), "nobody says what it costs");
    assert.ok(Math.abs(found.value("traffic.cost") - expected - 0.5) < 1e-9 * expected);
    const hourly = (t: number): number => found.at("q", t, "cost");
    assert.ok(Math.abs(hourly(31) - hourly(30) - 3 * 0.12) < 1e-6, "three more from 30 s on");
    assert.equal(found.at("traffic", 31, "cost"), hourly(31) + 0.5);
  });

  it("of a database each copy of each shard costs", () => {
    const db = {
      kind: "database",
      connections: 1,
      read: "1ms",
      write: "1ms",
      replicas: { count: 2 },
      shards: { count: 4 },
      cost: { replicaHour: 0.5 },
    } as const;
    const model = busy("10rps", "1ms", hpa());
    const keyed = { ...model.traffic, keys: { count: 10 } } as ModelDocument["traffic"];
    assert.equal(run({ ...model, nodes: { ...model.nodes, db }, traffic: keyed }, 10).value("db.cost"), 6);
  });

  it("what a policy is asked has its price too", () => {
    const found = run(
      modelOf(
        {
          q: { kind: "service", ops: { serve: [{ do: "call", to: "quota", op: "take" }] } },
          quota: { kind: "limiter", rate: "1000rps", cost: { request: 0.001, replicaHour: 2 } },
        },
        { to: "q", rate: "100rps", arrivals: "regular", mix: { serve: 1 } },
      ),
      60,
    );
    assert.ok(Math.abs(found.value("quota.cost") - (2 + 0.001 * 100 * 3600)) < 1e-9);
    assert.equal(found.value("traffic.cost"), found.value("quota.cost"));
  });

  it("replicas that grow do more at once, those that shrink finish what they hold: vertical scaling", () => {
    const scale: ScaleDocument = {
      by: "schedule",
      steps: [
        { at: "10s", threads: 4, cores: 2 },
        { at: "20s", threads: 1 },
      ],
    };
    // 15 a second of 100 ms: one thread does 10, then two cores do 20, of which 5 a second catch up with the 50 behind.
    const found = run(busy("15rps", "100ms", scale, { cost: { coreHour: 0.04 } }), 30);
    const done = (from: number, to: number): number => {
      let sum = 0;
      for (let t = from + 1; t <= to; t++) sum += found.at("q", t, "completions");
      return sum;
    };
    assert.deepEqual([done(0, 10), done(10, 20), done(20, 30)], [99, 199, 100]);
    assert.ok(Math.abs(found.value("q.cost") - (0.04 * (1 + 2 + 2)) / 3) < 1e-9, String(found.value("q.cost")));
    // All threads are busy nearly all the time.
    assert.ok(found.value("q.util") > 0.97 && found.value("q.util") <= 1, String(found.value("q.util")));
    const worker = jobs(
      {
        by: "schedule",
        steps: [
          { at: "0s", replicas: 2 },
          { at: "11s", threads: 5 },
        ],
      },
      { work: "1s" },
    );
    const took = run(worker, 30);
    assert.deepEqual([took.at("w", 10, "completions"), took.at("w", 13, "completions")], [2, 10]);
  });

  it("a schedule that repeats", () => {
    const scale: ScaleDocument = {
      by: "schedule",
      steps: [
        { at: "0s", replicas: 1 },
        { at: "6s", replicas: 3 },
      ],
      repeat: "10s",
      startup: "2s",
    };
    const found = run(busy("10rps", "1ms", scale), 40);
    assert.deepEqual(
      [1, 6, 7, 8, 10, 11, 16, 17, 21].map((t) => Math.round(found.at("q", t))),
      [1, 1, 3, 3, 3, 1, 1, 3, 1],
    );
    assert.ok(Math.abs(found.value("q.replicas") - (6 * 1 + 4 * 3) / 10) < 0.01);
  });
});

describe("truth: scaling of what shares its cores, and waits in other lines", () => {
  /** Two requests of 10 ms each at once, of one replica whose cores change after 5 ms. */
  const resized = (scheduling: Scheduling, cores: number, later: number): Run =>
    run(
      modelOf(
        {
          q: {
            kind: "service",
            threads: 8,
            cores,
            scheduling,
            scale: { by: "schedule", steps: [{ at: "5ms", cores: later }] },
            ops: { serve: [{ do: "cpu", time: "10ms" }] },
          },
        },
        { to: "q", rate: { unit: "ms", times: [0, 0] }, mix: { serve: 1 } },
      ),
      1,
    );

  it("those that are at work go on as fast as there are cores", () => {
    const last = (found: Run): [mean: number, max: number] => [
      found.value("q.latency.mean"),
      found.value("q.latency.max"),
    ];
    // One core: 2.5 ms each in 5 ms, then 7.5 ms at full speed. Two: 5 ms each, then 5 ms at half speed.
    assert.deepEqual(last(resized("ps", 1, 2)), [12.5, 12.5]);
    assert.deepEqual(last(resized("ps", 2, 1)), [15, 15]);
    for (const scheduling of ["srpt", "priority"] as const) {
      assert.deepEqual(last(resized(scheduling, 1, 2)), [12.5, 15]);
      // The one that gives way at 5 ms goes on at 10 ms.
      assert.deepEqual(last(resized(scheduling, 2, 1)), [12.5, 15]);
    }
    // 20 ms of work, of 5 ms with so many cores and 995 ms with as many as later.
    for (const scheduling of ["ps", "srpt", "priority"] as const) {
      const util = resized(scheduling, 1, 2).value("q.cores.util");
      assert.ok(Math.abs(util - 20 / (5 + 2 * 995)) < 1e-9, `${scheduling}: ${util}`);
    }
  });

  it("an HPA reads how busy shared cores are", () => {
    // 40 a second × 50 ms are 2 busy cores, so of replicas with one core each 60 % take four.
    for (const scheduling of ["ps", "srpt", "priority"] as const) {
      const found = run(busy("40rps", "50ms", hpa(), { threads: 100, cores: 1, scheduling }), 200);
      assert.equal(found.at("q", 200), 4, scheduling);
    }
  });

  it("cores without a limit of threads", () => {
    const scale: ScaleDocument = { by: "schedule", steps: [{ at: "10s", cores: 4 }] };
    const found = run(
      modelOf(
        { q: { kind: "service", cores: 1, scale, ops: { serve: [{ do: "cpu", time: "100ms" }] } } },
        { to: "q", rate: "30rps", arrivals: "regular", mix: { serve: 1 } },
      ),
      30,
    );
    assert.deepEqual([found.at("q", 5, "completions"), found.at("q", 12, "completions")], [10, 40]);
  });

  it("loses nobody of a line, however its replicas come and go", () => {
    const queues: LineDocument[] = [
      { order: "sjf" },
      { order: "edf" },
      { order: "priority" },
      { order: "fair" },
      { order: "adaptive-lifo", switchAt: 3 },
      { codel: { target: "5ms", interval: "50ms" } },
    ];
    for (const queue of queues)
      for (const scale of [
        hpa({ sync: "500ms", down: { stabilization: "0s" } }),
        { by: "schedule", steps: [3, 1, 2].map((n, i) => ({ at: `${i}s`, replicas: n, threads: n })), repeat: "4s" },
      ] as const) {
        const model = busy("40rps", "40ms", scale, { threads: 2, queue });
        const rate = { points: [...waves(20), { at: "20s", rate: "0rps" }], steps: true };
        const found = run({ ...model, traffic: { ...model.traffic, rate } as ModelDocument["traffic"] }, 60);
        const [came, done, failed] = ["arrivals", "rate", "errors"].map((what) => found.value(`q.${what}`));
        assert.ok(Math.abs(came! - done! - failed!) < 1e-9, `${JSON.stringify(queue)}: ${came} = ${done} + ${failed}`);
        assert.ok(done! > 0 && (queue.codel === undefined) === (failed === 0), JSON.stringify(queue));
      }
  });
});

/** A rate that goes up and down every second. */
function waves(seconds: number): { at: string; rate: string }[] {
  return Array.from({ length: seconds }, (_, i) => ({ at: `${i}s`, rate: i % 2 === 0 ? "120rps" : "5rps" }));
}

/** 40 a second until 100 s, then 9. */
const halved = {
  points: [
    { at: "0s", rate: "40rps" },
    { at: "100s", rate: "9rps" },
  ],
  steps: true,
};

/** 400 messages within the first second, for a worker that scales. */
function jobs(scale: ScaleDocument, settings: Partial<WorkerDocument>): ModelDocument {
  return modelOf(
    {
      front: { kind: "service", ops: { put: [{ do: "publish", to: "jobs" }] } },
      jobs: { kind: "queue" },
      w: { kind: "worker", takes: "jobs", scale, work: "1s", ...settings },
    },
    {
      to: "front",
      rate: {
        points: [
          { at: "0s", rate: "400.5rps" },
          { at: "1s", rate: "0rps" },
        ],
        steps: true,
      },
      arrivals: "regular",
      mix: { put: 1 },
    },
  );
}
