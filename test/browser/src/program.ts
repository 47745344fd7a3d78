import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

/** A program that a test has started. */
export interface Program {
  /** The first match that the program printed on one of its lines. */
  readonly found: RegExpExecArray;
  stop(): Promise<void>;
}

/** Starts a program and resolves when a line of its output or its errors matches; rejects, with all it said, when it ends before. */
export async function start(
  command: string,
  args: readonly string[],
  ready: RegExp,
  options: { readonly env?: NodeJS.ProcessEnv; readonly cwd?: string } = {},
): Promise<Program> {
  const child = spawn(command, args, {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...options.env },
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  });
  const said: string[] = [];
  const found = await new Promise<RegExpExecArray>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr])
      createInterface({ input: stream }).on("line", (line) => {
        said.push(line);
        const match = ready.exec(line);
        if (match !== null) resolve(match);
      });
    child.once("error", reject);
    child.once("close", (code) => reject(new Error(`${command} ended with ${code}:\n${said.join("\n")}`)));
  });
  return { found, stop: () => stop(child) };
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  child.kill("SIGTERM");
  await gone;
}
