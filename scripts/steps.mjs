// Prints what is being done and how far it is: "[2/5] build … 4.1 s".
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

/** The root of the repository. */
export const root = fileURLToPath(new URL("..", import.meta.url));

/** How long ago that was. */
export const seconds = (since) => `${((performance.now() - since) / 1000).toFixed(1)} s`;

/** Runs the steps one after another; a step may return a word that says how it ended ("up to date"). */
export async function steps(list) {
  for (const [index, { title, run }] of list.entries()) {
    const label = `[${index + 1}/${list.length}] ${title}`;
    const start = performance.now();
    console.log(`${label} …`);
    const outcome = await run();
    console.log(`${label}: ${outcome ?? "done"}, ${seconds(start)}`);
  }
}

/** Runs a program at the root of the repository, its output shown, or given to `print`; rejects when it fails. */
export function exec(command, args, { env = {}, quiet = false, cwd = root, print = undefined } = {}) {
  const isTaken = quiet || print !== undefined;
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ["ignore", isTaken ? "pipe" : "inherit", isTaken ? "pipe" : "inherit"],
      shell: process.platform === "win32",
    });
    let output = "";
    const take = print ?? ((text) => (output += text));
    child.stdout?.setEncoding("utf8").on("data", take);
    child.stderr?.setEncoding("utf8").on("data", take);
    child.on("error", reject);
    child.on("close", (code, signal) => {
      if (code === 0) return resolve(output);
      if (quiet) process.stdout.write(output);
      reject(
        Object.assign(new Error(`${command} ${args.join(" ")}: ${signal ?? `exit code ${code}`}`), { code, output }),
      );
    });
  });
}

/** Runs a script of this repository with this Node. */
export const node = (args, options) => exec(process.execPath, args, options);

/** Ends the process with one line instead of a stack, since what failed has already said why. */
export async function main(run) {
  try {
    await run();
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
