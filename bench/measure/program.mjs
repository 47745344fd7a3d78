import { spawn } from "node:child_process";
import { once } from "node:events";

const patienceMs = 180_000;
const farewellMs = 15_000;

/**
 * Starts a program that goes on until it is stopped, and waits until it has printed what matches.
 * `output` is all that it has printed until then; `stop` ends it with all its descendants.
 */
export async function started(command, args, wanted, options = {}) {
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], detached: true, ...options });
  const ended = once(child, "exit");
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    process.kill(-child.pid, "SIGTERM");
    const timer = setTimeout(() => process.kill(-child.pid, "SIGKILL"), farewellMs);
    await ended;
    clearTimeout(timer);
  };
  let output = "";
  const found = new Promise((resolve, reject) => {
    const look = (text) => {
      output += text;
      const match = wanted.exec(output);
      if (match !== null) resolve(match[0]);
    };
    child.stdout.setEncoding("utf8").on("data", look);
    child.stderr.setEncoding("utf8").on("data", look);
    child.on("error", reject);
    child.on("exit", (code) => reject(new Error(`${command} ended with ${code}:\n${output}`)));
    setTimeout(() => reject(new Error(`${command} has not printed ${wanted}:\n${output}`)), patienceMs).unref();
  });
  try {
    return { found: await found, output, pid: child.pid, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
