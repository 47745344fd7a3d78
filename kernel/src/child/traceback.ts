import { SourceMap, type SourceMapPayload } from "node:module";
import { inspect } from "node:util";
import type { Failure } from "../process/messages.js";

const red = (text: string): string => `\u001b[31m${text}\u001b[39m`;
const dim = (text: string): string => `\u001b[2m${text}\u001b[22m`;
const bold = (text: string): string => `\u001b[1m${text}\u001b[22m`;

interface CellSource {
  readonly label: string;
  readonly source: string;
  readonly map: string;
  parsed?: SourceMap;
}

const frame = /(?:file:\/\/)?[^\s()]*__cell_(\d+)\.ts:(\d+):(\d+)/;

/** Tells where in which cell an error was thrown: stack traces in the lines that people wrote. */
export class Tracebacks {
  readonly #cells = new Map<number, CellSource>();
  readonly #own: string;

  /** `own` is the folder of the kernel's own code, which is left out of what people see. */
  constructor(own: string) {
    this.#own = own;
  }

  add(cell: number, source: CellSource): void {
    this.#cells.set(cell, source);
  }

  /** An error, or whatever else was thrown, as Jupyter shows it. */
  failure(thrown: unknown): Failure {
    if (!isError(thrown)) {
      const text = inspect(thrown);
      return { name: "Thrown", message: text, traceback: [`${red(bold("Thrown"))}: ${text}`] };
    }
    const name = String(thrown.name || "Error");
    const message = String(thrown.message);
    return { name, message, traceback: this.#lines(thrown, name, message) };
  }

  #lines(error: Error, name: string, message: string): string[] {
    const frames = this.#frames(error);
    const lines = [`${red(bold(name))}: ${message}`];
    const quoted = this.#quote(frames.places[0]);
    if (quoted) lines.push(quoted);
    lines.push(...frames.lines.map(dim));
    const rest = extra(error);
    if (rest) lines.push(rest);
    if (error.cause !== undefined) lines.push(`${bold("caused by")} ${this.failure(error.cause).traceback.join("\n")}`);
    if (error instanceof AggregateError)
      for (const one of error.errors) lines.push(`${bold("with")} ${this.failure(one).traceback.join("\n")}`);
    return lines;
  }

  #frames(error: Error): { lines: string[]; places: Place[] } {
    const lines: string[] = [];
    const places: Place[] = [];
    const stack = typeof error.stack === "string" ? error.stack : "";
    for (const line of stack.split("\n").filter((one) => /^\s+at /.test(one))) {
      if (line.includes(this.#own) || /\bnode:(internal|vm|async_hooks)/.test(line)) continue;
      const place = this.#place(line);
      if (place) places.push(place);
      lines.push(place ? line.replace(frame, `[${place.label}]:${place.line}:${place.column}`) : line);
    }
    return { lines, places };
  }

  #place(line: string): Place | undefined {
    const match = frame.exec(line);
    const cell = match && this.#cells.get(Number(match[1]));
    if (!cell) return undefined;
    cell.parsed ??= new SourceMap(JSON.parse(cell.map) as SourceMapPayload);
    const entry = cell.parsed.findEntry(Number(match[2]) - 1, Number(match[3]) - 1);
    if (!("originalLine" in entry)) return undefined;
    return { label: cell.label, line: entry.originalLine + 1, column: entry.originalColumn + 1, source: cell.source };
  }

  #quote(place: Place | undefined): string | undefined {
    if (!place) return undefined;
    const lines = place.source.split("\n");
    const from = Math.max(1, place.line - 2);
    const to = Math.min(lines.length, place.line + 1);
    const width = String(to).length;
    const quoted: string[] = [];
    for (let number = from; number <= to; number += 1) {
      const text = `${String(number).padStart(width)} │ ${lines[number - 1]}`;
      quoted.push(number === place.line ? `${red("❯")} ${text}` : dim(`  ${text}`));
    }
    return quoted.join("\n");
  }
}

interface Place {
  readonly label: string;
  readonly line: number;
  readonly column: number;
  readonly source: string;
}

// an error of another realm (vm, worker) is no instance of this realm's Error
const isError = (value: unknown): value is Error =>
  value instanceof Error || Object.prototype.toString.call(value) === "[object Error]";

/** Properties that an error carries beside the usual: `code`, `path`, … */
function extra(error: Error): string | undefined {
  const own = Object.entries(error).filter(([key]) => !["name", "message", "stack", "cause", "errors"].includes(key));
  return own.length > 0 ? inspect(Object.fromEntries(own), { depth: 1 }) : undefined;
}
