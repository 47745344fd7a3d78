import { place } from "./check.js";
import type { ModelDocument } from "./document.js";

/** One place at which two models differ. */
export interface Difference {
  /** As errors name it: "api.threads", "api.ops.buy[1].time", "traffic.rate". */
  readonly at: string;
  /** What stands there in the one model, and in the other; undefined where there is nothing. */
  readonly before: unknown;
  readonly after: unknown;
}

/**
 * Where two documents differ, in the order of the first. Lists are compared place by place; what only one of them has is
 * one difference, however much is in it. Where a diagram puts things, and what it frames, is no difference.
 */
export function differencesOf(before: ModelDocument, after: ModelDocument): readonly Difference[] {
  const found: Difference[] = [];
  const { layout: _a, groups: _b, $schema: _c, ...one } = before;
  const { layout: _d, groups: _e, $schema: _f, ...other } = after;
  compare(one, other, [], found);
  return Object.freeze(found);
}

type Place = readonly (string | number)[];

function compare(before: unknown, after: unknown, path: Place, into: Difference[]): void {
  if (Object.is(before, after)) return;
  if (Array.isArray(before) && Array.isArray(after)) {
    const length = Math.max(before.length, after.length);
    for (let i = 0; i < length; i++) compare(before[i], after[i], [...path, i], into);
  } else if (isRecord(before) && isRecord(after)) {
    const names = new Set([...Object.keys(before), ...Object.keys(after)]);
    for (const name of names) compare(before[name], after[name], [...path, name], into);
  } else into.push(Object.freeze({ at: place(path), before, after }));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
