import { hostname } from "node:os";
import { ArchitechError } from "@architech/protocol";
import type { Log, LogFields } from "./log.js";
import { sealedName } from "./security/token.js";

/** From the fewest lines to the most. */
export const logLevels = ["error", "warn", "info"] as const;
export const logFormats = ["text", "json"] as const;

export type LogLevel = (typeof logLevels)[number];
export type LogFormat = (typeof logFormats)[number];

export interface StderrLogOptions {
  /** What is said at most. Default `warn`. */
  readonly level?: LogLevel;
  /** A line for people, by default, or an object of JSON on each line. */
  readonly format?: LogFormat;
  /** What this process does, in lines of JSON. */
  readonly role?: string;
  /** What never stands in the log: tokens and passwords. */
  readonly secrets?: readonly string[];
  /** Takes each line; by default standard error does. */
  readonly write?: (line: string) => void;
}

/** A log on standard error, so that standard output stays for what a program reads. */
export function stderrLog(options: StderrLogOptions = {}): Log {
  const { level = "warn", format = "text", role, secrets = [] } = options;
  const { write = (line) => void process.stderr.write(line) } = options;
  const most = logLevels.indexOf(level);
  const about = { role, instance: `${hostname()}:${process.pid}` };
  const hidden = hiding(secrets);
  const say = (at: LogLevel, message: string, fields: LogFields, cause?: unknown): void => {
    if (logLevels.indexOf(at) > most) return;
    const line =
      format === "json"
        ? JSON.stringify({ time: new Date().toISOString(), level: at, message, ...about, ...fields, ...partsOf(cause) })
        : sentence(at, message, fields, cause);
    write(`${hidden(line)}\n`);
  };
  return {
    info: (message, fields = {}) => say("info", message, fields),
    warn: (message, fields = {}) => say("warn", message, fields),
    error: (message, cause, fields = {}) => say("error", message, fields, cause),
  };
}

/** What never stands in a log, of what a process is given: the token, and passwords in addresses. */
export function secretsOf(token: string, ...addresses: readonly (string | undefined)[]): string[] {
  const passwords = addresses
    .flatMap((joined = "") => joined.split(","))
    .filter((address) => URL.canParse(address))
    .map((address) => new URL(address))
    // A token of NATS stands where users do.
    .flatMap(({ username, password }) => (password === "" ? [username] : [password]));
  return [token, ...passwords];
}

/** Takes secrets and users' tokens out of a text, also as they stand in addresses and in JSON. */
function hiding(secrets: readonly string[]): (text: string) => string {
  const forms = secrets
    .filter((secret) => secret !== "")
    .flatMap((secret) => [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)]);
  const all = [...new Set(forms)].sort((a, b) => b.length - a.length);
  const ofUsers = new RegExp(sealedName, "g");
  return (text) => all.reduce((left, secret) => left.replaceAll(secret, "…"), text).replace(ofUsers, "…");
}

function sentence(level: LogLevel, message: string, { requestId }: LogFields, cause: unknown): string {
  const words = [requestId, message].filter((word) => word !== undefined).join(" ");
  const name = level === "warn" ? "warning" : level;
  const why = cause === undefined ? "" : `: ${cause instanceof Error ? stackOf(cause) : String(cause)}`;
  // What strangers sent must not look like a line of ours.
  return `${name}: ${words.replace(/\p{Cc}/gu, (sign) => JSON.stringify(sign).slice(1, -1))}${why}`;
}

function partsOf(cause: unknown): LogFields {
  if (cause === undefined) return {};
  if (!(cause instanceof Error)) return { error: String(cause) };
  const { code } = cause as { code?: unknown };
  return {
    ...(cause instanceof ArchitechError || typeof code === "string" ? { code: String(code) } : {}),
    error: cause.message,
    stack: stackOf(cause),
  };
}

/** The stack of an error, and of what caused it. */
function stackOf({ stack, message, cause }: Error, depth = 0): string {
  const own = stack ?? message;
  return cause instanceof Error && depth < 5 ? `${own}\ncaused by ${stackOf(cause, depth + 1)}` : own;
}
