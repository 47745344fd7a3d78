import fc from "fast-check";
import type { LimiterDocument } from "#src/model/policy-document.js";
import { eventsOf, holds, sameEvents } from "./events.js";
import { Log } from "./log.js";
import { Failed, type Process } from "./process.js";
import { fineMs, modelOf, ms, type Request, requests } from "./requests.js";

/** How a request passes a limiter. */
type Limiter = (log: Log) => () => Process;

/** Tokens drip in, one an interval, into a bucket that is full at first; who finds none waits for its own, if not for too long. */
const tokenBucket =
  (interval: number, burst: number, wait: number): Limiter =>
  ({ world }) => {
    let tokens = burst;
    let looked = 0;
    return function* () {
      tokens = Math.min(burst, tokens + (world.now - looked) / interval);
      looked = world.now;
      const pause = Math.max(0, (1 - tokens) * interval);
      if (pause > wait) throw new Failed();
      tokens -= 1;
      yield pause;
    };
  };

/** The other form of the algorithm in ITU-T I.371: a bucket that leaks all the time, and into which each request pours. */
const continuousLeakyBucket =
  (interval: number, tolerance: number): Limiter =>
  ({ world }) => {
    let content = 0;
    let poured = 0;
    return function* () {
      const left = Math.max(0, content - (world.now - poured));
      if (left > tolerance) throw new Failed();
      content = left + interval;
      poured = world.now;
      yield 0;
    };
  };

/** A line of so many, from which one goes an interval after the one before. */
const leakyBucket =
  (interval: number, burst: number): Limiter =>
  ({ world }) => {
    let waiting = 0;
    let nextFree = 0;
    return function* () {
      if (waiting === burst && world.now < nextFree) throw new Failed();
      const pause = Math.max(0, nextFree - world.now);
      nextFree = world.now + pause + interval;
      waiting++;
      yield pause;
      waiting--;
    };
  };

/** Looks at the times at which others were let through. */
const byHistory =
  (mayPass: (passed: readonly number[], now: number) => boolean): Limiter =>
  ({ world }) => {
    const passed: number[] = [];
    return function* () {
      if (!mayPass(passed, world.now)) throw new Failed();
      passed.push(world.now);
      yield 0;
    };
  };
const within = (times: readonly number[], from: number, to: number): number =>
  times.filter((at) => at >= from && at < to).length;

const fixedWindow = (most: number, length: number): Limiter =>
  byHistory((passed, now) => within(passed, Math.floor(now / length) * length, Number.POSITIVE_INFINITY) < most);
const slidingWindow = (most: number, length: number): Limiter =>
  byHistory((passed, now) => passed.filter((at) => at > now - length).length < most);
const slidingCounter = (most: number, length: number): Limiter =>
  byHistory((passed, now) => {
    const begin = Math.floor(now / length) * length;
    const stillCounts = 1 - (now - begin) / length;
    const before = Math.floor(within(passed, begin - length, begin) * stillCounts);
    return before + within(passed, begin, Number.POSITIVE_INFINITY) < most;
  });

function same(all: readonly Request[], limit: Omit<LimiterDocument, "kind">, reference: Limiter): void {
  const model = modelOf(all, () => [{ do: "call", to: "limit", op: "take" }], { limit: { kind: "limiter", ...limit } });
  sameEvents(eventsOf(model, ["q"]), Log.of(all, "q", reference));
}

describe("truth: limiters, event by event", () => {
  /** Whole parts of a second, so that intervals are exact. */
  const interval = fc.constantFrom(0.5, 1, 2, 4);
  const burst = fc.integer({ min: 1, max: 6 });
  const rate = (of: number): string => `${1000 / of}rps`;

  it("a token bucket is a bucket of tokens", () => {
    holds(fc.tuple(requests(1), interval, burst), ([all, interval, burst]) =>
      same(all, { rate: rate(interval), burst }, tokenBucket(interval, burst, 0)),
    );
  });

  it("a token bucket is the generic cell rate algorithm: a leaky bucket of continuous state (ITU-T I.371)", () => {
    holds(fc.tuple(requests(1), interval, burst), ([all, interval, burst]) =>
      same(all, { rate: rate(interval), burst }, continuousLeakyBucket(interval, (burst - 1) * interval)),
    );
  });

  it("a token bucket whose requests wait hands tokens out in the order in which they came", () => {
    holds(fc.tuple(requests(1), interval, burst, fineMs(0.1, 6)), ([all, interval, burst, wait]) =>
      same(all, { rate: rate(interval), burst, wait: ms(wait) }, tokenBucket(interval, burst, wait)),
    );
  });

  it("a leaky bucket is a line of bounded length", () => {
    holds(fc.tuple(requests(1), interval, burst), ([all, interval, burst]) =>
      same(all, { algorithm: "leaky-bucket", rate: rate(interval), burst }, leakyBucket(interval, burst)),
    );
  });

  const windows = fc.tuple(requests(1), fc.integer({ min: 1, max: 5 }), fc.constantFrom(2, 4, 8));
  for (const [algorithm, reference] of [
    ["fixed-window", fixedWindow],
    ["sliding-window", slidingWindow],
    ["sliding-counter", slidingCounter],
  ] as const)
    it(`a limiter by ${algorithm} looks at who passed before`, () => {
      holds(windows, ([all, most, length]) =>
        same(all, { algorithm, rate: `${(most * 1000) / length}rps`, window: ms(length) }, reference(most, length)),
      );
    });
});
