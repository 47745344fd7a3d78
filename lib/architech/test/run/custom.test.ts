import assert from "node:assert/strict";
import { isMainThread } from "node:worker_threads";
import { ArchitechError } from "@architech/protocol";
import { compare, cpu, custom, exponential, model, service, setDefaults, sweep } from "architech";
import { requestOf } from "#src/experiment/options.js";
import { LocalRuns } from "#src/run/local-runs.js";
import { RemoteRuns } from "#src/run/remote-runs.js";
import { RunsByPlace } from "#src/run/runs-by-place.js";
import { simulate } from "#src/simulation/simulate.js";
import { Workplace } from "./workplace.js";

const engine = new URL("../../../dist/simulation/simulate.js", import.meta.url).href;
let asked = 0;
const api = service({
  threads: 2,
  ops: {
    show: [
      custom("show", function* () {
        assert.ok(isMainThread);
        asked++;
        yield exponential("8ms");
      }),
    ],
  },
});
const shop = model({ api }, { to: api, rate: "100rps" });
const options = { until: "10s", runs: 3, seed: 5 } as const;
const request = (of: { toJSON(): object }, id?: string): unknown => ({
  ...requestOf("run", of.toJSON() as never, [{ key: {}, change: {} }], options),
  ...(id === undefined ? {} : { id }),
});
const missing = (error: unknown): boolean =>
  error instanceof ArchitechError &&
  error.code === "custom-missing" &&
  error.path.join() === "nodes,api,ops,show,0" &&
  error.message.startsWith('api.ops.show[0] is the custom step "show", whose function is not here');

describe("a run with custom steps", function () {
  this.timeout(20_000);
  const place = new Workplace();
  beforeEach(() => void (asked = 0));
  afterEach(() => place.clear());

  it("is in the thread that has their functions, and says so where workers were asked for", async () => {
    const here = await shop.run({ ...options, workers: 0 });
    const asks = asked;
    assert.ok(asks > 2_500 && asks < 3_500, "each replication is simulated once");
    assert.deepEqual(here.warnings, []);
    assert.deepEqual((await shop.run(options)).warnings, []);
    const there = await shop.run({ ...options, workers: 2 });
    assert.deepEqual(there.warnings, [
      "worked in this thread, not in 2 workers: the functions of its custom steps are here only",
    ]);
    assert.match(there.toString(), /worked in this thread, not in 2 workers/);
    assert.equal(asked, 3 * asks);
    assert.deepEqual(there.values("api.latency.p99"), here.values("api.latency.p99"));
    assert.ok((await there.series()).numRows > 0);
    setDefaults({ workers: 1 });
    try {
      assert.equal((await shop.run(options)).warnings.length, 1);
    } finally {
      setDefaults({ workers: undefined as never });
    }
  });

  it("goes on beside others, which have the workers", async () => {
    const plain = service({ threads: 2, ops: { show: [cpu(exponential("8ms"))] } });
    const busy = model({ plain }, { to: plain, rate: "200rps" }).run({ ...options, until: "10min", workers: 1 });
    const [one, other] = await Promise.all([shop.run({ ...options, workers: 1 }), busy]);
    assert.ok(one.estimate("api.rate").mean > 90 && other.estimate("plain.rate").mean > 190);
  });

  it("may be a sweep or a comparison: scenarios have their functions too", async () => {
    const load = await sweep(shop, { rps: [50, 100] }, ({ rps }) => ({ traffic: { rate: `${rps}rps` } }), options);
    assert.ok(load.rows[1]!["api.util"] > 1.8 * load.rows[0]!["api.util"]);
    const trial = await compare(
      shop,
      { two: {}, one: { api: { threads: 1 } } },
      { metric: "api.latency.mean", ...options },
    );
    assert.equal(trial.best, "two");
  });

  it("is never answered by what an earlier one gave", async () => {
    const service = await place.service({ simulator: engine });
    const first = await service.start(request(shop, "11111111-custom"));
    assert.equal((await service.ended(first.id)).state, "done");
    const before = asked;
    const second = await service.start(request(shop));
    assert.equal(second.cached, false);
    assert.equal((await service.ended(second.id)).state, "done");
    assert.equal(asked, 2 * before);
    await assert.rejects(service.start(request(shop, "11111111-custom")), { code: "run-exists" });
  });

  it("whose functions are not there is refused: from a file, on a server, in a worker", async () => {
    const read = model.from(JSON.stringify(shop));
    await assert.rejects(async () => await read.run(options), missing);
    const service = await place.service();
    await assert.rejects(service.start(JSON.parse(JSON.stringify(request(shop)))), missing);
    const bounds = { maxEvents: 1e6, maxWallMs: 1e4, maxInside: 1e4 };
    const task = {
      model: structuredClone(shop.toJSON()),
      options: { untilMs: 10, warmupMs: 0, everyMs: 10, bounds },
      seed: 1,
      replication: 0,
    };
    assert.throws(() => simulate(task), missing);
  });

  it("stays in this process where a server is connected, and says so; without its functions it is for the server to refuse", async () => {
    const here = new LocalRuns();
    const posted: unknown[] = [];
    const there = new RemoteRuns({
      url: "http://127.0.0.1:9",
      fetch: async (_: unknown, init: unknown) => {
        posted.push(init);
        throw new Error("nobody is there");
      },
    } as never);
    const runs = new RunsByPlace(here, there, false);
    const started = runs.start(request(shop) as never);
    assert.deepEqual(started.notes, [
      "simulated in this process, not on http://127.0.0.1:9/: the functions of its custom steps are here only",
    ]);
    assert.equal((await started.ended).state, "done");
    assert.deepEqual(new RunsByPlace(here, there, true).start(request(shop) as never).notes, []);
    assert.equal(posted.length, 0);
    const { state } = await runs.start(request(model.from(JSON.stringify(shop))) as never).ended;
    assert.equal(state, "failed");
    assert.ok(posted.length > 0);
    await here.close();
  });

  it("ends with what a function throws, and what was simulated until then stays readable", async () => {
    const cause = new Error("out of cheese");
    const bad = service({
      ops: {
        serve: [
          custom("careless", function* (of) {
            yield "1ms";
            if (of.nowMs > 5_000) throw cause;
          }),
        ],
      },
    });
    const run = model({ bad }, { to: bad, rate: "100rps" }).run({ ...options, every: "100ms", warmup: "0s" });
    await assert.rejects(
      async () => await run,
      (error: unknown) => {
        assert.ok(error instanceof ArchitechError);
        assert.equal(error.code, "custom-failed");
        assert.equal(error.cause, cause);
        assert.equal(error.message, 'bad.ops.serve[0], the custom step "careless", threw Error: out of cheese');
        return true;
      },
    );
    const rows: number[] = [];
    await assert.rejects(
      async () => {
        for await (const row of run.watch("bad.rate")) rows.push(row["bad.rate"]);
      },
      { code: "custom-failed" },
    );
    assert.ok(rows.length >= 50 && rows.length <= 52, `${rows.length} intervals`);
    assert.ok(rows.every((rate) => rate > 0));
  });
});
