/** Where the server says what it does; the command line prints it, tests are silent. */
export interface Log {
  info(message: string): void;
  warn(message: string): void;
  error(message: string, cause?: unknown): void;
}

/** A log that says nothing. */
export const silentLog: Log = { info() {}, warn() {}, error() {} };

/** A log on standard error, one line each, so that standard output stays for what a program reads. */
export function stderrLog(options: { verbose?: boolean } = {}): Log {
  const line = (level: string, message: string) => process.stderr.write(`${level}: ${message}\n`);
  return {
    info: (message) => options.verbose && line("info", message),
    warn: (message) => line("warning", message),
    error: (message, cause) =>
      line("error", cause === undefined ? message : `${message}: ${cause instanceof Error ? cause.stack : cause}`),
  };
}
