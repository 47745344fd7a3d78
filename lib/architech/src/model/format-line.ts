import type { LineDocument } from "./line-document.js";
import { type Fail, limits, type Shape } from "./shape.js";
import { object, only, optional, positiveDuration, required } from "./shape-parts.js";

/** How requests wait. */
export const line: Shape = object(
  "a queue",
  {
    capacity: optional(
      { shape: "number", min: 0, max: limits.count, whole: true },
      "Requests that wait at most; one more fails at once. Default: no limit.",
    ),
    order: optional(
      only("fifo", "lifo", "adaptive-lifo", "sjf", "edf", "priority", "fair"),
      "Who is next: the one that has waited longest (the default), the newest, the newest while many wait, the shortest, the one whose timeout ends first, the one of the highest priority, classes in fair turns.",
    ),
    switchAt: optional(
      { shape: "number", min: 0, max: limits.count, whole: true },
      "Of adaptive-lifo: while more than this wait, the newest is next.",
    ),
    codel: optional(
      object("a CoDel", {
        target: required(positiveDuration, "A wait that is long."),
        interval: required(positiveDuration, "How long waits may be long."),
      }),
      "Fails requests that have waited for longer than the target for an interval, ever more often.",
    ),
    maxWait: optional(positiveDuration, "How long a request waits at most; then it fails. Default: no limit."),
  },
  fittingLine,
);

function fittingLine(value: LineDocument, fail: Fail): void {
  if ((value.order === "adaptive-lifo") !== (value.switchAt !== undefined))
    fail(
      "switchAt",
      value.switchAt === undefined
        ? 'is missing: the order "adaptive-lifo" needs it'
        : 'is given, but only the order "adaptive-lifo" has it',
    );
  if (value.maxWait !== undefined && !["fifo", "lifo", "adaptive-lifo"].includes(value.order ?? "fifo"))
    fail("maxWait", `goes with the orders "fifo", "lifo" and "adaptive-lifo", not with "${value.order}"`);
  if (value.codel !== undefined && value.order !== undefined && !["fifo", "adaptive-lifo"].includes(value.order))
    fail("codel", `goes with the orders "fifo" and "adaptive-lifo", not with "${value.order}"`);
}
