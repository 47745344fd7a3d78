import assert from "node:assert/strict";
import type { StepDocument } from "#src/model/step-document.js";
import { agrees, call, exponential, intervals, modelOf, run, station } from "./replications.js";

const second = 1_000;

describe("truth: policies", () => {
  it("a fan-out of n fails with 1 − (1 − p)ⁿ", () => {
    const flaky: StepDocument[] = [{ do: "fail", probability: 0.1 }];
    const model = modelOf(
      { q: { kind: "service", ops: { serve: [{ do: "parallel", branches: [flaky, flaky, flaky, flaky, flaky] }] } } },
      { to: "q", rate: "1000rps", mix: { serve: 1 } },
    );
    const found = intervals(model, { untilMs: 60 * second, warmupMs: 0, seed: 21 }, (value) => ({
      failed: value("traffic.errors") / value("traffic.arrivals"),
    }));
    agrees(found.failed, 1 - 0.9 ** 5, "failed");
  });

  it("retries multiply load by (1 − p^(N+1)) / (1 − p)", () => {
    const model = modelOf(
      {
        q: {
          kind: "service",
          ops: { serve: [{ do: "retry", times: 3, backoff: "1ms", jitter: 1, steps: [call("flaky")] }] },
        },
        flaky: { kind: "service", ops: { serve: [{ do: "fail", probability: 0.4 }] } },
      },
      { to: "q", rate: "1000rps", mix: { serve: 1 } },
    );
    const found = intervals(model, { untilMs: 150 * second, warmupMs: second, seed: 22 }, (value) => ({
      load: value("flaky.arrivals") / value("traffic.arrivals"),
      failed: value("traffic.errors") / value("traffic.arrivals"),
    }));
    agrees(found.load, (1 - 0.4 ** 4) / 0.6, "load");
    agrees(found.failed, 0.4 ** 4, "failed");
  });

  it("a timeout fails with the probability that the work takes longer, and the work goes on", () => {
    const model = modelOf(
      {
        q: { kind: "service", ops: { serve: [{ do: "timeout", after: "2ms", steps: [call("slow")] }] } },
        slow: { kind: "service", ops: { serve: [{ do: "wait", time: exponential("1ms") }] } },
      },
      { to: "q", rate: "1000rps", mix: { serve: 1 } },
    );
    const found = intervals(model, { untilMs: 60 * second, warmupMs: second, seed: 23 }, (value) => ({
      failed: value("traffic.errors") / value("traffic.arrivals"),
      fired: value("traffic.timeouts") / value("traffic.arrivals"),
      worked: value("slow.latency.mean"),
      rate: value("slow.rate") / 1000,
    }));
    agrees(found.failed, Math.exp(-2), "failed");
    agrees(found.fired, Math.exp(-2), "fired");
    agrees(found.worked, 1, "worked");
    agrees(found.rate, 1, "rate");
  });

  it("the backlog B of an outage is gone after B / (cμ − λ)", () => {
    // Regular arrivals every 2 ms, two connections of 3 ms: λ = 0.5, cμ = 2/3 per ms. Down from 1 s to 2 s.
    const model = {
      ...modelOf(
        {
          front: { kind: "service", ops: { go: [call("db", "read")] } },
          db: { kind: "database", connections: 2, read: "3ms", write: "3ms" },
        },
        { to: "front", rate: "500rps", arrivals: "regular", mix: { go: 1 } },
      ),
      faults: [{ do: "outage", node: "db", at: "1s", for: "1s" }],
    } as const;
    const backlog = 500;
    const drained = 2 * second + backlog / (2 / 3 - 1 / 2);
    const before = run(model, { untilMs: drained - 40, warmupMs: drained - 45, seed: 24 });
    const after = run(model, { untilMs: drained + 45, warmupMs: drained + 40, seed: 24 });
    const longest = run(model, { untilMs: drained + 45, warmupMs: 0, seed: 24 });
    assert.ok(before.inside > 4, `${before.inside} still wait shortly before`);
    assert.ok(after.inside <= 2, `${after.inside} are inside shortly after`);
    assert.ok(longest.reachedMs > drained);
  });

  it("a cache reads what it fronts for the share that misses", () => {
    const model = modelOf(
      {
        q: { kind: "service", ops: { serve: [call("cache", "get")] } },
        cache: { kind: "cache", get: "1ms", hitRatio: 0.8, fronts: "db" },
        db: { kind: "database", connections: 50, read: "5ms", write: "5ms" },
      },
      { to: "q", rate: "1000rps", mix: { serve: 1 } },
    );
    const found = intervals(model, { untilMs: 60 * second, warmupMs: second, seed: 25 }, (value) => ({
      reads: value("db.rate") / value("traffic.rate"),
      hits: value("cache.hit.ratio"),
      latency: value("traffic.latency.mean"),
    }));
    agrees(found.reads, 0.2, "reads");
    agrees(found.hits, 0.8, "hits");
    agrees(found.latency, 1 + 0.2 * 5, "latency");
  });

  it("throughput stops at the limit of the processors", () => {
    const model = modelOf(
      {
        q: {
          kind: "service",
          threads: 16,
          cores: 2,
          ops: {
            serve: [
              { do: "cpu", time: exponential("4ms") },
              { do: "wait", time: "1ms" },
            ],
          },
        },
      },
      { to: "q", users: 40, think: "0ms", mix: { serve: 1 } },
    );
    const found = intervals(model, { untilMs: 60 * second, warmupMs: second, seed: 26 }, (value) => ({
      rate: value("q.rate"),
      util: value("q.cores.util"),
    }));
    agrees(found.rate, 500, "rate");
    assert.ok(found.util.mean > 0.999);
  });

  it("names the node whose backlog grows without bound, and no other", () => {
    const over = run(station(exponential("1ms"), "1100rps"), { untilMs: 20 * second, warmupMs: 0, seed: 27 });
    assert.deepEqual(over.saturated, ["q"]);
    for (let seed = 0; seed < 20; seed++) {
      const busy = run(station(exponential("1ms"), "950rps"), { untilMs: 20 * second, warmupMs: 0, seed });
      assert.deepEqual(busy.saturated, []);
    }
  });
});
