import assert from "node:assert/strict";
import type { ModelDocument } from "#src/model/document.js";
import type { FaultDocument } from "#src/model/fault-document.js";
import type { HopDocument, NetworkDocument } from "#src/model/network-document.js";
import type { StepDocument } from "#src/model/step-document.js";
import { pollaczekKhinchine } from "./closed-forms.js";
import { agrees, call, exponential, intervals, modelOf } from "./replications.js";

const second = 1_000;
const wait = (time: string): StepDocument[] => [{ do: "wait", time }];

/** A door that calls q, with what goes wrong. */
function system(
  steps: StepDocument[],
  rate: string,
  {
    faults = [],
    network,
    regular = false,
    threads,
  }: {
    faults?: FaultDocument[];
    network?: NetworkDocument;
    regular?: boolean;
    threads?: number;
  },
): ModelDocument {
  return {
    ...modelOf(
      {
        door: { kind: "service", ops: { serve: [call("q")] } },
        q: { kind: "service", ops: { serve: steps }, ...(threads === undefined ? {} : { threads }) },
      },
      { to: "door", rate, mix: { serve: 1 }, ...(regular ? { arrivals: "regular" as const } : {}) },
    ),
    faults,
    ...(network === undefined ? {} : { network }),
  };
}

/** The values of one replication of a model in which nothing is drawn. */
function exact<Key extends string>(
  model: ModelDocument,
  untilMs: number,
  metrics: Record<Key, string>,
): Record<Key, number> {
  const found = intervals(model, { untilMs, warmupMs: 0, seed: 1 }, (value) =>
    Object.fromEntries(Object.entries<string>(metrics).map(([key, metric]) => [key, value(metric)])),
  );
  return Object.fromEntries(Object.entries(found).map(([key, { mean }]) => [key, mean])) as Record<Key, number>;
}

