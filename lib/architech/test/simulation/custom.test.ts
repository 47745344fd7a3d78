import assert from "node:assert/strict";
import { ArchitechError } from "@architech/protocol";
import {
  type CustomRequest,
  call,
  classes,
  cpu,
  custom,
  database,
  type Ending,
  exponential,
  fail,
  hedge,
  job,
  type Model,
  metricsOf,
  model,
  queue,
  repeat,
  retry,
  type Steps,
  service,
  slow,
  timeout,
  trace,
  wait,
  worker,
} from "#src/index.js";
import { simulate } from "#src/simulation/simulate.js";
import type { TaskResult } from "#src/simulation/task.js";

const bounds = { maxEvents: 1e6, maxWallMs: 60_000, maxInside: 10_000 };

/** One replication of a model, and a reader of its metrics. */
function run(
  of: { toJSON(): object },
  untilMs: number,
  { maxEvents = bounds.maxEvents, replication = 0 } = {},
): { result: TaskResult; value: (metric: string) => number } {
  const document = (of as Model).toJSON();
  const options = { untilMs, warmupMs: 0, everyMs: untilMs, bounds: { ...bounds, maxEvents } };
  const simulation = simulate({ model: document, options, seed: 5, replication });
  simulation.advance(Number.POSITIVE_INFINITY);
  const result = simulation.result();
  const names = metricsOf(document).map(({ name }) => name);
  return { result, value: (metric) => result.summary[names.indexOf(metric)]! };
}

/** A model whose one service does these steps, by default once in 100 ms. */
function doing(steps: Steps, rate: `${number}rps` = "10rps", more: { readonly threads?: number } = {}): Model {
  const api = service({ ...more, ops: { serve: steps } });
  return model({ api }, { to: api, rate, arrivals: "regular" }) as unknown as Model;
}

