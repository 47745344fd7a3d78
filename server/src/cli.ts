import { ArchitechError } from "@architech/protocol";
import { type Command, exitCodes, UsageError } from "./cli/command.js";
import { version } from "./version.js";

/** Each command loads only when it is asked for: help is quick. */
const commands: Record<string, () => Promise<Command>> = {
  lab: () => import("./cli/lab.js"),
  serve: () => import("./cli/serve.js"),
  worker: () => import("./cli/worker.js"),
  run: () => import("./cli/run.js"),
  kernel: () => import("./cli/kernel.js"),
};

/** The command line: sets the exit code, prints one line when something is wrong. */
export async function main(argv: readonly string[]): Promise<void> {
  process.exitCode = await dispatch(argv).catch(explain);
}

async function dispatch([name, ...rest]: readonly string[]): Promise<number> {
  if (name === undefined || name === "--help" || name === "-h" || name === "help") {
    process.stdout.write(await overview());
    return name === undefined ? exitCodes.usage : exitCodes.ok;
  }
  if (name === "--version" || name === "-v") {
    process.stdout.write(`${version}\n`);
    return exitCodes.ok;
  }
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (load === undefined)
    throw new UsageError(`no command "${name}": there are ${Object.keys(commands).join(", ")}, and --help`);
  const command = await load();
  if (rest.includes("--help") || rest.includes("-h")) {
    process.stdout.write(command.help);
    return exitCodes.ok;
  }
  return command.run(rest);
}

async function overview(): Promise<string> {
  const lines = await Promise.all(
    Object.entries(commands).map(async ([name, load]) => `  ${name.padEnd(8)}${(await load()).summary}`),
  );
  return `architech ${version}: ask "what if" of a system's architecture.

Usage: architech COMMAND [OPTIONS]

${lines.join("\n")}

architech COMMAND --help tells a command's options.

Exit codes: 0 done · 1 a run or script failed · 2 wrong usage · 3 a script has type errors · 69 something needed is
missing or taken (port, folder, Node, the built lab) · 70 a fault of architech itself · 130 interrupted twice
`;
}

function explain(error: unknown): number {
  if (error instanceof UsageError) {
    process.stderr.write(`architech: ${error.message}\n`);
    return exitCodes.usage;
  }
  if (error instanceof ArchitechError && error.code !== "internal") {
    process.stderr.write(`architech: ${error.message}\n`);
    return exitCodes.unavailable;
  }
  process.stderr.write(`architech: ${error instanceof Error ? error.stack : error}\n`);
  return exitCodes.fault;
}
