import assert from "node:assert/strict";
import type { ModelDocument } from "#src/model/document.js";
import type { NodeDocument } from "#src/model/node-document.js";
import type { LimiterDocument } from "#src/model/policy-document.js";
import type { StepDocument } from "#src/model/step-document.js";
import { deterministicBlocking, erlangB, erlangC, impatient, poissonUpTo, pollaczekKhinchine } from "./closed-forms.js";
import { agrees, call, exponential, intervals, modelOf } from "./replications.js";

const second = 1_000;
const open = (steps: StepDocument[], nodes: Record<string, NodeDocument>, rate: string): ModelDocument =>
  modelOf({ door: { kind: "service", ops: { serve: steps } }, ...nodes }, { to: "door", rate, mix: { serve: 1 } });
const regular = (model: ModelDocument): ModelDocument =>
  ({ ...model, traffic: { ...model.traffic, arrivals: "regular" } }) as ModelDocument;

describe("truth: limiters", () => {
  const limited = (settings: Omit<LimiterDocument, "kind">, rate: string): ModelDocument =>
    open([call("limit", "take")], { limit: { kind: "limiter", ...settings } }, rate);

  it("a token bucket refuses what M/D/1/N blocks, N being what it holds", () => {
    for (const [burst, seed] of [
      [1, 61],
      [5, 62],
    ] as const) {
      const found = intervals(
        limited({ rate: "1000rps", burst }, "900rps"),
        { untilMs: 400 * second, warmupMs: second, seed },
        (value) => ({ refused: value("limit.rejected") / value("limit.arrivals") }),
      );
      agrees(found.refused, deterministicBlocking(0.9, burst), `refused with ${burst}`);
    }
  });

  it("a token bucket whose requests wait makes them wait as M/D/1 does", () => {
    const found = intervals(
      limited({ rate: "1000rps", wait: "1h" }, "800rps"),
      { untilMs: 600 * second, warmupMs: second, seed: 63 },
      (value) => ({ wait: value("limit.latency.mean") }),
    );
    agrees(found.wait, pollaczekKhinchine(0.8, 1, 0), "wait");
  });

  it("a leaky bucket holds as many as M/D/1/N, one of them leaving", () => {
    const found = intervals(
      limited({ algorithm: "leaky-bucket", rate: "1000rps", burst: 4 }, "900rps"),
      { untilMs: 400 * second, warmupMs: second, seed: 64 },
      (value) => ({ refused: value("limit.rejected") / value("limit.arrivals") }),
    );
    agrees(found.refused, deterministicBlocking(0.9, 5), "refused");
  });

  it("a fixed window lets through the mean of min(N, limit)", () => {
    const found = intervals(
      limited({ algorithm: "fixed-window", rate: "500rps", window: "20ms" }, "600rps"),
      { untilMs: 400 * second, warmupMs: 0, seed: 65 },
      (value) => ({ rate: value("limit.rate") }),
    );
    agrees(found.rate, poissonUpTo(12, 10) * 50, "rate");
  });

  it("a sliding window refuses as Erlang B: each request takes a place for as long as the window", () => {
    const found = intervals(
      limited({ algorithm: "sliding-window", rate: "500rps", window: "20ms" }, "500rps"),
      { untilMs: 400 * second, warmupMs: second, seed: 66 },
      (value) => ({ refused: value("limit.rejected") / value("limit.arrivals") }),
    );
    agrees(found.refused, erlangB(10, 10), "refused");
  });

  it("a sliding counter weighs the window before by what of it still counts", () => {
    // 1,000 arrivals a second against 10 in 20 ms, counted by hand.
    const length = 20;
    let [current, before, number, through] = [0, 0, 0, 0];
    for (let at = 1; at <= 10_000; at++) {
      const index = Math.floor(at / length);
      if (index !== number) {
        before = index === number + 1 ? current : 0;
        [current, number] = [0, index];
      }
      if (Math.floor(before * (1 - (at / length - index))) + current < 10) {
        current++;
        through++;
      }
    }
    const model = regular(limited({ algorithm: "sliding-counter", rate: "500rps", window: "20ms" }, "1000rps"));
    const found = intervals(model, { untilMs: 10 * second, warmupMs: 0, seed: 1 }, (value) => ({
      through: value("limit.rate") * 10,
    }));
    assert.equal(Math.round(found.through.mean), through);
  });

  it("lets through its rate to the last request when that is exactly what comes", () => {
    const model = regular(limited({ rate: "700rps" }, "700rps"));
    const found = intervals(model, { untilMs: 100 * second, warmupMs: 0, seed: 1 }, (value) => ({
      refused: value("limit.rejected"),
    }));
    assert.equal(found.refused.mean, 0);
  });
});

