import { spawn } from "node:child_process";
import { once } from "node:events";

/** A program that goes on until it is stopped. */
export interface Running {
  readonly pid: number;
  /** Sends a signal, and waits for the end. */
  stop(signal?: NodeJS.Signals): Promise<void>;
  /** Sends a signal, and waits for nothing. */
  tell(signal: NodeJS.Signals): void;
}

/** Starts a program and waits until it is ready; throws what it has said where it ends before. */
export async function running(
  program: string,
  args: readonly string[],
  isReady: () => Promise<boolean>,
): Promise<Running> {
  const child = spawn(program, args, { stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said = (said + text).slice(-2_000);
  });
  const failed = once(child, "error").then(([error]) => Promise.reject(error));
  failed.catch(() => {});
  const isOver = (): boolean => child.exitCode !== null || child.signalCode !== null;
  for (;;) {
    if (isOver()) throw new Error(`${program} ended with ${child.exitCode ?? child.signalCode}: ${said}`);
    if (await Promise.race([isReady(), failed])) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    pid: child.pid!,
    async stop(signal = "SIGTERM") {
      if (isOver()) return;
      const ended = once(child, "close");
      child.kill(signal);
      await ended;
    },
    tell: (signal) => void child.kill(signal),
  };
}
