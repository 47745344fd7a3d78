import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { ArchitechError } from "@architech/protocol";
import type { KernelSpec } from "../kernelspecs/kernelspecs.js";

/** What a kernel's process starts with. */
export interface LaunchOptions {
  readonly spec: KernelSpec;
  readonly connectionFile: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

/** How much of what a kernel wrote on standard error is kept to explain its end. */
const keptBytes = 4096;

/** A kernel's process, in a process group of its own so that Ctrl-C on the server does not reach it. */
export class KernelProcess {
  /** Resolves when the process has ended, with a sentence that says how. */
  readonly ended: Promise<string>;
  readonly #child: ChildProcess;
  #stderr = "";

  private constructor(child: ChildProcess) {
    this.#child = child;
    child.stdout?.resume();
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-keptBytes);
    });
    this.ended = new Promise((done) => {
      child.once("exit", (code, signal) => done(signal ? `ended by ${signal}` : `ended with exit code ${code}`));
    });
  }

  /** Starts the process; throws `kernel-not-started` when there is nothing to run. */
  static async launch(options: LaunchOptions): Promise<KernelProcess> {
    const [program, ...args] = commandOf(options.spec, options.connectionFile);
    const child = spawn(program!, args, {
      cwd: options.cwd,
      env: { ...ownEnv(), ...specEnv(options.spec), ...options.env },
      stdio: ["ignore", "pipe", "pipe"],
      detached: process.platform !== "win32",
      windowsHide: true,
    });
    const launched = new KernelProcess(child);
    try {
      await once(child, "spawn");
    } catch (cause) {
      const why = (cause as Error).message;
      throw new ArchitechError("kernel-not-started", `kernel "${options.spec.name}" does not start: ${why}`, { cause });
    }
    child.on("error", () => undefined);
    return launched;
  }

  /** The process id. */
  get pid(): number {
    return this.#child.pid!;
  }

  /** The last lines it wrote on standard error. */
  get lastWords(): string {
    return this.#stderr.trim();
  }

  /** Sends a signal to the process and its children; one that has gone is left in peace. */
  signal(signal: NodeJS.Signals): void {
    try {
      if (process.platform === "win32") this.#child.kill(signal);
      else process.kill(-this.pid, signal);
    } catch {
      // It ended in between.
    }
  }
}

function commandOf({ folder, spec }: KernelSpec, connectionFile: string): string[] {
  const filled = spec.argv.map((word) =>
    word.replaceAll("{connection_file}", connectionFile).replaceAll("{resource_dir}", folder),
  );
  return [interpreterOf(filled[0]!, folder), ...filled.slice(1)];
}

/** A bare `python` means the one of the environment that the kernelspec was installed into. */
function interpreterOf(program: string, folder: string): string {
  if (!/^python[\d.]*$/.test(program)) return program;
  const prefix = resolve(folder, "../../../..");
  const own = process.platform === "win32" ? join(prefix, `${program}.exe`) : join(prefix, "bin", program);
  return existsSync(own) ? own : program;
}

/** What the server alone is told: its token, and addresses with passwords. */
const secretNames = ["ARCHITECH_TOKEN", "ARCHITECH_BUS", "ARCHITECH_MONGO_URL"];

/** The environment of the server, but for what a notebook has no use for. */
function ownEnv(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !secretNames.includes(name)));
}

function specEnv({ spec }: KernelSpec): Record<string, string> {
  const fill = (text: string) => text.replace(/\$\{(\w+)\}/g, (_all, name: string) => process.env[name] ?? "");
  return Object.fromEntries(Object.entries(spec.env ?? {}).map(([name, text]) => [name, fill(text)]));
}
