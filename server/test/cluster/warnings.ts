import { type Log, silentLog } from "#src/log.js";

/** A log of which a test reads what went wrong. */
export class Warnings implements Log {
  readonly lines: string[] = [];
  readonly info = silentLog.info;

  warn(message: string): void {
    this.lines.push(message);
  }

  error(message: string, cause?: unknown): void {
    this.lines.push(cause instanceof Error ? `${message}: ${cause.message}` : message);
  }

  /** How many say this. */
  count(pattern: RegExp): number {
    return this.lines.filter((line) => pattern.test(line)).length;
  }
}
