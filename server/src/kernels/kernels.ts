import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { ArchitechError } from "@architech/protocol";
import type { KernelSpecs } from "../kernelspecs/kernelspecs.js";
import type { Log } from "../log.js";
import type { Tracing } from "../tracing/tracing.js";
import { Kernel, type KernelPolicy } from "./kernel.js";

/** What all kernels of a server share. */
export interface KernelsOptions {
  readonly specs: KernelSpecs;
  /** The folder of connection files. */
  readonly runtime: string;
  /** The folder a kernel works in, for the folder of documents it was started from. */
  readonly workingFolder: (documents: string) => Promise<string>;
  /** Added to the environment of each kernel when it starts; `user`: whose it is. */
  readonly env: (user: string) => Record<string, string>;
  readonly policy: KernelPolicy;
  readonly log: Log;
  readonly tracing: Tracing;
}

/** Which kernel is wanted. */
export interface KernelRequest {
  /** Whose it is. */
  readonly user: string;
  /** Its kernelspec; by default the usual one. */
  readonly name?: string;
  /** The document whose folder it works in. */
  readonly path?: string;
  /** The document that it works for. */
  readonly session?: string;
}

/** The running kernels by id. */
export class Kernels {
  readonly #options: KernelsOptions;
  readonly #kernels = new Map<string, Kernel>();
  readonly #onRemoved: ((id: string) => void)[] = [];
  #closed = false;

  constructor(options: KernelsOptions) {
    this.#options = options;
  }

  list(): Kernel[] {
    return [...this.#kernels.values()];
  }

  /** The kernel with this id; throws `kernel-not-found`. */
  get(id: string): Kernel {
    const kernel = this.#kernels.get(id);
    if (kernel === undefined) throw new ArchitechError("kernel-not-found", `no kernel "${id}" is running`);
    return kernel;
  }

  async start({ user, name, path = "", session }: KernelRequest): Promise<Kernel> {
    if (this.#closed) throw new ArchitechError("kernel-not-started", "the server is closing");
    const { specs, runtime, env, policy, log, tracing } = this.#options;
    const spec = await specs.get(name ?? (await specs.defaultName()));
    const id = randomUUID();
    const kernel = new Kernel({
      id,
      spec,
      cwd: await this.#options.workingFolder(path),
      env: {
        ...env(user),
        JPY_PARENT_PID: String(process.pid),
        ...(session === undefined ? {} : { JPY_SESSION_NAME: session }),
      },
      connectionFile: join(runtime, `kernel-${id}.json`),
      policy,
      log,
      tracing,
    });
    this.#kernels.set(id, kernel);
    try {
      await kernel.start();
    } catch (error) {
      this.#kernels.delete(id);
      throw error;
    }
    return kernel;
  }

  /** Ends a kernel and forgets it. */
  async shutdown(id: string): Promise<void> {
    const kernel = this.get(id);
    this.#kernels.delete(id);
    for (const removed of this.#onRemoved) removed(id);
    await kernel.shutdown();
  }

  /** Is told of each kernel that is shut down. */
  onRemoved(listener: (id: string) => void): void {
    this.#onRemoved.push(listener);
  }

  /** Ends them all; none can be started after. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#kernels.keys()].map((id) => this.shutdown(id)));
  }
}
