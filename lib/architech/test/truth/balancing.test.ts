import assert from "node:assert/strict";
import fc from "fast-check";
import { Machine } from "#src/engine/machine.js";
import { meterField, meterStride } from "#src/engine/meter-places.js";
import { stationStride } from "#src/engine/station-plan.js";
import type { BalanceDocument, BalancingDocument, GatewayDocument } from "#src/model/balance-document.js";
import type { ModelDocument } from "#src/model/document.js";
import type { FaultDocument } from "#src/model/fault-document.js";
import type { NodeDocument } from "#src/model/node-document.js";
import type { TrafficDocument } from "#src/model/traffic-document.js";
import { validate } from "#src/model/validate.js";
import { compile } from "#src/simulation/compile.js";
import { simulate } from "#src/simulation/simulate.js";
import { chosenBy } from "./balance-reference.js";
import { erlangArrivalsSojourn, powerOfChoicesLimit, shortestOfTwo } from "./closed-forms.js";
import { agrees, exponential, intervals, modelOf, near } from "./replications.js";

const server = (time: string | object): NodeDocument =>
  ({ kind: "service", threads: 1, ops: { serve: [{ do: "cpu", time }] } }) as NodeDocument;

/** A gateway in front of two exponential servers. */
const two = (balance: BalanceDocument, rate: string): ModelDocument =>
  modelOf(
    {
      edge: { kind: "gateway", to: ["a", "b"], ops: ["serve"], balance },
      a: server(exponential("1ms")),
      b: server(exponential("1ms")),
    },
    { to: "edge", rate, mix: { serve: 1 } },
  );

/** The same as replicas of one service. */
const replicas = (balance: BalanceDocument, rate: string, count = 2): ModelDocument =>
  modelOf(
    {
      edge: {
        kind: "service",
        replicas: count,
        threads: 1,
        balance,
        ops: { serve: [{ do: "cpu", time: exponential("1ms") }] },
      },
    },
    { to: "edge", rate, mix: { serve: 1 } },
  );

/** Arrivals at each node, interval by interval. */
function arrivals(model: ModelDocument, untilMs: number, everyMs: number): (node: string) => number[] {
  const bounds = { maxEvents: 1e9, maxWallMs: 1e9, maxInside: 1e6 };
  const options = { untilMs, warmupMs: 0, everyMs, bounds };
  const simulation = simulate({ model: validate(model), options, seed: 9, replication: 0 });
  const rows = simulation.advance(Number.POSITIVE_INFINITY);
  const width = simulation.nodes.length;
  return (node) => {
    const column = simulation.nodes.indexOf(node);
    return Array.from({ length: rows.arrivals.length / width }, (_, i) => rows.arrivals[i * width + column]!);
  };
}

/** Who was chosen for each of some arrivals, of those that a gateway hands on to: "t0", "t1", … */
function chosen(
  balance: BalanceDocument,
  times: readonly number[],
  mss: readonly number[],
  more: { gateway?: Partial<GatewayDocument>; keys?: number; faults?: readonly FaultDocument[] } = {},
): number[] {
  const names = mss.map((_, i) => `t${i}`);
  const traffic: TrafficDocument = {
    to: "edge",
    rate: { unit: "ms", times },
    mix: { serve: 1 },
    ...(more.keys === undefined ? {} : { keys: { count: more.keys } }),
  };
  const edge: NodeDocument = { kind: "gateway", to: names, ops: ["serve"], balance, ...more.gateway };
  const targets = Object.fromEntries(mss.map((ms, i) => [names[i]!, server(`${ms}ms`)]));
  const model = { ...modelOf({ edge, ...targets }, traffic), faults: more.faults ?? [] };
  const { program, layout } = compile(validate(model));
  const machine = new Machine(program, "1/0", 1e6);
  const meters = names.map((name) => layout.nodes.find((node) => node.name === name)!.meters[0]!);
  const before = names.map(() => 0);
  // Between one arrival and the next the one that was chosen has had one more.
  return times.map((at, i) => {
    machine.run(i + 1 < times.length ? (at + times[i + 1]!) / 2 : at + 1, 1e6);
    const counts = meters.map((meter) => machine.meters[meter * meterStride + meterField.arrivals]!);
    const at0 = counts.findIndex((count, k) => count > before[k]!);
    for (const [k, count] of counts.entries()) before[k] = count;
    return at0;
  });
}

