import { execFile } from "node:child_process";
import { promisify } from "node:util";

const execute = promisify(execFile);

/** Runs a program to its end and gives the JSON that it printed. */
export async function measured(command, args, options) {
  const { stdout } = await execute(command, args.map(String), options);
  return JSON.parse(stdout);
}

/** Runs a program to its end; undefined when it is not there or fails. */
export async function attempted(command, args) {
  try {
    return (await execute(command, args)).stdout;
  } catch {
    return undefined;
  }
}
