import { type LogFormat, type LogLevel, logFormats, logLevels } from "../stderr-log.js";
import { UsageError } from "./command.js";

/** How a process says what it does. */
export interface LogFlags {
  readonly level: LogLevel;
  readonly format: LogFormat;
}

export const logOptions: {
  "log-level": { type: "string" };
  "log-format": { type: "string" };
  verbose: { type: "boolean"; default: false };
} = {
  "log-level": { type: "string" },
  "log-format": { type: "string" },
  verbose: { type: "boolean", default: false },
};

/** What `--help` says of them. */
export const logHelp: string = `  --log-level LEVEL    what is said on standard error: error, warn (default) or info, which
                       has a line for each request (also ARCHITECH_LOG_LEVEL)
  --log-format FORMAT  text (default) or json, an object on each line (also
                       ARCHITECH_LOG_FORMAT)
  --verbose            the same as --log-level info
`;

/** Reads them, and the environment where they are not typed. Throws UsageError. */
export function parseLogFlags(
  typed: { readonly "log-level"?: string; readonly "log-format"?: string; readonly verbose: boolean },
  env: NodeJS.ProcessEnv = process.env,
): LogFlags {
  const level = typed["log-level"] ?? (typed.verbose ? "info" : env["ARCHITECH_LOG_LEVEL"]);
  return {
    level: oneOf("--log-level", logLevels, level, "warn"),
    format: oneOf("--log-format", logFormats, typed["log-format"] ?? env["ARCHITECH_LOG_FORMAT"], "text"),
  };
}

function oneOf<T extends string>(name: string, known: readonly T[], text: string | undefined, otherwise: T): T {
  if (text === undefined || text === "") return otherwise;
  const found = known.find((one) => one === text);
  if (found === undefined)
    throw new UsageError(`${name} ${text}: ${known.slice(0, -1).join(", ")} or ${known.at(-1)!} is expected`);
  return found;
}