describe("truth: semaphores", () => {
  const guarded = (queue: { capacity?: number }): ModelDocument =>
    open(
      [{ do: "guard", by: "pool", steps: [{ do: "wait", time: exponential("1ms") }] }],
      { pool: { kind: "semaphore", permits: 4, queue } },
      "3000rps",
    );

  it("a bulkhead where nobody waits refuses as Erlang B", () => {
    const found = intervals(
      guarded({ capacity: 0 }),
      { untilMs: 60 * second, warmupMs: second, seed: 71 },
      (value) => ({
        refused: value("pool.rejected") / value("pool.arrivals"),
      }),
    );
    agrees(found.refused, erlangB(4, 3), "refused");
  });

  it("one where all wait makes them wait as Erlang C", () => {
    const found = intervals(guarded({}), { untilMs: 200 * second, warmupMs: second, seed: 72 }, (value) => ({
      wait: value("pool.wait.mean"),
      util: value("pool.util"),
    }));
    agrees(found.wait, erlangC(4, 3) / (4 - 3), "wait");
    agrees(found.util, 0.75, "util");
  });
});

describe("truth: breakers", () => {
  const guarded = (settings: object, steps: StepDocument[], rate = "100rps"): ModelDocument =>
    regular(
      open(
        [{ do: "guard", by: "fuse", steps }],
        { fuse: { kind: "breaker", openFor: "1s", ...settings } as NodeDocument },
        rate,
      ),
    );
  const counts = (model: ModelDocument, untilMs: number): Record<"asked" | "refused" | "failed" | "open", number> => {
    const found = intervals(model, { untilMs, warmupMs: 0, seed: 1 }, (value) => ({
      asked: (value("fuse.arrivals") * untilMs) / second,
      refused: (value("fuse.rejected") * untilMs) / second,
      failed: (value("fuse.errors") * untilMs) / second,
      open: value("fuse.open"),
    }));
    return Object.fromEntries(Object.entries(found).map(([name, { mean }]) => [name, mean])) as never;
  };

  it("opens when the window has too many failures, and lets one probe through each time it has been open", () => {
    // One every 10 ms, all fail: the 20th, at 200 ms, opens it; then one probe each second, the first at 1,200 ms.
    const { asked, refused, failed, open } = counts(guarded({ window: 20 }, [{ do: "fail" }]), 10_000);
    assert.deepEqual([asked, Math.round(asked - refused)], [1000, 20 + 9]);
    assert.equal(failed, asked);
    assert.ok(Math.abs(open - 0.98) < 1e-9, `open ${open}`);
  });

  it("stays closed below its share of failures, and opens at it", () => {
    // Every other call fails, in turn.
    const nodes: Record<string, NodeDocument> = {
      turns: { kind: "limiter", algorithm: "fixed-window", rate: "50rps", window: "20ms" },
    };
    const model = (failureRate: number): ModelDocument => {
      const { nodes: fuses, traffic } = guarded({ window: 20, failureRate }, [call("turns", "take")]);
      return modelOf({ ...fuses, ...nodes }, traffic);
    };
    assert.equal(counts(model(0.55), 10_000).refused, 0);
    assert.ok(counts(model(0.5), 10_000).refused > 700);
  });

  it("slow calls open it as failures do, and a window of time forgets", () => {
    const slow: StepDocument[] = [{ do: "wait", time: "30ms" }];
    const opened = counts(guarded({ window: "1s", minimum: 50, slow: "20ms", slowRate: 1 }, slow), 2_000);
    // The 50th call ends at 530 ms, just before the 53rd; the first probe, at 1,530 ms, is slow too.
    assert.equal(Math.round(opened.asked - opened.refused), 52 + 1);
    // Never 101 calls in a second.
    assert.equal(counts(guarded({ window: "1s", minimum: 101, slow: "20ms" }, slow), 5_000).refused, 0);
  });

  it("closes again once its probes end well", () => {
    // Fails for the first second only: down from 0 to 1 s.
    const { nodes, traffic } = guarded({ window: 10, openFor: "300ms", probes: 2 }, [call("q")]);
    const model: ModelDocument = {
      ...modelOf({ ...nodes, q: { kind: "service", ops: { serve: [{ do: "cpu", time: "1ms" }] } } }, traffic),
      faults: [{ do: "outage", node: "q", at: "0s", for: "1s", requests: "refuse" }],
    };
    const { asked, refused, failed } = counts(model, 5_000);
    // Opens at 100 ms; probes two by two, 10 ms apart, from 400, 710 and 1,020 ms on: the last two pass.
    assert.equal(asked, 500);
    assert.equal(Math.round(failed - refused), 10 + 2 + 2);
    assert.equal(Math.round(asked - refused), 10 + 2 + 2 + (500 - 101));
  });
});

