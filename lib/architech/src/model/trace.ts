import { ArchitechError } from "@architech/protocol";
import type { Duration } from "../units/duration.js";
import type { TraceDocument } from "./traffic-document.js";

/** Recorded arrivals, as data: made by `trace` and `readTrace`. */
export interface Trace extends TraceDocument {
  readonly repeat?: Duration;
}

export interface TraceSettings {
  /** Unit of the times. Default "ms". */
  readonly unit?: "ms" | "s";
  /** The operation of each arrival: an array or a column of an Arrow table. Default: drawn from the mix. */
  readonly ops?: Iterable<string>;
  /** Begins anew after this time. Default: nobody comes after the last. */
  readonly repeat?: Duration;
}

/** Arrivals as they were recorded: `trace([0, 12.5, 13])`, or a column of an Arrow table: `trace(table.getChild("t"))`. */
export function trace(
  times: Iterable<number | bigint | null>,
  { unit = "ms", ops, repeat }: TraceSettings = {},
): Trace {
  return Object.freeze({
    unit,
    times: Object.freeze(Array.from(times, Number)),
    ...(ops === undefined ? {} : { ops: Object.freeze([...ops]) }),
    ...(repeat === undefined ? {} : { repeat }),
  });
}

export interface ReadTraceSettings {
  /** The column that holds the times. Default: the first. */
  readonly time?: string;
  /** The column that holds the operations. Default: they are drawn from the mix. */
  readonly op?: string;
  /** Unit of numbers. Default "ms". Times of day in ISO 8601 have their own. */
  readonly unit?: "ms" | "s";
  /** Begins anew after this time. Default: nobody comes after the last. */
  readonly repeat?: Duration;
}

/**
 * Arrivals from a CSV file with a line of names: numbers, or dates in ISO 8601. The first is at time 0; lines need not be
 * in order. Throws `trace-invalid`, naming line and value, for what is not a time, and where a column is missing.
 */
export function readTrace(csv: string, settings: ReadTraceSettings = {}): Trace {
  const [head = "", ...lines] = csv.split(/\r?\n/);
  const names = cells(head);
  const unit = settings.unit ?? "ms";
  const column = (name: string): number => {
    const found = names.indexOf(name);
    if (found < 0) throw invalid(`has no column "${name}": there are ${names.join(", ")}`);
    return found;
  };
  const timeAt = settings.time === undefined ? 0 : column(settings.time);
  const opAt = settings.op === undefined ? -1 : column(settings.op);
  const rows: { at: number; op: string }[] = [];
  for (const [i, line] of lines.entries()) {
    if (line.trim() === "") continue;
    const row = cells(line);
    const text = row[timeAt] ?? "";
    const at = timeOf(text, unit);
    if (Number.isNaN(at))
      throw invalid(`line ${i + 2} has ${JSON.stringify(text)} for a time: write a number or a date`);
    rows.push({ at, op: row[opAt] ?? "" });
  }
  if (rows.length === 0) throw invalid("has no arrivals");
  rows.sort((a, b) => a.at - b.at);
  const first = rows[0]!.at;
  const { repeat } = settings;
  return trace(
    rows.map(({ at }) => at - first),
    { unit, ...(opAt < 0 ? {} : { ops: rows.map(({ op }) => op) }), ...(repeat === undefined ? {} : { repeat }) },
  );
}

function timeOf(text: string, unit: "ms" | "s"): number {
  const number = text.trim() === "" ? Number.NaN : Number(text);
  if (!Number.isNaN(number) || !/^\d{4}-/.test(text)) return number;
  return Date.parse(text) / (unit === "s" ? 1000 : 1);
}

/** The cells of a line; a cell may stand in quotes, with quotes inside doubled (RFC 4180, without line breaks inside). */
function cells(line: string): string[] {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain = ""]) =>
    quoted === undefined ? plain.trim() : quoted.replaceAll('""', '"'),
  );
}

function invalid(message: string): ArchitechError {
  return new ArchitechError("trace-invalid", `the trace ${message}`);
}
