import { healthTimes } from "./balance.js";
import type { BalanceBy, BalanceDocument, BalancingDocument, HealthDocument } from "./balance-document.js";
import { type Fail, limits, type Shape } from "./shape.js";
import { count, duration, object, only, optional, positiveDuration, ratio } from "./shape-parts.js";

const ways = ["round-robin", "random", "least-connections", "idle", "ewma", "ring", "first"] as const;

const ejection = object("an ejection", {
  failures: optional(count, "So many failures in a row. Default 5."),
  for: optional(
    positiveDuration,
    "For how long the first time; longer by as much each time, up to ten times. Default 30s.",
  ),
  most: optional(ratio, "Share of all that are excluded at most, but one may always be. Default 0.1."),
});

/** The shape of a way to balance. */
export const balance: Shape = {
  shape: "either",
  what: "a way to balance",
  text: only(...ways),
  object: object(
    "{ choices: 2 }",
    {
      by: optional(only(...ways), "Default least-connections, where there are choices."),
      choices: optional(count, "Drawn at random, of which the least busy is taken. Default: all are compared."),
      weights: optional(
        {
          shape: "list",
          of: () => ({ shape: "number", min: 1e-6, max: 1e6 }),
          what: "weights",
          least: 1,
          most: limits.scaled,
        },
        "One for each: who has twice the weight is sent twice as many. Default: all alike.",
      ),
      stale: optional(duration, "How old what is known of others' load may be. Default 0."),
      decay: optional(positiveDuration, "Of ewma: after how long a latency weighs 1/e of what it did. Default 10s."),
      points: optional(
        { shape: "number", min: 1, max: 10_000, whole: true },
        "Of ring: points of each on the ring. Default 160.",
      ),
      bound: optional(
        { shape: "number", min: 1.001, max: 1e6 },
        "Of ring: who has more than this times the average load is passed over. Default: nobody is.",
      ),
      sticky: optional(
        positiveDuration,
        "Keys stay with whom they were sent to first, until so long after. Default: they do not.",
      ),
      slowStart: optional(duration, "Who has just come, or come back, gets more and more for so long. Default 0."),
      ejection: optional(ejection, "Passes over who has failed. Default: nobody."),
    },
    fitting,
  ),
};

/** The shape of health checks. */
export const health: Shape = object(
  "health checks",
  {
    every: optional(positiveDuration, "Default 10s."),
    timeout: optional(
      positiveDuration,
      "How long it waits for an answer. Default 5s, or as long as every where that is shorter.",
    ),
    down: optional(count, "Looks in a row after which one counts as down. Default 3."),
    up: optional(count, "Looks in a row after which one counts as up again. Default 2."),
  },
  (value: HealthDocument, fail) => {
    const { every, timeout } = healthTimes(value);
    if (timeout > every)
      fail("timeout", `is ${value.timeout}, longer than the ${value.every ?? "10s"} from one look to the next`);
  },
);

/** Which settings go with which ways only. */
const own: Readonly<Partial<Record<keyof BalancingDocument, readonly BalanceBy[]>>> = {
  choices: ["least-connections", "ewma"],
  stale: ["least-connections", "idle"],
  decay: ["ewma"],
  points: ["ring"],
  bound: ["ring"],
  weights: ["round-robin", "random", "least-connections", "idle", "ewma", "ring"],
  slowStart: ["round-robin", "random", "least-connections", "idle", "ewma"],
  sticky: ["round-robin", "random", "least-connections", "idle", "ewma", "first"],
};

function fitting(value: BalancingDocument, fail: Fail): void {
  if (value.by === undefined && value.choices === undefined)
    fail("by", `is given neither directly nor by choices: name one of ${ways.join(", ")}`);
  const by = value.by ?? "least-connections";
  for (const [field, fits] of Object.entries(own) as [keyof BalancingDocument, readonly BalanceBy[]][])
    if (value[field] !== undefined && !fits.includes(by))
      fail(field, `is given, but means nothing to "${by}": it goes with ${fits.join(", ")}`);
}

/** Throws unless a way to balance fits so many. */
export function fittingBalance(balance: BalanceDocument | undefined, many: number, noun: string, fail: Fail): void {
  if (typeof balance !== "object") return;
  const { choices = 1, weights, points = 160 } = balance;
  const all = `${many} ${noun}${many === 1 ? "" : "s"}`;
  if (choices > many) fail("balance", `has ${choices} choices among ${all}`);
  if (weights !== undefined && weights.length !== many) fail("balance", `has ${weights.length} weights for ${all}`);
  if (balance.by === "ring" && points * many > 1_000_000)
    fail("balance", `has ${points} points for each of ${all}: at most 1000000 in all`);
}
