import fc from "fast-check";
import type { BreakerDocument } from "#src/model/policy-document.js";
import { eventsOf, holds, sameEvents } from "./events.js";
import { Log } from "./log.js";
import { Failed, type Process } from "./process.js";
import { fineMs, modelOf, ms, type Request, requests, working, works } from "./requests.js";

interface Settings {
  readonly window: number | { readonly ms: number };
  readonly minimum: number;
  readonly failureRate: number;
  readonly slow: number;
  readonly slowRate: number;
  readonly openFor: number;
  readonly probes: number;
}

interface Outcome {
  readonly at: number;
  readonly failed: boolean;
  readonly slow: boolean;
}

/** A circuit breaker as the page on protection tells it. */
function breaker({ world }: Log, settings: Settings): (steps: () => Process) => Process {
  const { window, minimum, failureRate, slow, slowRate, openFor, probes } = settings;
  let state: { readonly name: "closed" | "open" | "half open"; readonly since: number } = { name: "closed", since: 0 };
  let outcomes: Outcome[] = [];
  let letThrough = 0;
  const goTo = (name: typeof state.name): void => {
    state = { name, since: world.now };
    outcomes = [];
    letThrough = 0;
  };
  const share = (what: "failed" | "slow"): number => outcomes.filter((of) => of[what]).length / outcomes.length;
  const bad = (): boolean => share("failed") >= failureRate || share("slow") >= slowRate;
  const forget = (): void => {
    if (typeof window === "number") outcomes = outcomes.slice(-window);
    else {
      const tenth = (at: number): number => Math.floor(at / (window.ms / 10));
      outcomes = outcomes.filter(({ at }) => tenth(at) > tenth(world.now) - 10);
    }
  };
  const judge = (outcome: Outcome): void => {
    outcomes.push(outcome);
    if (state.name === "half open") {
      if (outcomes.length === probes) goTo(bad() ? "open" : "closed");
      return;
    }
    forget();
    if (outcomes.length >= minimum && bad()) goTo("open");
  };
  return function* (steps) {
    if (state.name === "open" && world.now >= state.since + openFor) goTo("half open");
    if (state.name === "open" || (state.name === "half open" && letThrough++ >= probes)) throw new Failed();
    const [began, during] = [world.now, state];
    let failed = false;
    try {
      yield* steps();
    } catch (error) {
      failed = true;
      throw error;
    } finally {
      if (state === during) judge({ at: world.now, failed, slow: world.now - began > slow });
    }
  };
}

describe("truth: breakers, event by event", () => {
  const settings = {
    failureRate: fc.constantFrom(0.25, 0.5, 1),
    slow: fineMs(0.5, 4),
    slowRate: fc.constantFrom(0.3, 0.6, 1),
    openFor: fineMs(0.5, 8),
    probes: fc.integer({ min: 1, max: 3 }),
  };
  const byCalls = fc
    .record({ ...settings, window: fc.integer({ min: 1, max: 6 }), minimum: fc.integer({ min: 1, max: 6 }) })
    .map((all) => ({ ...all, minimum: Math.min(all.minimum, all.window) }));
  const byTime = fc.record({
    ...settings,
    window: fc.constantFrom(5, 10, 20).map((ms) => ({ ms })),
    minimum: fc.integer({ min: 1, max: 6 }),
  });

  const same = (all: readonly Request[], settings: Settings): void => {
    const { window, minimum, failureRate, slow, slowRate, openFor, probes } = settings;
    const fuse: BreakerDocument = {
      kind: "breaker",
      window: typeof window === "number" ? window : ms(window.ms),
      slow: ms(slow),
      openFor: ms(openFor),
      ...{ minimum, failureRate, slowRate, probes },
    };
    const model = modelOf(all, (request) => [{ do: "guard", by: "fuse", steps: working(request) }], { fuse });
    const expected = Log.of(all, "q", (log) => {
      const guard = breaker(log, settings);
      return (request) => guard(() => works(request));
    });
    sameEvents(eventsOf(model, ["q"]), expected);
  };

  it("a breaker that counts calls", () => {
    holds(fc.tuple(requests(1), byCalls), ([all, settings]) => same(all, settings), 1000);
  });

  it("a breaker that looks at the last time", () => {
    holds(fc.tuple(requests(1), byTime), ([all, settings]) => same(all, settings), 1000);
  });
});