describe("a custom step", () => {
  it("written as a retry does what retry does, to the bit", () => {
    const shop = (steps: (again: Steps) => Steps): Model => {
      const shaky = service({ threads: 3, ops: { try: [wait(exponential("8ms")), fail(0.4)] } });
      const door = service({ threads: 20, ops: { serve: steps([shaky.call("try")]) } });
      return model({ door, shaky }, { to: door, rate: "100rps" }) as unknown as Model;
    };
    const builtIn = run(
      shop((steps) => [retry({ times: 2, backoff: "5ms" }, steps)]),
      100_000,
    );
    const byHand = run(
      shop((steps) => [
        custom("again", { steps: { try: steps } }, function* () {
          let ending: Ending = yield "try";
          for (let i = 0; i < 2 && ending === "failed"; i++) {
            yield "5ms";
            ending = yield "try";
          }
          return ending;
        }),
      ]),
      100_000,
    );
    assert.ok(byHand.value("shaky.arrivals") > 100);
    assert.deepEqual(byHand.result.summary, builtIn.result.summary);
    assert.deepEqual(byHand.result.histogram, builtIn.result.histogram);
  });

  it("goes on at the moment at which what it yielded is over", () => {
    const times: number[] = [];
    const step = custom("clock", { steps: { both: [wait("3ms"), cpu("4ms")], none: [] } }, function* (request) {
      times.push(request.nowMs);
      yield "5ms";
      times.push(request.nowMs);
      yield "both";
      times.push(request.nowMs);
      yield "none";
      yield "0ms";
      times.push(request.nowMs);
    });
    run(doing([wait("1ms"), step]), 150);
    assert.deepEqual(times, [101, 106, 113, 113]);
  });

  it("goes on where nothing else is left to happen", () => {
    const times: number[] = [];
    const step = custom("alone", { steps: { in: [wait("3ms")] } }, function* (request) {
      yield "5ms";
      yield "in";
      times.push(request.nowMs);
      yield "0ms";
      times.push(request.nowMs);
    });
    const api = service({ ops: { serve: [step] } });
    run(model({ api }, { to: api, rate: trace([10]) }), 150);
    assert.deepEqual(times, [18, 18]);
  });

  it("ends well or fails as it returns, and hears how its lists have ended", () => {
    const heard: Ending[] = [];
    const step = (name: string, last: Ending | undefined): Steps => [
      custom(name, { steps: { good: [wait("1ms")], bad: [fail()] } }, function* () {
        heard.push(yield "good", yield "bad", yield "2ms");
        return last;
      }),
    ];
    const api = service({ ops: { a: step("a", undefined), b: step("b", "ok"), c: step("c", "failed") } });
    const { value } = run(model({ api }, { to: api, rate: "30rps", mix: { a: 1, b: 1, c: 1 } }), 10_000);
    assert.deepEqual(heard.slice(0, 3), ["ok", "failed", "ok"]);
    assert.equal(value("api.a.errors"), 0);
    assert.equal(value("api.b.errors"), 0);
    assert.ok(value("api.c.errors") > 0);
    assert.equal(value("api.c.rate"), 0);
  });

  it("stands wherever steps stand", () => {
    const seen = new Set<string>();
    const see = custom("see", { steps: { on: [wait("1us")] } }, function* (request) {
      seen.add(`${request.node} ${yield "on"}`);
    });
    const mails = queue();
    const orders = database({ connections: 2, read: "1ms", write: "1ms" });
    const mailer = worker({ takes: mails, work: [see, orders.read()] });
    const nightly = job({ every: "50ms", steps: [see] });
    const api = service({
      ops: { serve: [mails.put(), repeat(2, [timeout("1s", [retry({ times: 1, backoff: "1ms" }, [see])])]), see] },
    });
    const door = service({ ops: { serve: [hedge({ after: "5ms" }, [see, api.call("serve")])] } });
    run(model({ door, api, mails, mailer, nightly, orders }, { to: door, rate: "100rps" }), 1_000);
    assert.deepEqual([...seen].sort(), ["api ok", "door ok", "mailer ok", "nightly ok"]);
  });

  it("nests deeper than a frame has registers", () => {
    let inner = 0;
    const count = custom("count", function* () {
      inner++;
      yield "1us";
    });
    let steps: Steps = [count];
    for (let depth = 0; depth < 8; depth++) {
      const inside = steps;
      steps = [
        custom(`deep-${depth}`, { steps: { in: inside } }, function* () {
          return yield "in";
        }),
        repeat(1, [wait("0ms")]),
      ];
      steps = [repeat(2, steps)];
    }
    const { result } = run(doing(steps), 150);
    assert.equal(result.failure, undefined);
    assert.equal(inner, 2 ** 8);
  });

  it("is told of the request that it works for", () => {
    const told: Partial<CustomRequest>[] = [];
    const ask = custom("ask", function* ({ node, class: of, key, priority, leftMs }) {
      told.push({ node, class: of, key, priority, leftMs });
      yield "0ms";
    });
    const api = service({ ops: { serve: [timeout("40ms", [wait("10ms"), ask])] } });
    const load = classes({
      gold: { to: api, rate: "10rps", priority: 5, arrivals: "regular", keys: { count: 1 } },
      free: { to: api, rate: "10rps", arrivals: "regular" },
    });
    run(model({ api }, load), 150);
    assert.deepEqual(told, [
      { node: "api", class: "gold", key: 1, priority: 5, leftMs: 30 },
      { node: "api", class: "free", key: undefined, priority: 0, leftMs: 30 },
    ]);
    told.length = 0;
    run(doing([ask]), 150);
    assert.deepEqual(told, [
      { node: "api", class: undefined, key: undefined, priority: 0, leftMs: Number.POSITIVE_INFINITY },
    ]);
  });

  it("has state of its node and replication, which steps that name the same function share", () => {
    const made: object[] = [];
    const state = (): { count: number } => {
      const own = { count: 0 };
      made.push(own);
      return own;
    };
    const counts: number[] = [];
    const count = (name: string): Steps => [
      custom(name, { state }, function* (request) {
        counts.push(++request.state.count);
        yield "0ms";
      }),
    ];
    const alone = custom("alone", { state: () => ({ count: 0 }) }, function* (request) {
      assert.equal(++request.state.count, 1);
      yield "0ms";
    });
    const api = service({ ops: { a: count("first"), b: count("second") } });
    const other = service({ ops: { serve: [alone, ...count("third"), api.call("a"), api.call("b")] } });
    const shop = model({ api, other }, { to: other, rate: "10rps", arrivals: "regular" });
    run(shop, 150);
    assert.deepEqual(counts, [1, 1, 2]);
    assert.equal(made.length, 2);
    run(shop, 150, { replication: 1 });
    assert.deepEqual(counts.slice(3), [1, 1, 2], "a replication begins anew");
    assert.equal(made.length, 4);
  });

  it("draws the same in each run, something else in each replication, and the same for each scenario", () => {
    let drawn: number[] = [];
    const draws = custom("draws", function* (request) {
      drawn.push(request.random(), request.draw(exponential("5ms")));
      const before = request.nowMs;
      yield exponential("9ms");
      drawn.push(request.nowMs - before);
    });
    const shop = doing([draws], "10rps", { threads: 4 });
    const of = (scenario: Model, replication = 0): number[] => {
      drawn = [];
      run(scenario, 350, { replication });
      return drawn;
    };
    const first = of(shop);
    assert.ok(first[0]! > 0 && first[0]! < 1 && first.length >= 6);
    assert.deepEqual(of(shop), first);
    assert.deepEqual(of(shop.with({ api: { threads: 3 } } as never)), first);
    assert.notDeepEqual(of(shop, 1), first);
  });

  it("waits longer while its node is slow", () => {
    const times: number[] = [];
    const step = custom("clock", function* (request) {
      const before = request.nowMs;
      yield "10ms";
      times.push(request.nowMs - before);
    });
    const api = service({ ops: { serve: [step] } });
    const faults = [slow(api, { by: 3, at: "150ms", for: "100ms" })];
    run(model({ api }, { to: api, rate: "10rps", arrivals: "regular" }, { faults }), 350);
    assert.deepEqual(times, [10, 30, 10]);
  });

  it("goes on after a timeout, as other work does, unless the timeout cancels: then it is closed", () => {
    const told: string[] = [];
    const slowly = (cancel: boolean): Steps => [
      timeout(
        "15ms",
        [
          custom("slowly", { steps: { read: [wait("10ms")] } }, function* (request) {
            try {
              while (request.nowMs < 150) yield "read";
              told.push("over");
            } finally {
              told.push(`finally at ${request.nowMs}`);
            }
          }),
        ],
        { cancel },
      ),
    ];
    const { value } = run(doing(slowly(false)), 190);
    assert.deepEqual(told, ["over", "finally at 150"]);
    assert.ok(value("api.errors") > 0);
    told.length = 0;
    run(doing(slowly(true)), 190);
    assert.deepEqual(told, ["finally at 120"], "before what would come next");
  });

  it("that yields while it is closed hears that it has failed, and nothing is started", () => {
    const heard: Ending[] = [];
    let undone = 0;
    const undo = custom("undo", function* () {
      undone++;
      yield "0ms";
    });
    const step = custom("lock", { steps: { undo: [undo] } }, function* () {
      try {
        yield "20ms";
      } finally {
        heard.push(yield "undo", yield "1ms");
      }
    });
    run(doing([timeout("15ms", [step], { cancel: true })]), 190);
    assert.deepEqual(heard, ["failed", "failed"]);
    assert.equal(undone, 0);
  });

  const failing = (steps: Steps): ArchitechError => {
    const { result } = run(doing([wait("1ms"), ...steps]), 10_000);
    assert.ok(result.failure instanceof ArchitechError);
    assert.equal(result.failure.code, "custom-failed");
    assert.deepEqual(result.failure.path, ["nodes", "api", "ops", "serve", 1]);
    return result.failure;
  };

  it("that throws ends the run with an error that names node, operation and step, and what there is until then stays", () => {
    const cause = new RangeError("no more");
    const step = custom("careless", function* (request) {
      yield "1ms";
      if (request.nowMs > 5_000) throw cause;
    });
    const failure = failing([step]);
    assert.equal(failure.message, 'api.ops.serve[1], the custom step "careless", threw RangeError: no more');
    assert.equal(failure.cause, cause);
    const { result, value } = run(doing([step]), 10_000);
    assert.ok(result.reachedMs > 5_000 && result.reachedMs < 5_110);
    assert.ok(Math.abs(value("api.rate") - 10) < 0.5);
  });

  it("that yields or returns what it cannot is told so", () => {
    const bad = (body: () => Generator<unknown, unknown, unknown>, steps = {}): string =>
      failing([custom("odd", { steps }, body as never)]).message.replace(/^.*"odd", /, "");
    const yields = (value: unknown, steps = {}): string =>
      bad(function* () {
        yield value;
      }, steps);
    assert.equal(
      yields("raed", { read: [], write: [] }),
      'yields "raed", which is no time, and its lists are read, write',
    );
    assert.equal(yields("raed"), 'yields "raed", which is no time, and it has no lists of steps');
    assert.match(yields(5), /^yields 5, which is no time/);
    assert.match(yields("-5ms"), /^yields "-5ms", which is no time/);
    assert.match(yields(undefined), /^yields nothing, which is no time/);
    assert.match(yields({ dist: "exponential", mean: "5" }), /^yields an object, which is no time/);
    assert.match(yields(exponential("0ms")), /^yields an object, which is no time/);
    assert.equal(
      bad(function* () {
        yield "1ms";
        return 7;
      }),
      'returns 7: it may return nothing, "ok" or "failed"',
    );
    assert.match(
      failing([custom("odd", (() => 5) as never)]).message,
      /"odd", is no generator: it gives 5; write function\*$/,
    );
    assert.match(
      failing([custom("odd", async function* () {} as never)]).message,
      /is asynchronous, but simulated time passes in yields only: write function\* without async$/,
    );
    assert.match(
      failing([
        custom("odd", function* (request) {
          yield `${request.draw("5" as never)}ms`;
        }),
      ]).message,
      /threw ArchitechError: "5" is not a duration: write a number and us, ms, s, min or h, as in "4ms"$/,
    );
  });

  it("that lets no time pass for ever is stopped by the bound on events", () => {
    const idle = custom("idle", { steps: { nothing: [] } }, function* () {
      for (;;) {
        yield "0ms";
        yield "nothing";
      }
    });
    const { result } = run(doing([idle]), 10_000, { maxEvents: 5_000 });
    assert.equal(result.stopped?.bound, "maxEvents");
    assert.equal(result.events, 5_000);
    const stubborn = custom("stubborn", { steps: { nothing: [] } }, function* () {
      try {
        yield "20ms";
      } finally {
        for (;;) yield "nothing";
      }
    });
    const closed = run(doing([timeout("10ms", [stubborn], { cancel: true })]), 10_000, { maxEvents: 5_000 });
    assert.equal(closed.result.stopped?.bound, "maxEvents");
  });

  it("may call what is declared further down, and what its caller calls", () => {
    const later = service({ ops: { serve: [wait("2ms")] } });
    const api = service({
      ops: {
        serve: [
          custom("on", { steps: { on: [call(() => later, "serve")] } }, function* () {
            return yield "on";
          }),
        ],
      },
    });
    const { value } = run(model({ api, later }, { to: api, rate: "50rps" }), 5_000);
    assert.equal(value("api.rate"), value("later.rate"));
    assert.ok(Math.abs(value("api.latency.mean") - 2) < 1e-9);
  });
});
