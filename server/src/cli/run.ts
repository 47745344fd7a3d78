import { statSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { ArchitechError } from "@architech/protocol";
import { connect, setDefaults } from "architech";
import { exitCodes, optionError, UsageError } from "./command.js";
import type { NamedResult } from "./script/execute.js";

export const summary: string = "run a script and print the estimates of its runs";

export const help: string = `${summary}

Usage: architech run FILE.ts [OPTIONS]

Checks the types of FILE.ts, runs it, and prints a table with intervals for every
run, sweep and comparison that it awaits or exports. What the script itself prints
goes through. It may lie anywhere: "architech" is found without being installed.

  --seed NUMBER        seed of the experiments that name none (default 1)
  --workers NUMBER     worker threads (default: one for each processor); 0: none
  --server URL         send the runs to this server (default: ARCHITECH_SERVER, else
                       they run in this process)
  --token TOKEN        token of that server (default: ARCHITECH_TOKEN)
  --json               print one line of JSON for each result instead of tables:
                       {"name", "kind", "id", "seed", "runs", "saturated", ...}
  --help               this text

A progress bar is drawn on standard error while it is a terminal.

Exit codes: 0 done · 1 the script or one of its runs failed · 2 wrong usage ·
3 the script does not type-check (nothing was run)
`;

/** The script does not type-check. */
const typeErrors = 3;

/** Checks a script, runs it and prints what its experiments gave. */
export async function run(argv: readonly string[]): Promise<number> {
  const { file, json, seed, workers, server, token } = parse(argv);
  const path = resolve(file);
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) throw new UsageError(`no file ${path}`);
  // Loaded only now: the compiler takes a while, and help does not need it.
  const { compileScript } = await import("./script/compile.js");
  const { executeScript } = await import("./script/execute.js");
  const { files, errors } = compileScript(path);
  if (errors !== "") {
    process.stderr.write(errors);
    return typeErrors;
  }
  setDefaults({ ...(seed === undefined ? {} : { seed }), ...(workers === undefined ? {} : { workers }) });
  if (server !== undefined) connect(server, token === undefined ? {} : { token });
  let printed = 0;
  try {
    await executeScript(pathToFileURL(path).href, files, (named) => {
      process.stdout.write(json ? lineOf(named) : tableOf(named));
      printed++;
    });
  } catch (error) {
    process.stderr.write(`${explain(error)}\n`);
    return exitCodes.failed;
  }
  if (printed === 0)
    process.stderr.write("architech: the script neither awaited nor exported a run, so there is nothing to print\n");
  return exitCodes.ok;
}

function lineOf({ name, result }: NamedResult): string {
  return `${JSON.stringify({ name: name ?? null, kind: kindOf(result), ...(result.toJSON() as object) })}\n`;
}

function tableOf({ name, result }: NamedResult): string {
  return `\n${name === undefined ? kindOf(result) : `${name} (${kindOf(result)})`}\n${result}\n`;
}

function kindOf(result: NamedResult["result"]): string {
  return "points" in result ? "sweep" : "verdict" in result ? "comparison" : "run";
}

function explain(error: unknown): string {
  if (error instanceof ArchitechError) return `architech: ${error.message} (${error.code})`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

interface Arguments {
  readonly file: string;
  readonly json: boolean;
  readonly seed?: number;
  readonly workers?: number;
  readonly server?: string;
  readonly token?: string;
}

function parse(argv: readonly string[]): Arguments {
  let parsed: ReturnType<typeof read>;
  try {
    parsed = read(argv);
  } catch (error) {
    throw optionError("run", error);
  }
  const { values, positionals } = parsed;
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0)
    throw new UsageError("architech run takes one script: architech run FILE.ts (--help tells more)");
  const { json, server, token } = values;
  return {
    file,
    json,
    ...(values.seed === undefined ? {} : { seed: whole("--seed", values.seed) }),
    ...(values.workers === undefined ? {} : { workers: whole("--workers", values.workers) }),
    ...(server === undefined ? {} : { server }),
    ...(token === undefined ? {} : { token }),
  };
}

function whole(flag: string, text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new UsageError(`${flag} takes a whole number from 0, not "${text}"`);
  return Number(text);
}

function read(argv: readonly string[]) {
  return parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      seed: { type: "string" },
      workers: { type: "string" },
      server: { type: "string" },
      token: { type: "string" },
      json: { type: "boolean", default: false },
    },
  });
}
