import fc from "fast-check";
import type { ConcurrencyDocument } from "#src/model/policy-document.js";
import { eventsOf, holds, sameEvents } from "./events.js";
import { Log } from "./log.js";
import { Failed, type Process } from "./process.js";
import { fineMs, modelOf, ms, type Request, requests, working, works } from "./requests.js";

/** What is known of a call when it is over; `inflight` were under way when it began, itself among them. */
interface Sample {
  readonly latency: number;
  readonly inflight: number;
  readonly failed: boolean;
}

/** The next limit after a call, as in Netflix's concurrency-limits. */
type Rule = (limit: number, sample: Sample) => number;

/** AIMDLimit. */
const aimd =
  (slow: number): Rule =>
  (limit, { latency, inflight, failed }) => {
    if (failed || latency > slow) return limit * 0.9;
    return inflight * 2 >= limit ? limit + 1 : limit;
  };

/** VegasLimit, without the jitter of its probes. */
const vegas = (): Rule => {
  let unloaded = Number.POSITIVE_INFINITY;
  let calls = 0;
  return (limit, { latency, inflight, failed }) => {
    if (++calls > 30 * limit) {
      calls = 0;
      unloaded = latency;
      return limit;
    }
    if (latency < unloaded) {
      unloaded = latency;
      return limit;
    }
    const step = Math.max(1, Math.floor(Math.log10(limit)));
    if (failed) return limit - step;
    if (inflight * 2 < limit) return limit;
    const waiting = Math.ceil(limit * (1 - unloaded / latency));
    if (waiting <= step) return limit + 6 * step;
    if (waiting < 3 * step) return limit + step;
    return waiting > 6 * step ? limit - step : limit;
  };
};

/** Gradient2Limit: its measurement warms up over 10 samples and has a window of 600. */
const gradient = (tolerance: number): Rule => {
  let [samples, sum, long] = [0, 0, 0];
  return (limit, { latency, inflight }) => {
    if (samples < 10) long = (sum += latency) / ++samples;
    else long += (latency - long) * (2 / 601);
    const seen = long;
    if (seen / latency > 2) long *= 0.95;
    if (inflight < limit / 2) return limit;
    const ratio = Math.max(0.5, Math.min(1, (tolerance * seen) / latency));
    return limit * 0.8 + (limit * ratio + 4) * 0.2;
  };
};

/** Refuses what is more than its limit. */
function limited({ world }: Log, initial: number, min: number, max: number, rule: Rule): (steps: Process) => Process {
  let limit = initial;
  let inside = 0;
  return function* (steps) {
    if (inside >= Math.floor(limit)) throw new Failed();
    const inflight = ++inside;
    const began = world.now;
    let failed = true;
    try {
      yield* steps;
      failed = false;
    } finally {
      inside--;
      limit = Math.max(min, Math.min(max, rule(limit, { latency: world.now - began, inflight, failed })));
    }
  };
}

describe("truth: limits of concurrency, event by event", () => {
  const bounds = fc.record({
    initial: fc.integer({ min: 1, max: 8 }),
    min: fc.integer({ min: 1, max: 4 }),
    max: fc.integer({ min: 4, max: 12 }),
  });
  const same = (
    all: readonly Request[],
    { initial: first, min, max }: { initial: number; min: number; max: number },
    settings: Pick<ConcurrencyDocument, "algorithm" | "slow" | "tolerance">,
    rule: Rule,
  ): void => {
    const initial = Math.max(min, Math.min(max, first));
    const model = modelOf(all, (request) => [{ do: "guard", by: "gate", steps: working(request) }], {
      gate: { kind: "concurrency", initial, min, max, ...settings },
    });
    const expected = Log.of(all, "q", (log) => {
      const guard = limited(log, initial, min, max, rule);
      return (request) => guard(works(request));
    });
    sameEvents(eventsOf(model, ["q"]), expected);
  };
  const cases = fc.tuple(requests(0.5), bounds);

  it("additive increase, multiplicative decrease", () => {
    holds(fc.tuple(cases, fineMs(1, 4)), ([[all, bounds], slow]) =>
      same(all, bounds, { algorithm: "aimd", slow: ms(slow) }, aimd(slow)),
    );
  });

  it("Vegas", () => {
    holds(cases, ([all, bounds]) => same(all, bounds, { algorithm: "vegas" }, vegas()));
  });

  it("gradient", () => {
    holds(fc.tuple(cases, fc.constantFrom(1, 1.5, 2)), ([[all, bounds], tolerance]) =>
      same(all, bounds, { algorithm: "gradient", tolerance }, gradient(tolerance)),
    );
  });
});
