import { ArchitechError } from "@architech/protocol";
import type { LiveRows } from "../experiment/live-rows.js";
import type { MarkName } from "./mark-names.js";
import type { MarkOptions } from "./options.js";

/** Rows that a mark draws: those of a run while it goes on, or an array of objects (or whatever else can be iterated over). */
export type Rows<R> = LiveRows<R> | Iterable<R>;

/** One mark of a chart. */
export interface Mark {
  readonly mark: MarkName;
  /** A run's rows, an array of rows or of values, or undefined for a mark without data. */
  readonly rows: LiveRows<unknown> | readonly unknown[] | undefined;
  readonly options: Readonly<Record<string, unknown>>;
}

/** Makes a mark over rows, each channel read from a column that the rows have. */
export type RowMark = <R extends object>(rows: Rows<R>, options?: MarkOptions<R>) => Mark;

/** Makes a mark over rows, or at the values given: `ruleY([200])`. */
export interface RuleMark {
  (values: readonly number[] | readonly string[], options?: MarkOptions<never>): Mark;
  <R extends object>(rows: Rows<R>, options?: MarkOptions<R>): Mark;
}

/** Makes a mark without data. */
export type BareMark = (options?: MarkOptions<never>) => Mark;

/** A mark over rows. */
export function rowMark(mark: MarkName): RowMark & RuleMark {
  return (rows: LiveRows<unknown> | Iterable<unknown>, options: object = {}) => {
    if (isLiveRows(rows)) return Object.freeze({ mark, rows, options: checked(mark, options) });
    if (typeof rows !== "object" || rows === null || !(Symbol.iterator in rows))
      throw new ArchitechError(
        "invalid-argument",
        `${mark}() draws the rows of a run, or an array, not ${rows === null ? "null" : typeof rows}`,
        { path: [mark] },
      );
    return Object.freeze({ mark, rows: [...rows], options: checked(mark, options) });
  };
}

/** A mark without data. */
export function bareMark(mark: MarkName): BareMark {
  return (options = {}) => Object.freeze({ mark, rows: undefined, options: checked(mark, options) });
}

/** Whether a value is the live rows of a run. */
export function isLiveRows(value: unknown): value is LiveRows<unknown> {
  return typeof value === "object" && value !== null && "view" in value && "source" in value;
}

/** Throws `invalid-argument` on a function: a chart is data. */
function checked(mark: string, options: object): Readonly<Record<string, unknown>> {
  for (const [name, value] of Object.entries(options))
    if (typeof value === "function")
      throw new ArchitechError(
        "invalid-argument",
        `"${name}" of ${mark}() is a function; a chart is data: name a column of the rows instead`,
        { path: [mark, name] },
      );
  return { ...options };
}