describe("truth: faults", () => {
  it("what crashes is there for MTBF / (MTBF + MTTR) of the time", () => {
    const model = system(wait("1us"), "1000rps", {
      faults: [{ do: "crash", node: "q", mtbf: "6ms", mttr: "2ms", requests: "refuse" }],
    });
    const found = intervals(model, { untilMs: 300 * second, warmupMs: 0, seed: 121 }, (value) => ({
      refused: value("q.errors") / value("q.arrivals"),
    }));
    agrees(found.refused, 20 / 80, "refused");
  });

  it("what crashes and lets requests wait is M/D/1 with a server that breaks down, found by its mean alone", () => {
    // Each waits for what is left of the outage with probability 1/4: MTTR, as it is exponential.
    const model = system(wait("1us"), "10rps", {
      faults: [{ do: "crash", node: "q", mtbf: "60ms", mttr: "20ms" }],
    });
    const found = intervals(model, { untilMs: 20_000 * second, warmupMs: 0, seed: 122 }, (value) => ({
      latency: value("traffic.latency.mean"),
    }));
    agrees(found.latency, 20 / 4 + 0.001, "latency");
  });

  it("a slow node is slow, and a node that stands still does, whether or not its first step is drawn ahead", () => {
    // Every request takes four times as long, of one thread; or every one stands still for a second of three.
    const steps: StepDocument[] = [{ do: "wait", time: { dist: "exponential", mean: "2ms" } }];
    const slow = system(steps, "50rps", {
      threads: 1,
      faults: [{ do: "slow", node: "q", by: 4, at: "0ms", for: "1h" }],
    });
    const options = { untilMs: 2_000 * second, warmupMs: 10 * second, seed: 7 };
    const found = intervals(slow, options, (value) => ({ latency: value("q.latency.mean") }));
    // M/M/1 at 50 / 125.
    agrees(found.latency, 8 / (1 - 0.4), "slow");
    const pauses = system(steps, "20rps", {
      threads: 1_000,
      faults: [{ do: "pauses", node: "q", every: "2s", for: "1s" }],
    });
    const still = intervals(pauses, options, (value) => ({ latency: value("q.latency.mean") }));
    // Those that come while it stands still, a third, begin when it goes on: half a second later on average. The
    // others are stopped with the probability that a pause begins within their 2 ms.
    agrees(still.latency, 2 + 1000 / 6 + (2 / 3) * (2 / 2000) * 1000, "still");
  });

  it("a slow node takes so many times as long, from what begins then on", () => {
    const model = system(wait("10ms"), "10rps", {
      regular: true,
      faults: [{ do: "slow", node: "q", by: 3, at: "950ms", for: "1s" }],
    });
    const { mean, max } = exact(model, 3_000, { mean: "q.latency.mean", max: "q.latency.max" });
    // One at each tenth of a second: ten of the 29 that have ended are slow.
    assert.ok(Math.abs(mean - (19 * 10 + 10 * 30) / 29) < 1e-6, `${mean}`);
    assert.ok(Math.abs(max - 30) < 1e-9);
  });

  it("what is drawn is longer while its node is slow", () => {
    const model = system([{ do: "wait", time: exponential("1ms") }], "1000rps", {
      faults: [{ do: "slow", node: "q", by: 3, at: "0s", for: "100h" }],
    });
    const found = intervals(model, { untilMs: 60 * second, warmupMs: second, seed: 125 }, (value) => ({
      latency: value("q.latency.mean"),
    }));
    agrees(found.latency, 3, "latency");
  });

  it("errors fail so many of what arrives, and two at once add up", () => {
    const during = (probability: number, at: string): FaultDocument => ({
      do: "errors",
      node: "q",
      probability,
      at,
      for: "100h",
    });
    const model = system(wait("1ms"), "1000rps", { faults: [during(0.1, "0s"), during(0.2, "0s")] });
    const found = intervals(model, { untilMs: 60 * second, warmupMs: 0, seed: 123 }, (value) => ({
      failed: value("traffic.errors") / value("traffic.arrivals"),
    }));
    agrees(found.failed, 0.3, "failed");
  });

  it("a pause makes all that is under way end later by its length", () => {
    // One each 100 ms, 50 ms long. The pause of 280 ms holds the one of 900 ms at 920, those of 1,000, 1,100 and 1,200 come
    // during it or at its end.
    const model = system(wait("50ms"), "10rps", {
      regular: true,
      faults: [{ do: "pause", node: "q", at: "920ms", for: "280ms" }],
    });
    const { mean, max } = exact(model, 2_000, { mean: "q.latency.mean", max: "q.latency.max" });
    assert.ok(Math.abs(max - 330) < 1e-9, `${max}`);
    const latencies = [330, 250, 150, 50, ...Array.from({ length: 15 }, () => 50)];
    assert.ok(Math.abs(mean - latencies.reduce((sum, x) => sum + x, 0) / latencies.length) < 1e-6, `${mean}`);
  });

  it("pauses again and again stretch what is longer than them to the share of time between them", () => {
    // 90 ms of work, 10 ms of pause: 900 ms of work take a second, whenever they begin but in a pause.
    const model = system(wait("900ms"), "7rps", {
      faults: [{ do: "pauses", node: "q", every: "90ms", for: "10ms" }],
    });
    const found = intervals(model, { untilMs: 200 * second, warmupMs: 0, seed: 124 }, (value) => ({
      latency: value("q.latency.mean"),
    }));
    // Who comes in a pause waits for its end first: 5 ms on average, for one in ten.
    agrees(found.latency, 1000 + 0.1 * 5, "latency");
  });
});

