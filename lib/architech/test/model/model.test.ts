import assert from "node:assert/strict";
import { ArchitechError, type ErrorCode } from "@architech/protocol";
import {
  cache,
  call,
  constant,
  cpu,
  database,
  either,
  empirical,
  erlang,
  exponential,
  fail,
  isModel,
  lognormal,
  metricsOf,
  mixture,
  model,
  outage,
  parallel,
  pareto,
  publish,
  queue,
  repeat,
  retry,
  type Service,
  service,
  timeout,
  uniform,
  wait,
  worker,
} from "#src/index.js";
import { document } from "./sample.js";

/** What types refuse and a person without them can still write. */
// biome-ignore lint/suspicious/noExplicitAny: the point of these tests
const loose = model as any;

const orders = database({ connections: 20, read: "4ms", write: lognormal({ mean: "9ms", p99: "40ms" }) });
const api = service({ ops: { browse: [orders.read()] } });
const traffic = { to: api, rate: "120rps" } as const;

function refused(make: () => unknown, code: ErrorCode, message: RegExp): void {
  assert.throws(make, (error) => {
    assert.ok(error instanceof ArchitechError, String(error));
    assert.equal(error.code, code, error.message);
    assert.match(error.message, message);
    return true;
  });
}

describe("model()", () => {
  it("writes every element and step as data, with names in place of nodes", () => {
    const near = cache({ get: "80us", put: "0.1ms", hitRatio: "85%", fronts: orders });
    const jobs = queue({ capacity: 5 });
    const front: Service<"go"> = service({
      replicas: 2,
      balance: { choices: 2 },
      ops: {
        go: [
          cpu(uniform("1ms", "2ms")),
          wait(erlang({ shape: 3, mean: "4ms" })),
          near.get({ miss: [orders.write()] }),
          near.put(),
          publish(jobs),
          parallel([cpu(constant("1ms"))], [cpu(pareto({ min: "1ms", alpha: 2 }))]),
          either([
            [9, []],
            [1, [call(() => front, "go")]],
          ]),
          repeat(2, [cpu(empirical(["1ms", "2ms"]))]),
          retry({ times: 2, backoff: "10ms", jitter: "50%" }, [timeout("1s", [cpu(mixture([[1, "2ms"]]))])]),
          fail("1%"),
        ],
      },
    });
    const hand = worker({ takes: jobs, work: [orders.write()] });
    const whole = model(
      { front, near, jobs, hand, orders },
      { to: front, users: 3, think: exponential("1s"), mix: { go: 1 } },
      { name: "whole", faults: [outage(orders, { at: "1s", for: "1s" })] },
    );
    const written = whole.toJSON();
    assert.equal(written.nodes["near"]?.kind, "cache");
    assert.deepEqual(written.nodes["near"], {
      kind: "cache",
      get: "80us",
      put: "0.1ms",
      hitRatio: 0.85,
      fronts: "orders",
    });
    assert.deepEqual(written.nodes["hand"], {
      kind: "worker",
      takes: "jobs",
      work: [{ do: "call", to: "orders", op: "write" }],
    });
    assert.deepEqual(written.faults, [{ do: "outage", node: "orders", at: "1s", for: "1s" }]);
    const steps = (written.nodes["front"] as unknown as { ops: { go: { do: string }[] } }).ops.go;
    assert.deepEqual(
      steps.map((step) => step.do),
      ["cpu", "wait", "call", "call", "publish", "parallel", "either", "repeat", "retry", "fail"],
    );
    assert.deepEqual(steps[8], {
      do: "retry",
      times: 2,
      backoff: "10ms",
      jitter: 0.5,
      steps: [
        {
          do: "timeout",
          after: "1s",
          steps: [{ do: "cpu", time: { dist: "mixture", of: [{ weight: 1, time: "2ms" }] } }],
        },
      ],
    });
    assert.deepEqual(model.from(JSON.stringify(whole)).toJSON(), written);
  });

  it("needs no mix where there is one operation", () => {
    assert.deepEqual(model({ api, orders }, traffic).toJSON().traffic, {
      to: "api",
      rate: "120rps",
      mix: { browse: 1 },
    });
  });

  it("is frozen, and known as a model", () => {
    const shop = model({ api, orders }, traffic);
    assert.ok(Object.isFrozen(shop) && Object.isFrozen(shop.toJSON()));
    assert.ok(isModel(shop));
    for (const other of [undefined, null, {}, { kind: "service" }, api, document]) assert.ok(!isModel(other));
  });

  it("with() gives another model and leaves this one", () => {
    const shop = model({ api, orders }, traffic);
    const larger = shop.with({ orders: { connections: 40 } });
    assert.equal((larger.toJSON().nodes["orders"] as { connections: number }).connections, 40);
    assert.equal((shop.toJSON().nodes["orders"] as { connections: number }).connections, 20);
  });

  it("names its metrics node by node, then what clients see", () => {
    const { metrics } = model({ api, orders }, traffic);
    for (const name of [
      "api.latency.p99",
      "api.browse.rate",
      "orders.util",
      "traffic.timeouts",
      "traffic.browse.latency.mean",
    ])
      assert.ok(metrics.includes(name), name);
    assert.equal(new Set(metrics).size, metrics.length);
    const units = new Map(metricsOf(model({ api, orders }, traffic).toJSON()).map(({ name, unit }) => [name, unit]));
    assert.equal(units.get("api.latency.p99"), "ms");
    assert.equal(units.get("traffic.errors"), "1/s");
    assert.equal(units.get("orders.util"), "1");
  });

  it("refuses a node that is used but not listed", () => {
    refused(
      () => loose({ api }, traffic),
      "node-unknown",
      /api\.ops\.browse\[0\]\.to is a database that the model does not list/,
    );
    refused(() => loose({ orders }, traffic), "node-unknown", /traffic\.to is a service that the model does not list/);
    refused(
      () => loose({ api, orders }, traffic, { faults: [outage(queue(), { at: "1s", for: "1s" })] }),
      "node-unknown",
      /faults\[0\]\.node is a queue/,
    );
  });

  it("refuses one node under two names", () => {
    refused(
      () => loose({ api, orders, again: orders }, traffic),
      "node-duplicate",
      /orders and again are one and the same database/,
    );
  });

  it("refuses what is no node, no name, no step", () => {
    refused(() => loose({ api, orders, x: 5 }, traffic), "model-invalid", /x is 5: a node is expected/);
    refused(() => loose({ api, orders, "a b": queue() }, traffic), "name-invalid", /"a b" cannot name a node/);
    refused(
      () => loose({ api: service({ ops: { go: [orders as never] } }), orders }, traffic),
      "model-invalid",
      /is a database, not a step: call one of its operations/,
    );
    refused(() => loose({ api: service({ ops: { go: [5 as never] } }) }, traffic), "node-unknown", /traffic/);
    refused(
      () => loose({ api, orders }, { to: "api", rate: "1rps" }),
      "model-invalid",
      /traffic\.to is "api": a node is expected/,
    );
    const bad = service({ ops: { go: "cpu" as never } });
    refused(
      () => loose({ bad }, { to: bad, rate: "1rps" }),
      "model-invalid",
      /bad\.ops\.go is "cpu": a list of steps is expected/,
    );
    const worse = service({ ops: { go: [5 as never] } });
    refused(
      () => loose({ worse }, { to: worse, rate: "1rps" }),
      "model-invalid",
      /worse\.ops\.go\[0\] is 5: a step is expected/,
    );
    const odd = service({ ops: { go: [either([[1, "x" as never]])] } });
    refused(
      () => loose({ odd }, { to: odd, rate: "1rps" }),
      "model-invalid",
      /steps is "x": a list of steps is expected/,
    );
  });

  it("refuses a ratio that is none, with its place", () => {
    const bad = service({ ops: { go: [fail("200%" as never)] } });
    refused(
      () => loose({ bad }, { to: bad, rate: "1rps" }),
      "model-invalid",
      /bad\.ops\.go\[0\]\.probability: "200%" is not a ratio/,
    );
  });

  it("refuses steps that contain themselves", () => {
    const steps: unknown[] = [];
    steps.push({ do: "repeat", times: 1, steps });
    const bad = service({ ops: { go: steps as never } });
    refused(() => loose({ bad }, { to: bad, rate: "1rps" }), "model-too-large", /is nested more than 100 deep/);
  });

  it("keeps what no lognormal has, to be refused", () => {
    const bad = database({
      connections: 1,
      read: lognormal({ mean: "1ms", p99: "2ms", sigma: 1 } as never),
      write: "1ms",
    });
    const one = service({ ops: { go: [bad.read()] } });
    refused(
      () => loose({ one, bad }, { to: one, rate: "1rps" }),
      "model-invalid",
      /more than one of sigma, percentile/,
    );
  });

  it("from() reads a document and its text, and says what is wrong with either", () => {
    assert.deepEqual(model.from(document).toJSON(), document);
    refused(() => model.from("{"), "model-invalid", /the model is not JSON/);
    refused(() => model.from(undefined), "model-invalid", /the model is missing: a model is expected/);
  });
});