describe("truth: retries, hedges and what is taken back", () => {
  it("a budget keeps retries at its share of the requests", () => {
    const model = open(
      [{ do: "retry", times: 5, backoff: "1ms", budget: "budget", steps: [call("flaky")] }],
      {
        budget: { kind: "retry-budget", ratio: 0.2 },
        flaky: { kind: "service", ops: { serve: [{ do: "fail" }] } },
      },
      "1000rps",
    );
    const found = intervals(model, { untilMs: 60 * second, warmupMs: second, seed: 81 }, (value) => ({
      load: value("flaky.arrivals") / value("traffic.arrivals"),
      asked: value("budget.arrivals") / value("traffic.arrivals"),
    }));
    agrees(found.load, 1.2, "load");
    // Each request asks until it is refused.
    agrees(found.asked, 1.2, "asked");
  });

  it("decorrelated jitter multiplies the mean pause by 3/2 each time and adds half the first", () => {
    // E[pause 1] = (b + 3b) / 2; E[pause n + 1] = (b + 3 E[pause n]) / 2.
    const model = open(
      [
        {
          do: "retry",
          times: 3,
          backoff: "2ms",
          jitter: "decorrelated",
          steps: [{ do: "fail", probability: 1 }],
        },
      ],
      {},
      "500rps",
    );
    const pauses = [4, 7, 11.5];
    const found = intervals(model, { untilMs: 120 * second, warmupMs: second, seed: 82 }, (value) => ({
      inside: value("traffic.inside"),
    }));
    agrees(found.inside, 0.5 * pauses.reduce((sum, pause) => sum + pause), "inside");
  });

  it("hedging takes the minimum of two shifted draws", () => {
    const model = open(
      [{ do: "hedge", after: "0.7ms", steps: [call("slow")] }],
      { slow: { kind: "service", ops: { serve: [{ do: "wait", time: exponential("1ms") }] } } },
      "1000rps",
    );
    const late = Math.exp(-0.7);
    const found = intervals(model, { untilMs: 60 * second, warmupMs: second, seed: 83 }, (value) => ({
      latency: value("traffic.latency.mean"),
      load: value("slow.arrivals") / 1000,
      worked: value("slow.latency.mean"),
      p99: value("traffic.latency.p99"),
    }));
    agrees(found.latency, 1 - late + late / 2, "latency");
    agrees(found.load, 1 + late, "load");
    // What loses goes on to its end.
    agrees(found.worked, 1, "worked");
    // P(X > t) = e^−t e^−(t − 0.7) beyond 0.7.
    agrees(found.p99, (Math.log(100) + 0.7) / 2, "p99");
  });

  it("a deadline that is handed on makes impatient customers of M/M/1 (Barrer)", () => {
    const model = open(
      [{ do: "timeout", after: "3ms", cancel: true, steps: [call("q")] }],
      { q: { kind: "service", threads: 1, ops: { serve: [{ do: "cpu", time: exponential("1ms") }] } } },
      "800rps",
    );
    const found = intervals(model, { untilMs: 400 * second, warmupMs: second, seed: 84 }, (value) => ({
      left: value("q.errors") / value("q.arrivals"),
    }));
    agrees(found.left, impatient(0.8, 1, 3), "left");
  });
});

describe("truth: limits of concurrency", () => {
  const overloaded = (settings: object): ModelDocument =>
    open(
      [{ do: "guard", by: "gate", steps: [call("q")] }],
      {
        gate: { kind: "concurrency", min: 1, max: 200, ...settings } as NodeDocument,
        q: { kind: "service", threads: 10, ops: { serve: [{ do: "cpu", time: exponential("10ms") }] } },
      },
      "1500rps",
    );
  const found = (model: ModelDocument): Record<"rate" | "limit" | "latency" | "inside", number> => {
    const all = intervals(model, { untilMs: 60 * second, warmupMs: 10 * second, seed: 91 }, (value) => ({
      rate: value("q.rate"),
      limit: value("gate.limit.mean"),
      latency: value("q.latency.mean"),
      inside: value("gate.rate") * value("gate.latency.mean") * 1e-3,
    }));
    return Object.fromEntries(Object.entries(all).map(([name, { mean }]) => [name, mean])) as never;
  };

  it("each keeps the queue short under overload, at nearly all of the throughput", () => {
    for (const settings of [
      { algorithm: "aimd", slow: "60ms" },
      { algorithm: "gradient", min: 8 },
    ]) {
      const { rate, limit, latency, inside } = found(overloaded(settings));
      assert.ok(rate > 0.8 * 1000, `${settings.algorithm}: ${rate}/s`);
      assert.ok(latency < 80, `${settings.algorithm}: ${latency} ms`);
      // Offered half as much again as it can take, it is nearly always full: what is inside is about the limit.
      assert.ok(Math.abs(inside - limit) < 0.2 * limit, `${settings.algorithm}: ${inside} inside, limit ${limit}`);
    }
  });

  it("Vegas grows while nothing waits, and shrinks when it does", () => {
    const free = open(
      [{ do: "guard", by: "gate", steps: [{ do: "wait", time: "10ms" }] }],
      { gate: { kind: "concurrency", algorithm: "vegas", initial: 5, max: 200 } },
      "1500rps",
    );
    const grown = intervals(free, { untilMs: 10 * second, warmupMs: 2 * second, seed: 92 }, (value) => ({
      refused: value("gate.rejected"),
    }));
    assert.equal(grown.refused.mean, 0);
    const { limit } = found(overloaded({ algorithm: "vegas" }));
    assert.ok(limit < 60, `limit ${limit}`);
  });
});