describe("truth: hops", () => {
  const hop = (settings: Partial<HopDocument>): NetworkDocument => ({ hops: [{ from: "door", to: "q", ...settings }] });

  it("takes its latency there and back, whether the call ends well or not", () => {
    const { latency } = exact(
      system(wait("1ms"), "10rps", { regular: true, network: hop({ latency: "5ms" }) }),
      1_000,
      { latency: "traffic.latency.mean" },
    );
    assert.ok(Math.abs(latency - 11) < 1e-9, `${latency}`);
    const failing = system([{ do: "fail" }], "10rps", { regular: true, network: hop({ latency: "5ms" }) });
    const { inside } = exact(failing, 1_000, { inside: "traffic.inside" });
    // Nine have come and gone, each after 10 ms; the last comes at the end.
    assert.ok(Math.abs(inside - (9 * 10) / 1_000) < 1e-9, `${inside}`);
  });

  it("loses messages and sends them again: R p / (1 − 2p) on average each way", () => {
    const network = hop({ loss: 0.1, retransmit: "20ms" });
    const found = intervals(
      system([], "1000rps", { network }),
      { untilMs: 900 * second, warmupMs: 0, seed: 131 },
      (value) => ({ latency: value("traffic.latency.mean") }),
    );
    agrees(found.latency, (2 * 20 * 0.1) / 0.8, "latency");
  });

  it("a bandwidth lets one message after the other through: M/D/1", () => {
    // 1 MB at 10 Gbps is 0.8 ms.
    const network = hop({ bandwidth: "10Gbps", request: "1MB" });
    const found = intervals(
      system([], "1000rps", { network }),
      { untilMs: 400 * second, warmupMs: second, seed: 132 },
      (value) => ({ latency: value("traffic.latency.mean") }),
    );
    agrees(found.latency, 0.8 + pollaczekKhinchine(1, 0.8, 0), "latency");
  });

  const zones = (regions: [string, string]): NetworkDocument => ({
    zones: { a: { region: regions[0], nodes: ["door"] }, b: { region: regions[1], nodes: ["q"] } },
    latency: { zone: "1ms", region: "2ms", world: "40ms" },
  });

  it("is as long as the zones of both say", () => {
    const latency = (network: NetworkDocument): number =>
      exact(system([], "10rps", { regular: true, network }), 1_000, { mean: "traffic.latency.mean" }).mean;
    assert.equal(latency(zones(["eu", "eu"])), 4);
    assert.equal(latency(zones(["eu", "us"])), 80);
    assert.equal(latency({ ...zones(["eu", "us"]), zones: { a: { nodes: ["door", "q"] } } }), 2);
    assert.equal(latency({ ...zones(["eu", "us"]), ...hop({ latency: "7ms" }) }), 14);
  });

  it("a partition holds calls until it is over, or refuses them; an answer waits too", () => {
    const parted = (requests: "hang" | "refuse"): ModelDocument =>
      system(wait("10ms"), "10rps", {
        regular: true,
        network: zones(["eu", "us"]),
        faults: [{ do: "partition", between: ["a", "q"], at: "445ms", for: "200ms", requests }],
      });
    // The call of 400 ms is answered at 450: its answer waits for 645. Those of 500 and 600 wait, or are refused.
    const hung = exact(parted("hang"), 2_000, { max: "traffic.latency.max", errors: "traffic.errors" });
    assert.ok(Math.abs(hung.max - (645 - 400 + 40)) < 1e-9, `${hung.max}`);
    assert.equal(hung.errors, 0);
    const refused = exact(parted("refuse"), 2_000, { max: "traffic.latency.max", errors: "traffic.errors" });
    assert.equal(refused.errors, 1);
    assert.ok(Math.abs(refused.max - (645 - 400 + 40)) < 1e-9, `${refused.max}`);
  });

  it("an outage of a zone stops every node in it", () => {
    const model = system(wait("10ms"), "10rps", {
      regular: true,
      network: { zones: { a: { nodes: ["door", "q"] } } },
      faults: [{ do: "outage", zone: "a", at: "450ms", for: "200ms", requests: "refuse" }],
    });
    const { door } = exact(model, 1_000, { door: "door.errors" });
    assert.equal(door, 2);
  });
});
