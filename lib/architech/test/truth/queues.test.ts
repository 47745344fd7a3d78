import { erlangArrivalsSojourn, erlangB, erlangC, lastComeWaitQuantile, pollaczekKhinchine } from "./closed-forms.js";
import { agrees, exponential, intervals, modelOf, station } from "./replications.js";

describe("truth: one queue", () => {
  it("M/M/1 agrees with its sojourn, its percentiles and its queue", () => {
    // μ = 1/ms, λ = 0.7/ms: the sojourn is exponential with mean 1 / (μ − λ).
    const mean = 1 / 0.3;
    const found = intervals(
      station(exponential("1ms"), "700rps"),
      { untilMs: 1_700_000, warmupMs: 2_000, seed: 1 },
      (value) => ({
        mean: value("q.latency.mean"),
        p50: value("q.latency.p50"),
        p99: value("q.latency.p99"),
        wait: value("q.wait.mean"),
        depth: value("q.depth.mean"),
        util: value("q.util"),
        inside: value("traffic.inside"),
      }),
    );
    agrees(found.mean, mean, "mean");
    agrees(found.p50, mean * Math.LN2, "p50");
    agrees(found.p99, mean * Math.log(100), "p99");
    agrees(found.wait, mean - 1, "wait");
    agrees(found.depth, 0.7 * (mean - 1), "depth");
    agrees(found.util, 0.7, "util");
    agrees(found.inside, 0.7 * mean, "inside");
  });

  it("M/M/c agrees with Erlang C", () => {
    const load = 5.6;
    const wait = erlangC(8, load) / (8 - load);
    const found = intervals(
      station(exponential("1ms"), "5600rps", { threads: 8 }),
      { untilMs: 360_000, warmupMs: 500, seed: 2 },
      (value) => ({ wait: value("q.wait.mean"), sojourn: value("q.latency.mean") }),
    );
    agrees(found.wait, wait, "wait");
    agrees(found.sojourn, wait + 1, "sojourn");
  });

  it("cores of a service whose threads have no limit are the servers of M/M/c", () => {
    const model = modelOf(
      { q: { kind: "service", cores: 4, ops: { serve: [{ do: "cpu", time: exponential("1ms") }] } } },
      { to: "q", rate: "2800rps", mix: { serve: 1 } },
    );
    const found = intervals(model, { untilMs: 400_000, warmupMs: 500, seed: 3 }, (value) => ({
      wait: value("q.wait.mean"),
      util: value("q.cores.util"),
    }));
    agrees(found.wait, erlangC(4, 2.8) / (4 - 2.8), "wait");
    agrees(found.util, 0.7, "util");
  });

  const services = [
    { name: "M/D/1", time: "1ms", scv: 0 },
    { name: "M/E3/1", time: { dist: "erlang", shape: 3, mean: "1ms" }, scv: 1 / 3 },
    {
      name: "M/H2/1",
      time: {
        dist: "mixture",
        of: [
          { weight: 3, time: { dist: "exponential", mean: "0.5ms" } },
          { weight: 1, time: { dist: "exponential", mean: "2.5ms" } },
        ],
      },
      scv: 2 * (0.75 * 0.25 + 0.25 * 6.25) - 1,
    },
    { name: "M/LN/1", time: { dist: "lognormal", mean: "1ms", sigma: 0.8 }, scv: Math.exp(0.64) - 1 },
    { name: "M/gamma/1", time: { dist: "gamma", shape: 0.5, mean: "1ms" }, scv: 2 },
    // Γ(1 + 2/k) / Γ(1 + 1/k)² − 1, for k = 2: 4/π − 1.
    { name: "M/Weibull/1", time: { dist: "weibull", shape: 2, mean: "1ms" }, scv: 4 / Math.PI - 1 },
    { name: "M/U/1", time: { dist: "uniform", min: "0ms", max: "2ms" }, scv: 1 / 3 },
  ] as const;
  for (const { name, time, scv } of services) {
    it(`${name} agrees with Pollaczek and Khinchine`, () => {
      const length = { untilMs: scv > 1 ? 1_200_000 : 400_000, warmupMs: 2_000, seed: 4 };
      const found = intervals(station(time, "600rps"), length, (value) => ({ wait: value("q.wait.mean") }));
      agrees(found.wait, pollaczekKhinchine(0.6, 1, scv), "wait");
    });
  }

  it("random balance splits Poisson traffic into independent M/M/1", () => {
    const model = station(exponential("1ms"), "1800rps", { replicas: 3, balance: "random" });
    const found = intervals(model, { untilMs: 60_000, warmupMs: 500, seed: 5 }, (value) => ({
      sojourn: value("q.latency.mean"),
    }));
    agrees(found.sojourn, 2.5, "sojourn");
  });

  it("round robin over three replicas makes each an E3/M/1", () => {
    const model = station(exponential("1ms"), "2100rps", { replicas: 3 });
    const found = intervals(model, { untilMs: 80_000, warmupMs: 500, seed: 6 }, (value) => ({
      sojourn: value("q.latency.mean"),
    }));
    agrees(found.sojourn, erlangArrivalsSojourn(3, 0.7, 1), "sojourn");
  });

  it("a bounded queue with one worker loses what M/M/1/K loses", () => {
    const load = 0.8;
    const room = 5; // four wait, one is worked on
    const blocked = ((1 - load) * load ** room) / (1 - load ** (room + 1));
    const model = modelOf(
      {
        front: { kind: "service", ops: { put: [{ do: "publish", to: "jobs" }] } },
        jobs: { kind: "queue", capacity: room - 1 },
        worker: { kind: "worker", takes: "jobs", work: exponential("1ms") },
      },
      { to: "front", rate: "800rps", mix: { put: 1 } },
    );
    const found = intervals(model, { untilMs: 500_000, warmupMs: 1_000, seed: 7 }, (value) => ({
      blocked: value("jobs.errors") / value("jobs.arrivals"),
      failed: value("traffic.errors") / value("traffic.arrivals"),
      worked: value("worker.rate"),
    }));
    agrees(found.blocked, blocked, "blocked");
    agrees(found.failed, blocked, "failed");
    agrees(found.worked, 800 * (1 - blocked), "worked");
  });

  it("a queue of next to no room with six workers loses about what Erlang B says, and less with room", () => {
    const model = (capacity: number) =>
      modelOf(
        {
          front: { kind: "service", ops: { put: [{ do: "publish", to: "jobs" }] } },
          jobs: { kind: "queue", capacity },
          worker: { kind: "worker", takes: "jobs", replicas: 3, threads: 2, work: exponential("1ms") },
        },
        { to: "front", rate: "4000rps", mix: { put: 1 } },
      );
    // M/M/6/7: one more place than M/M/6/6. p(7) from Erlang B: x B / (c + x B) with x the load.
    const b = erlangB(6, 4);
    const blocked = (4 * b) / (6 + 4 * b);
    const length = { untilMs: 100_000, warmupMs: 500, seed: 8 };
    const found = intervals(model(1), length, (value) => ({ blocked: value("jobs.errors") / value("jobs.arrivals") }));
    agrees(found.blocked, blocked, "blocked");
  });

  it("M/M/c/c blocks as Erlang B says", () => {
    const model = station(exponential("1ms"), "4000rps", { threads: 6, queue: { capacity: 0 } });
    const found = intervals(model, { untilMs: 100_000, warmupMs: 500, seed: 9 }, (value) => ({
      blocked: value("q.rejected") / value("q.arrivals"),
      failed: value("q.errors") / value("q.arrivals"),
      sojourn: value("q.latency.mean"),
    }));
    agrees(found.blocked, erlangB(6, 4), "blocked");
    agrees(found.failed, erlangB(6, 4), "failed");
    agrees(found.sojourn, 1, "sojourn");
  });

  it("a service with room for so many is an M/M/1/K", () => {
    const load = 0.9;
    const most = 10;
    const share = (n: number): number => ((1 - load) * load ** n) / (1 - load ** (most + 1));
    let inside = 0;
    for (let n = 0; n <= most; n++) inside += n * share(n);
    const model = station(exponential("1ms"), "900rps", { queue: { capacity: most - 1 } });
    const found = intervals(model, { untilMs: 700_000, warmupMs: 500, seed: 10 }, (value) => ({
      blocked: value("q.rejected") / value("q.arrivals"),
      sojourn: value("q.latency.mean"),
      depth: value("q.depth.max"),
    }));
    agrees(found.blocked, share(most), "blocked");
    agrees(found.sojourn, inside / (load * (1 - share(most))), "sojourn");
    agrees(found.depth, most - 1, "depth");
  });

  it("the order in which they wait changes how long some wait, and not the mean", () => {
    const model = station(exponential("1ms"), "600rps", { queue: { order: "lifo" } });
    const found = intervals(model, { untilMs: 900_000, warmupMs: 2_000, seed: 11 }, (value) => ({
      wait: value("q.wait.mean"),
      p95: value("q.wait.p95"),
      p99: value("q.wait.p99"),
    }));
    agrees(found.wait, 0.6 / 0.4, "wait");
    agrees(found.p95, lastComeWaitQuantile(0.6, 1, 0.95), "p95");
    agrees(found.p99, lastComeWaitQuantile(0.6, 1, 0.99), "p99");
  });
});
