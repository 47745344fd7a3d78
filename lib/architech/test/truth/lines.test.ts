import assert from "node:assert/strict";
import type { ModelDocument } from "#src/model/document.js";
import type { LineDocument } from "#src/model/line-document.js";
import type { StepDocument } from "#src/model/step-document.js";
import { cobham, shortestFirstWait } from "./closed-forms.js";
import { codelReference } from "./codel-reference.js";
import { agrees, call, exponential, intervals, modelOf, run, station } from "./replications.js";

const second = 1_000;

describe("truth: lines", () => {
  it("M/M/1 with the shortest first agrees with Phipps", () => {
    const found = intervals(
      station(exponential("1ms"), "800rps", { queue: { order: "sjf" } }),
      { untilMs: 900 * second, warmupMs: 2 * second, seed: 41 },
      (value) => ({ wait: value("q.wait.mean"), sojourn: value("q.latency.mean") }),
    );
    const wait = shortestFirstWait(0.8, 1);
    agrees(found.wait, wait, "wait");
    agrees(found.sojourn, wait + 1, "sojourn");
  });

  it("deadlines far apart are priorities: Cobham", () => {
    const urgent: StepDocument[] = [{ do: "timeout", after: "1h", steps: [call("q", "urgent")] }];
    const patient: StepDocument[] = [{ do: "timeout", after: "100h", steps: [call("q", "patient")] }];
    const model = modelOf(
      {
        door: { kind: "service", ops: { urgent, patient } },
        q: {
          kind: "service",
          threads: 1,
          queue: { order: "edf" },
          ops: {
            urgent: [{ do: "cpu", time: exponential("1ms") }],
            patient: [{ do: "cpu", time: "2ms" }],
          },
        },
      },
      { to: "door", rate: "500rps", mix: { urgent: 3, patient: 2 } },
    );
    const [first, last] = cobham([
      { rate: 0.3, mean: 1, scv: 1 },
      { rate: 0.2, mean: 2, scv: 0 },
    ]);
    const found = intervals(model, { untilMs: 700 * second, warmupMs: 2 * second, seed: 42 }, (value) => ({
      urgent: value("q.urgent.wait.mean"),
      patient: value("q.patient.wait.mean"),
    }));
    agrees(found.urgent, first!, "urgent");
    agrees(found.patient, last!, "patient");
  });

  const waits = (queue: LineDocument): ModelDocument => station(exponential("1ms"), "700rps", { queue });

  it("adaptive LIFO that switches at once is LIFO, and one that never does is FIFO, draw for draw", () => {
    const length = { untilMs: 100 * second, warmupMs: 0, seed: 43 };
    const summary = (queue: LineDocument): Float64Array => run(waits(queue), length).summary;
    assert.deepEqual(summary({ order: "adaptive-lifo", switchAt: 0 }), summary({ order: "lifo" }));
    assert.deepEqual(summary({ order: "adaptive-lifo", switchAt: 1_000_000 }), summary({ order: "fifo" }));
  });

  it("all of one deadline are served in the order in which they came", () => {
    const length = { untilMs: 60 * second, warmupMs: 0, seed: 45 };
    const door = (queue: LineDocument): ModelDocument =>
      modelOf(
        {
          door: { kind: "service", ops: { serve: [{ do: "timeout", after: "1h", steps: [call("q")] }] } },
          q: { kind: "service", threads: 1, queue, ops: { serve: [{ do: "cpu", time: exponential("1ms") }] } },
        },
        { to: "door", rate: "800rps", mix: { serve: 1 } },
      );
    assert.deepEqual(run(door({ order: "edf" }), length).summary, run(door({}), length).summary);
  });

  it("CoDel drops exactly those that RFC 8289 drops", () => {
    // Three arrivals a millisecond for a second of each four, and four served: queues build up and drain.
    const model = modelOf(
      {
        q: {
          kind: "service",
          threads: 1,
          queue: { codel: { target: "5ms", interval: "100ms" } },
          ops: { serve: [{ do: "cpu", time: "0.4ms" }] },
        },
      },
      {
        to: "q",
        rate: {
          points: [
            { at: "0ms", rate: "4000rps" },
            { at: "1000ms", rate: "1000rps" },
            { at: "2000ms", rate: "1000rps" },
          ],
          steps: true,
          repeat: true,
        },
        arrivals: "regular",
        mix: { serve: 1 },
      },
    );
    const untilMs = 20 * second;
    const arrivals: number[] = [];
    for (let at = 0; at < untilMs; ) {
      // The next is due when the integral of the rate has grown by one.
      const phase = at % 2000;
      if (phase < 1000) {
        const left = 1000 - phase;
        at += left * 4 >= 1 ? 0.25 : left + (1 - left * 4) / 1;
      } else {
        const left = 2000 - phase;
        at += left >= 1 ? 1 : left + (1 - left) / 4;
      }
      if (at < untilMs) arrivals.push(at);
    }
    const expected = codelReference(arrivals, 0.4, 5, 100, untilMs);
    const found = intervals(model, { untilMs, warmupMs: 0, seed: 1 }, (value) => ({
      dropped: value("q.rejected") * 20,
      done: value("q.rate") * 20,
      latency: value("q.latency.mean"),
    }));
    assert.ok(expected.dropped > 100, `${expected.dropped} dropped`);
    assert.ok(Math.abs(found.dropped.mean - expected.dropped) < 1e-6, `${found.dropped.mean}, ${expected.dropped}`);
    assert.ok(Math.abs(found.done.mean - expected.latencies.length) < 1e-6);
    const mean = expected.latencies.reduce((sum, latency) => sum + latency, 0) / expected.latencies.length;
    assert.ok(Math.abs(found.latency.mean - mean) < 1e-6, `${found.latency.mean}, ${mean}`);
  });
});
