import { lineOrder, type RecordPlan, unlimited } from "../engine/program.js";
import type { LineDocument, ModelDocument } from "../model/document.js";
import { flowsOf } from "../model/flows.js";
import { parseDuration } from "../units/duration.js";

/** A line as the engine keeps it. */
export interface CompiledLine {
  readonly order: number;
  /** Whether frames need a rank. */
  readonly ranked: boolean;
  readonly record?: RecordPlan;
}

/** Ranks, as `core/lines.ts` numbers them. */
const ranks: Readonly<Record<string, number>> = { priority: 0, sjf: 1, edf: 2, fair: 3 };

/** How a line is kept: see `core/lines.ts`. */
export function compileLine(
  { order = "fifo", switchAt = unlimited, codel }: LineDocument,
  { traffic }: ModelDocument,
): CompiledLine {
  const rank = ranks[order];
  if (rank !== undefined) {
    const room = order === "fair" ? { room: { at: 5, doubles: flowsOf(traffic).length } } : {};
    return { order: lineOrder.ranked, ranked: true, record: { ints: [rank], doubles: [], ...room } };
  }
  if (order === "lifo") return { order: lineOrder.lifo, ranked: false };
  if (order === "fifo" && codel === undefined) return { order: lineOrder.fifo, ranked: false };
  const times = codel === undefined ? [0, 0] : [parseDuration(codel.target), parseDuration(codel.interval)];
  const record = {
    ints: [switchAt, codel === undefined ? 0 : 1],
    doubles: [...times, Number.POSITIVE_INFINITY, 0],
  };
  return { order: lineOrder.linked, ranked: false, record };
}
