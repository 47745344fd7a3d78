/** A command of the command line. */
export interface Command {
  /** One line for the overview. */
  readonly summary: string;
  /** What `--help` prints. */
  readonly help: string;
  /** Runs it and returns the exit code. */
  run(argv: readonly string[]): Promise<number>;
}

/** What a command ends with. */
export const exitCodes = { ok: 0, failed: 1, usage: 2, unavailable: 69, fault: 70, interrupted: 130 } as const;

/** The command line was used in a way it does not know. */
export class UsageError extends Error {}

/** What Node has against the options of a command: its first sentence, the rest of which speaks of rare cases. */
export function optionError(command: string, error: unknown): UsageError {
  const [sentence] = (error as Error).message.split(/\. (?=[A-Z])/);
  return new UsageError(`${sentence} (architech ${command} --help tells the options)`);
}
