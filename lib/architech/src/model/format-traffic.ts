import { parseDuration } from "../units/duration.js";
import { parseRate, rates } from "../units/rate.js";
import { keys } from "./format-keys.js";
import { time } from "./format-time.js";
import { type Fail, type Field, limits, type ObjectShape, type Shape } from "./shape.js";
import {
  count,
  duration,
  flag,
  list,
  object,
  only,
  optional,
  positiveDuration,
  rate,
  reference,
  required,
  weight,
} from "./shape-parts.js";
import type { TraceDocument } from "./traffic-document.js";

const profile: Shape = object(
  "a profile of rates",
  {
    points: required(
      list("points", () =>
        object("a point", { at: required(duration), rate: required({ shape: "amount", family: rates }) }),
      ),
      "In the order of their times; two at one time are a jump.",
    ),
    steps: optional(flag, "Whether the rate stays until the next point. Default: it goes there in a straight line."),
    repeat: optional(flag, "Whether it begins anew at the time of the last point. Default false."),
  },
  inOrder,
);

function inOrder(
  { points, steps, repeat }: { points: readonly { at: string; rate: string }[]; steps?: boolean; repeat?: boolean },
  fail: Fail,
): void {
  const times = points.map(({ at }) => parseDuration(at));
  const back = times.findIndex((time, i) => i > 0 && time < times[i - 1]!);
  if (back > 0) fail("points", `go back in time: "${points[back]!.at}" comes after "${points[back - 1]!.at}"`);
  if (points.every(({ rate }) => parseRate(rate) === 0))
    fail("points", "has only rates of 0: at least one must be more");
  const values = points.map(({ rate }) => parseRate(rate));
  const due = times.reduce((sum, time, i) => {
    const before = values[i - 1] ?? values[0]!;
    return sum + (time - (times[i - 1] ?? 0)) * (before + (steps === true ? before : values[i]!));
  }, 0);
  if (repeat === true && !(due > 0)) fail("repeat", "is asked for, but nobody arrives until the last point");
}

const bursts: Shape = object(
  "bursts",
  {
    states: required(
      list("states", () =>
        object("a state", {
          rate: required({ shape: "amount", family: rates }),
          for: required(positiveDuration, "How long it lasts on average."),
        }),
      ),
      "One after the other, each for an exponential time.",
    ),
  },
  ({ states }: { states: readonly { rate: string }[] }, fail) => {
    if (states.every(({ rate }) => parseRate(rate) === 0))
      fail("states", "has only rates of 0: at least one must be more");
  },
);

const trace: Shape = object(
  "a trace",
  {
    unit: required(only("ms", "s")),
    times: required({
      shape: "list",
      of: () => ({ shape: "number", min: 0, max: 1e12 }),
      what: "times",
      least: 1,
      most: limits.times,
    }),
    ops: optional(
      { shape: "list", of: () => reference, what: "operations", least: 1, most: limits.times },
      "The operation of each. Default: drawn from the mix.",
    ),
    repeat: optional(positiveDuration, "Begins anew after this time."),
  },
  fittingTrace,
);

function fittingTrace({ times, ops, repeat, unit }: TraceDocument, fail: Fail): void {
  const back = times.findIndex((at, i) => i > 0 && at < times[i - 1]!);
  if (back > 0) fail("times", `go back: ${times[back]} comes after ${times[back - 1]}, at place ${back}`);
  if (ops !== undefined && ops.length !== times.length)
    fail("ops", `has ${ops.length} operations for ${times.length} times`);
  const last = times.at(-1)! * (unit === "s" ? 1000 : 1);
  if (repeat !== undefined && parseDuration(repeat) < last)
    fail("repeat", `is "${repeat}", before the last time ${times.at(-1)} ${unit}`);
}

/** A rate: fixed, changing, or recorded. */
const anyRate: Shape = {
  shape: "either",
  what: "a rate",
  text: rate,
  object: {
    shape: "by field",
    what: "a profile of rates, bursts or a trace",
    cases: { points: profile, states: bursts, times: trace },
  },
};

const mix: Shape = { shape: "named", of: () => weight, what: "an operation", least: 1, most: limits.ops };

function mixed(value: { mix: Readonly<Record<string, number>> }, fail: Fail): void {
  if (!Object.values(value.mix).some((share) => share > 0))
    fail("mix", "has only weights of 0: at least one must be more");
}

/** What every flow has, and what only some have. */
const flow = (own: Record<string, Field>, more: Record<string, Field>): Record<string, Field> => ({
  to: required(reference, "A service."),
  ...own,
  mix: required(mix, "Weights by operation."),
  keys: optional(keys, "Which key a request is for. Default: none."),
  ...more,
});

function flowShapes(more: Record<string, Field>): Readonly<Record<"rate" | "sessions" | "users", ObjectShape>> {
  return {
    rate: object(
      "open traffic",
      flow(
        {
          rate: required(anyRate),
          arrivals: optional(only("poisson", "regular"), "Default poisson."),
          batch: optional(
            {
              shape: "either",
              what: "a batch",
              number: count,
              object: object("{ mean: 5 }", { mean: required({ shape: "number", min: 1, max: 1e6 }) }),
            },
            "Requests that come at once. Default 1.",
          ),
        },
        more,
      ),
      fittingOpen,
    ),
    sessions: object(
      "traffic of sessions",
      flow(
        {
          sessions: required({ shape: "either", what: "a rate", text: rate, object: profile }),
          requests: required({ shape: "number", min: 1, max: 1e6 }, "Requests of a session, on average."),
          think: required(time),
        },
        more,
      ),
      mixed,
    ),
    users: object("closed traffic", flow({ users: required(count), think: required(time) }, more), mixed),
  };
}

function fittingOpen(
  value: { mix: Readonly<Record<string, number>>; rate: unknown; arrivals?: string; batch?: unknown },
  fail: Fail,
): void {
  mixed(value, fail);
  const recorded = typeof value.rate === "object" && value.rate !== null && !("points" in value.rate);
  if (recorded && value.arrivals !== undefined)
    fail("arrivals", "is given, but bursts are Poisson, and a trace says itself when requests come");
}

/** The shapes of one flow, by the field that tells them apart. */
export const trafficShapes: Readonly<Record<"rate" | "sessions" | "users", ObjectShape>> = flowShapes({});

/** The shapes of one class. */
export const classShapes: Readonly<Record<"rate" | "sessions" | "users", ObjectShape>> = flowShapes({
  priority: optional(
    { shape: "number", min: -1e6, max: 1e6 },
    "Where lines go by priority, the larger is next. Default 0.",
  ),
  weight: optional({ shape: "number", above: 0, max: 1e6 }, "Where lines are fair, its share. Default 1."),
});

/** Traffic: one flow, or classes. */
export const traffic: Shape = {
  shape: "by field",
  what: "traffic",
  cases: {
    ...trafficShapes,
    classes: object("traffic of classes", {
      classes: required({
        shape: "named",
        of: () => ({ shape: "by field", what: "a class", cases: classShapes }),
        what: "a class",
        least: 1,
        most: limits.classes,
      }),
    }),
  },
};
