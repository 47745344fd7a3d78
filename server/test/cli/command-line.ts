import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const program = fileURLToPath(new URL("../../../bin/architech.js", import.meta.url));

/** What a command came to. */
export interface Done {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** How a command is started, beside its arguments. */
export interface Surroundings {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Options of Node's own. */
  readonly node?: readonly string[];
}

/** Runs `architech` to its end. */
export async function architech(args: readonly string[], surroundings: Surroundings = {}): Promise<Done> {
  const child = start(args, surroundings);
  let [out, err] = ["", ""];
  child.stdout?.on("data", (text: Buffer) => (out += text));
  child.stderr?.on("data", (text: Buffer) => (err += text));
  const [code] = (await once(child, "close")) as [number | null];
  return { code, out, err };
}

/** A command that goes on until it is told to end. */
export interface Going {
  /** Its first line, parsed as JSON. */
  readonly first: Record<string, unknown>;
  /** What it has said on standard error. */
  said(): string;
  /** Sends a signal and waits; the exit code. */
  end(signal?: NodeJS.Signals): Promise<number | null>;
}

/** Starts `architech ... --json` and waits for the line that says that it is ready. */
export async function going(args: readonly string[], surroundings: Surroundings = {}): Promise<Going> {
  const child = start([...args, "--json"], surroundings);
  let errors = "";
  child.stderr?.on("data", (text: Buffer) => (errors += text));
  const ended = once(child, "close") as Promise<[number | null]>;
  const line = once(createInterface(child.stdout!), "line") as Promise<[string]>;
  const first = await Promise.race([line, ended.then(() => Promise.reject(new Error(errors)))]);
  return {
    first: JSON.parse(first[0]) as Record<string, unknown>,
    said: () => errors,
    async end(signal = "SIGTERM") {
      child.kill(signal);
      return (await ended)[0];
    },
  };
}

function start(args: readonly string[], { cwd, env = {}, node = [] }: Surroundings): ChildProcess {
  // Nothing of who runs the tests: no server, no token, no database.
  const clean = Object.entries(process.env).filter(([name]) => !/^(ARCHITECH|JUPYTER)_/.test(name));
  return spawn(process.execPath, [...node, program, ...args], {
    env: { ...Object.fromEntries(clean), ...env },
    stdio: ["ignore", "pipe", "pipe"],
    ...(cwd === undefined ? {} : { cwd }),
  });
}