describe("truth: balancing", () => {
  it("the fewest connections join the shortest of two queues, as the balance equations have it", () => {
    const length = { untilMs: 150_000, warmupMs: 1_000, seed: 41 };
    for (const [rho, model] of [
      [0.5, replicas({ by: "least-connections", stale: "0ms" }, "1000rps")],
      [0.7, two("least-connections", "1400rps")],
    ] as const) {
      const found = intervals(model, length, (value) => ({ mean: value("edge.latency.mean") }));
      agrees(found.mean, shortestOfTwo(rho), `ρ = ${rho}`);
    }
  });

  it("in turn each server is E2/M/1, and with loads that are never looked at anew the fewest connections are", () => {
    const known = erlangArrivalsSojourn(2, 0.7, 1);
    const length = { untilMs: 200_000, warmupMs: 1_000, seed: 42 };
    for (const balance of [
      "round-robin",
      { by: "least-connections", stale: "1h" },
      { by: "idle", stale: "1h" },
    ] as const) {
      const found = intervals(two(balance, "1400rps"), length, (value) => ({ mean: value("edge.latency.mean") }));
      // With old loads of nobody, all are idle: any of them is.
      agrees(
        found.mean,
        balance === "round-robin" || balance.by !== "idle" ? known : 1 / (1 - 0.7),
        JSON.stringify(balance),
      );
    }
  });

  it("by weight at random each server is an M/M/1 with its share", () => {
    const found = intervals(
      two({ by: "random", weights: [3, 1] }, "1000rps"),
      { untilMs: 250_000, warmupMs: 1_000, seed: 43 },
      (value) => ({
        a: value("a.latency.mean"),
        b: value("b.latency.mean"),
        share: value("a.rate") / value("traffic.rate"),
      }),
    );
    agrees(found.a, 1 / (1 - 0.75), "a");
    agrees(found.b, 1 / (1 - 0.25), "b");
    agrees(found.share, 0.75, "share");
  });

  it("the less busy of two drawn is Mitzenmacher's limit where many are", () => {
    const found = intervals(
      replicas({ by: "least-connections", choices: 2 }, "180000rps", 200),
      { untilMs: 700, warmupMs: 100, seed: 44 },
      (value) => ({ mean: value("edge.latency.mean") }),
    );
    // From above as replicas grow: 200 of them are 0.6 % over the limit.
    const limit = powerOfChoicesLimit(0.9, 2);
    assert.ok(found.mean.mean > limit, "from above");
    near(found.mean.mean, limit, 0.02, "mean");
  });

  it("smooth turns by weight go as nginx says: 5, 1 and 1 are a a b a c a a", () => {
    const times = Array.from({ length: 14 }, (_, i) => 10 * i + 1);
    const turns = chosen({ by: "round-robin", weights: [5, 1, 1] }, times, [1, 1, 1]);
    assert.deepEqual(turns, [0, 0, 1, 0, 2, 0, 0, 0, 0, 1, 0, 2, 0, 0]);
  });

  it("every way to choose does as a balancer written for clarity, request by request", () => {
    const settings: readonly BalancingDocument[] = [
      { by: "least-connections" },
      { by: "least-connections", weights: [3, 1, 2] },
      { by: "least-connections", stale: "7ms" },
      { by: "round-robin", weights: [3, 1, 2] },
      { by: "ewma", decay: "20ms" },
      { by: "ewma", decay: "5ms", weights: [1, 2, 1] },
      { by: "first", ejection: { failures: 1, for: "9ms", most: 1 } },
      { by: "round-robin", slowStart: "40ms", ejection: { failures: 2, for: "15ms", most: 0.5 } },
      { by: "least-connections", slowStart: "40ms", ejection: { failures: 1, for: "6ms", most: 0.7 } },
    ];
    const gaps = fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 60, maxLength: 60 });
    const work = fc.tuple(...[0, 1, 2].map(() => fc.integer({ min: 50, max: 900 })));
    for (const balance of settings)
      fc.assert(
        fc.property(gaps, work, fc.integer({ min: 0, max: 100 }), (gaps, work, from) => {
          let now = 0;
          // Times of arrival, of the end of work and of faults are never the same: each has its own last digits.
          const times = gaps.map((gap) => (now += gap / 100) + 1e-4);
          const mss = work.map((ms, i) => ms / 100 + (i + 1) * 1e-6);
          const fails = [[from + 0.00005, from + 40.00005]] as const;
          const expected = chosenBy(
            balance,
            mss.map((ms, i) => ({ ms, fails: i === 0 ? fails : [] })),
            times.map((at) => ({ at, key: 0 })),
          );
          const faults: FaultDocument[] = [
            { do: "errors", node: "t0", at: `${fails[0][0]}ms`, for: "40ms", probability: 1 },
          ];
          assert.deepEqual(chosen(balance, times, mss, { faults }), expected, JSON.stringify(balance));
        }),
        { seed: 5, numRuns: 60 },
      );
  });

  it("keys go where their hash falls on the ring, and stay when others are taken away", () => {
    const spread = (targets: readonly string[]): Map<string, number> => {
      const edge: NodeDocument = { kind: "gateway", to: targets, ops: ["serve"], balance: { by: "ring", points: 400 } };
      const nodes = Object.fromEntries(targets.map((name) => [name, server("0.01ms")]));
      const model = modelOf(
        { edge, ...nodes },
        { to: "edge", rate: "10000rps", keys: { count: 10_000 }, mix: { serve: 1 } },
      );
      const of = arrivals(model, 20_000, 20_000);
      return new Map(targets.map((name) => [name, of(name)[0]!]));
    };
    const [four, three] = [spread(["a", "b", "c", "d"]), spread(["a", "b", "c"])];
    const total = 200_000;
    for (const count of four.values()) near(count, total / 4, 0.16, "a quarter");
    // What was at d is spread over the others, and what was at those stays there.
    for (const name of ["a", "b", "c"]) {
      const more = three.get(name)! - four.get(name)!;
      assert.ok(more > 0.25 * four.get("d")! && more < 0.42 * four.get("d")!, `${name}: ${more} of ${four.get("d")}`);
    }
  });

  it("a bound lets no one have more than so many times the average", () => {
    const model = modelOf(
      {
        edge: {
          kind: "service",
          replicas: 10,
          threads: 1000,
          cores: 1000,
          balance: { by: "ring", points: 20, bound: 1.25 },
          ops: { serve: [{ do: "wait", time: "100ms" }] },
        },
      },
      { to: "edge", rate: "10000rps", arrivals: "regular", keys: { count: 1000, skew: 1 }, mix: { serve: 1 } },
    );
    const machine = new Machine(compile(validate(model)).program, "1/0", 1e6);
    for (let at = 100; at < 1000; at += 10) {
      machine.run(at, 1e7);
      // Servers but for those that are free; nobody waits.
      const inside = Array.from({ length: 10 }, (_, i) => 1000 - machine.stations[stationStride * i]!);
      const all = inside.reduce((sum, count) => sum + count, 0);
      assert.ok(Math.max(...inside) <= Math.ceil((1.25 * (all + 1)) / 10), `${inside} at ${at}`);
      assert.ok(Math.max(...inside) > 1.2 * Math.min(...inside), "one key in eight is the same");
    }
  });

  it("an outage is seen after so many looks, and its end after so many", () => {
    const times = Array.from({ length: 90 }, (_, i) => 1000 * i + 500);
    const faults: FaultDocument[] = [{ do: "outage", node: "t0", at: "22s", for: "30s", requests: "refuse" }];
    const health = { every: "5s", down: 3, up: 2 };
    const found = chosen("first", times, [1, 1], { faults, gateway: { health } });
    // Looks at 25, 30 and 35 s see it down, those at 55 and 60 s see it up again.
    assert.deepEqual(
      found,
      times.map((at) => (at > 35_000 && at < 60_000 ? 1 : 0)),
    );
  });

  it("who fails is ejected for longer each time, after so many failures in a row", () => {
    const times = Array.from({ length: 400 }, (_, i) => 1000 * i + 500);
    const faults: FaultDocument[] = [{ do: "errors", node: "t0", at: "100s", for: "1h", probability: 1 }];
    const found = chosen({ by: "first", ejection: { failures: 5, for: "30s", most: 0.1 } }, times, [1, 1], { faults });
    // Five fail, at 104.5 s the last, then 30 s without, five more, then 60 s, and so on.
    const first = (from: number): number => found.indexOf(1, from);
    const back = (from: number): number => found.indexOf(0, from);
    const ejected: [number, number][] = [];
    for (let at = first(0); at >= 0; at = first(back(at))) {
      if (back(at) < 0) break;
      ejected.push([at, back(at)]);
    }
    assert.deepEqual(ejected, [
      [105, 134],
      [139, 198],
      [203, 292],
    ]);
  });

  it("names are kept for their time to live: after a failover clients follow as their look-ups grow old", () => {
    const model: ModelDocument = {
      ...modelOf(
        {
          edge: {
            kind: "gateway",
            to: ["a", "b"],
            ops: ["serve"],
            balance: { by: "first", sticky: "60s" },
            health: { every: "1s", down: 1, up: 1 },
          },
          a: server("0.001ms"),
          b: server("0.001ms"),
        },
        { to: "edge", rate: "800rps", keys: { count: 20_000 }, mix: { serve: 1 } },
      ),
      faults: [{ do: "outage", node: "a", at: "0ms", for: "1000.5s", requests: "refuse" }],
    };
    const of = arrivals(model, 1_100_000, 1000);
    const [a, b] = [of("a"), of("b")];
    const sum = (list: readonly number[]): number => list.reduce((sum, n) => sum + n, 0);
    // While a was down all had b. It is up again at the look at 1001 s. A client asks r times a second, so of its
    // 1 + 60 r requests for each look-up (60 − x) r find an answer that is older than x seconds.
    const r = 800 / 20_000;
    for (const t of [1005, 1015, 1031, 1045, 1055]) {
      const share = sum(a.slice(t - 2, t + 2)) / sum([...a.slice(t - 2, t + 2), ...b.slice(t - 2, t + 2)]);
      const known = 1 - ((60 - (t - 1001)) * r) / (1 + 60 * r);
      near(1 - share, 1 - known, 0.1, `at ${t} s`);
    }
    assert.equal(sum(b.slice(1062)), 0);
  });

  it("looking a name up takes its time, once for each client and time to live", () => {
    const model = modelOf(
      {
        edge: {
          kind: "gateway",
          to: ["a"],
          ops: ["serve"],
          balance: { by: "first", sticky: "10s" },
          lookup: "50ms",
        },
        a: server("1ms"),
      },
      { to: "edge", rate: "10rps", arrivals: "regular", keys: { count: 1 }, mix: { serve: 1 } },
    );
    const found = intervals(model, { untilMs: 1_000_000, warmupMs: 0, seed: 45 }, (value) => ({
      max: value("edge.latency.max"),
      mean: value("edge.latency.mean"),
    }));
    assert.equal(found.max.first, 51);
    // One of a hundred.
    near(found.mean.first, 1.5, 0.01, "mean");
  });

  it("those in its own zone come first, as long as there is one that can be had", () => {
    const times = Array.from({ length: 60 }, (_, i) => 1000 * i + 500);
    const model: ModelDocument = {
      ...modelOf(
        {
          edge: {
            kind: "gateway",
            to: ["a", "b", "c"],
            ops: ["serve"],
            nearest: true,
            health: { every: "1s", down: 1, up: 1 },
          },
          a: server("1ms"),
          b: server("1ms"),
          c: server("1ms"),
        },
        { to: "edge", rate: { unit: "ms", times }, mix: { serve: 1 } },
      ),
      network: { zones: { east: { nodes: ["edge", "b", "c"] }, west: { nodes: ["a"] } } },
      faults: [
        { do: "outage", node: "b", at: "10.2s", for: "30s", requests: "refuse" },
        { do: "outage", node: "c", at: "20.2s", for: "10s", requests: "refuse" },
      ],
    };
    const of = arrivals(model, 60_000, 60_000);
    const spans = arrivals(model, 60_000, 1000);
    assert.deepEqual(
      spans("a").flatMap((n, i) => (n > 0 ? [i] : [])),
      Array.from({ length: 10 }, (_, i) => 21 + i),
    );
    assert.deepEqual([of("a")[0], of("b")[0]! + of("c")[0]!], [10, 50]);
  });
});
