/** What a line of the log says beside its sentence: the id of a request, of a run, and the like. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

/** Where the server says what it does; the command line prints it, tests are silent. */
export interface Log {
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, cause?: unknown, fields?: LogFields): void;
}

/** A log that says nothing. */
export const silentLog: Log = { info() {}, warn() {}, error() {} };
