import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const child = fileURLToPath(new URL("service.js", import.meta.url));

/** A service in a process of its own. */
export class ServiceProcess {
  readonly process: ChildProcess;

  /** What it calls itself on the bus; "" for a service of runs. */
  readonly id: string;

  private constructor(process: ChildProcess, id: string) {
    this.process = process;
    this.id = id;
  }

  /** Of a role: worker, deadly-worker (which a service of three threads kills), traced-worker, or runs. */
  static async start(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<ServiceProcess> {
    const stdio = ["ignore", "ignore", "inherit", "ipc"] as const;
    const started = fork(child, args, { stdio: [...stdio], env: { ...process.env, ...env } });
    const [id] = (await once(started, "message")) as [string];
    return new ServiceProcess(started, id);
  }

  async end(signal: NodeJS.Signals): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    const exit = once(this.process, "exit");
    this.process.kill(signal);
    await exit;
  }
}
