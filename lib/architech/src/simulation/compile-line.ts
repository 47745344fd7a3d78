import { lineOrder, type RecordPlan, unlimited } from "../engine/station-plan.js";
import type { ModelDocument } from "../model/document.js";
import { flowsOf } from "../model/flows.js";
import type { LineDocument } from "../model/line-document.js";
import { parseDuration } from "../units/duration.js";
import type { Compilation } from "./compile.js";

/** A line as the engine keeps it. */
export interface CompiledLine {
  readonly order: number;
  readonly record?: RecordPlan;
}

/** Ranks, as `core/lines.ts` numbers them. */
const ranks: Readonly<Record<string, number>> = { priority: 0, sjf: 1, edf: 2, fair: 3 };

/** How a line is kept: see `core/lines.ts`. */
export function compileLine(
  { order = "fifo", switchAt = unlimited, codel, maxWait }: LineDocument,
  { traffic }: ModelDocument,
): CompiledLine {
  const rank = ranks[order];
  if (rank !== undefined) {
    const room = order === "fair" ? { room: { at: 5, doubles: flowsOf(traffic).length } } : {};
    return { order: lineOrder.ranked, record: { ints: [rank], doubles: [], ...room } };
  }
  if (order === "lifo" && maxWait === undefined) return { order: lineOrder.lifo };
  if (order === "fifo" && codel === undefined && maxWait === undefined) return { order: lineOrder.fifo };
  const times = codel === undefined ? [0, 0] : [parseDuration(codel.target), parseDuration(codel.interval)];
  const record = {
    ints: [order === "lifo" ? 0 : switchAt, codel === undefined ? 0 : 1],
    doubles: [maxWait === undefined ? 0 : parseDuration(maxWait), ...times, Number.POSITIVE_INFINITY, 0],
  };
  return { order: lineOrder.linked, record };
}

/** The counter of what finds no room to wait, is dropped from the line or waits too long; -1 where that never happens. */
export function rejectionsOf(compilation: Compilation, line: LineDocument | undefined): number {
  const drops = line?.capacity !== undefined || line?.codel !== undefined || line?.maxWait !== undefined;
  return drops ? compilation.counters++ : -1;
}
