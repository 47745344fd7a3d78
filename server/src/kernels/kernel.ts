import { rm } from "node:fs/promises";
import { ArchitechError } from "@architech/protocol";
import type { KernelSpec } from "../kernelspecs/kernelspecs.js";
import type { Log } from "../log.js";
import type { Tracing } from "../tracing/tracing.js";
import { CellTraces } from "./cell-traces.js";
import { type KeepOptions, KernelClients } from "./clients.js";
import type { HeartbeatOptions } from "./heartbeat.js";
import { Life, type Patience } from "./life.js";
import { compose, headerOf, type Parts } from "./wire.js";

/** What a kernel is doing, in Jupyter's words. */
export type ExecutionState = "starting" | "idle" | "busy" | "restarting" | "terminating" | "dead";

/** A kernel as the REST API shows it. */
export interface KernelModel {
  id: string;
  name: string;
  last_activity: string;
  execution_state: ExecutionState;
  connections: number;
  reason?: string;
}

/** How kernels are watched and how much is kept for them. */
export interface KernelPolicy {
  readonly patience: Patience;
  readonly heartbeat: HeartbeatOptions;
  readonly keep: KeepOptions;
  /** How many crashes in a row a kernel may have before it stays dead. */
  readonly crashes: number;
  /** A kernel that lived this long is no longer counted as crashing in a row, ms. */
  readonly stableMs: number;
}

/** The policy of a server that is told nothing else. */
export const defaultPolicy: KernelPolicy = {
  patience: { startMs: 60_000, nudgeMs: 250, graceMs: 5_000, termMs: 1_000 },
  heartbeat: { everyMs: 3_000, limit: 10 },
  keep: { absent: 4, bytes: 32 * 1024 * 1024 },
  crashes: 5,
  stableMs: 10_000,
};

/** What a kernel is made of. */
export interface KernelOptions {
  readonly id: string;
  readonly spec: KernelSpec;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly connectionFile: string;
  readonly policy: KernelPolicy;
  readonly log: Log;
  readonly tracing: Tracing;
}

/** A kernel that outlives its processes: restarted by request or after a crash, watched by its clients all the while. */
export class Kernel {
  readonly id: string;
  readonly spec: KernelSpec;
  readonly clients: KernelClients;
  readonly #options: KernelOptions;
  readonly #traces: CellTraces | undefined;
  #life: Life | undefined;
  #state: ExecutionState = "starting";
  #reason: string | undefined;
  #lastActivity = new Date();
  #crashes = 0;
  #bornAt = 0;
  #ending = false;
  #turn: Promise<unknown> = Promise.resolve();
  #watchers = new Set<() => void>();

  constructor(options: KernelOptions) {
    this.#options = options;
    this.id = options.id;
    this.spec = options.spec;
    const { tracing, spec, policy } = options;
    const about = { "jupyter.kernel": spec.name, "jupyter.kernel.id": options.id };
    this.#traces = tracing.on ? new CellTraces(tracing, about) : undefined;
    this.clients = new KernelClients(policy.keep, this.#traces);
  }

  get state(): ExecutionState {
    return this.#state;
  }

  /** What the REST API shows. */
  toJSON(): KernelModel {
    return {
      id: this.id,
      name: this.spec.name,
      last_activity: this.#lastActivity.toISOString(),
      execution_state: this.#state,
      connections: this.clients.connected,
      ...(this.#reason === undefined ? {} : { reason: this.#reason }),
    };
  }

  /** Begins the first life; resolves as soon as its process runs. */
  start(): Promise<void> {
    return this.#inTurn(() => this.#begin());
  }

  /** Resolves when the kernel answers; rejects with `kernel-not-started` when it will not. */
  async ready(): Promise<void> {
    while (this.#state !== "dead") {
      const life = this.#life;
      const ok = await life?.ready.then(
        () => true,
        () => false,
      );
      if (ok && life === this.#life) return;
      // This life ended early; the next begins, or the kernel is given up.
      if (life === this.#life) await this.#changed();
    }
    throw new ArchitechError(
      "kernel-not-started",
      `kernel "${this.spec.name}" is dead: ${this.#reason ?? "shut down"}`,
    );
  }

  /** Interrupts what runs. */
  async interrupt(): Promise<void> {
    await this.#life?.interrupt(this.spec.spec.interrupt_mode ?? "signal");
  }

  /** Ends the process and begins another; the state in it is lost, the clients stay. */
  async restart(): Promise<void> {
    await this.#inTurn(async () => {
      if (this.#ending) return;
      const old = this.#life;
      this.#life = undefined;
      // What was asked of the old life is not asked of the new one.
      this.clients.toKernel.stop();
      this.clients.toKernel.pause();
      this.#traces?.lost();
      this.#crashes = 0;
      this.#reason = undefined;
      // Not announced: a client would take the word for a crash; the kernel's own goodbye says that it restarts.
      this.#set("restarting");
      await old?.end({ restart: true });
      await this.#begin();
    });
    await this.ready();
  }

  /** Ends the kernel for good. */
  async shutdown(): Promise<void> {
    this.#ending = true;
    await this.#inTurn(async () => {
      const life = this.#life;
      this.#life = undefined;
      this.#set("terminating");
      await life?.end({ restart: false });
      this.#traces?.lost();
      this.#announce("dead");
      this.clients.close();
      await rm(this.#options.connectionFile, { force: true });
    });
  }

  async #begin(): Promise<void> {
    if (this.#ending) return;
    const { spec, cwd, env, connectionFile, policy } = this.#options;
    const life: Life = await Life.begin({
      launch: { spec, cwd, env, connectionFile },
      patience: policy.patience,
      heartbeat: policy.heartbeat,
      events: {
        published: (parts) => this.#published(parts),
        answered: (session, channel, parts) => {
          if (this.#life === life) this.clients.answer(session, channel, parts);
        },
        heartbeatLost: () => this.#heartbeatLost(life),
      },
    });
    this.#life = life;
    this.#bornAt = Date.now();
    if (this.#state !== "restarting") this.#set("starting");
    void life.process.ended.then((how) => this.#ended(life, how));
    life.ready.then(
      () => this.#alive(life),
      (error: Error) => this.#stillborn(life, error),
    );
  }

  /** From now on the kernel hears its clients, and they hear it: what it publishes arrives. */
  #alive(life: Life): void {
    if (this.#life !== life) return;
    this.clients.toKernel.renew(life.link);
    if (this.#state === "starting" || this.#state === "restarting") this.#set("idle");
  }

  /** A process that runs but never answers is ended, which then counts as a crash. */
  #stillborn(life: Life, error: Error): void {
    if (this.#life !== life) return;
    this.#reason = error.message;
    life.process.signal("SIGKILL");
  }

  #heartbeatLost(life: Life): void {
    // Some kernels answer the heartbeat from the loop that runs the code: a busy one is given its time.
    if (this.#life !== life || this.#state === "busy") return;
    this.#options.log.warn(`kernel ${this.id} no longer answers: it is restarted`);
    life.process.signal("SIGKILL");
  }

  #ended(life: Life, how: string): void {
    if (this.#life !== life) return;
    this.#life = undefined;
    life.close();
    this.clients.toKernel.pause();
    this.#traces?.lost();
    const words = life.process.lastWords;
    this.#reason = `it ${how}${words ? `: ${words}` : ""}`;
    if (Date.now() - this.#bornAt > this.#options.policy.stableMs) this.#crashes = 0;
    this.#crashes += 1;
    this.#options.log.warn(`kernel ${this.id} (${this.spec.name}): ${this.#reason}`);
    if (this.#crashes > this.#options.policy.crashes) {
      this.#announce("dead");
      return;
    }
    this.#announce("restarting");
    this.#inTurn(() => this.#begin()).catch((error: Error) => {
      this.#reason = error.message;
      this.#announce("dead");
    });
  }

  #published(parts: Parts): void {
    this.#lastActivity = new Date();
    if (headerOf(parts.header)?.msg_type === "status") this.#follow(parts.content);
    this.clients.publish(parts);
  }

  #follow(content: Buffer): void {
    const state = (JSON.parse(content.toString()) as { execution_state?: string }).execution_state;
    if (state === "busy" || state === "idle") this.#set(state);
  }

  /** Says on the kernel's behalf what it cannot say itself. */
  #announce(state: "restarting" | "dead"): void {
    if (state === "dead") this.clients.toKernel.stop();
    this.#set(state);
    this.clients.publish(compose("status", { execution_state: state }, this.id));
  }

  #set(state: ExecutionState): void {
    this.#state = state;
    for (const watcher of this.#watchers) watcher();
    this.#watchers.clear();
  }

  #changed(): Promise<void> {
    return new Promise((resolve) => this.#watchers.add(resolve));
  }

  /** Starts, restarts and the end happen one after another. */
  #inTurn<T>(act: () => Promise<T>): Promise<T> {
    const mine = this.#turn.then(act, act);
    this.#turn = mine.catch(() => undefined);
    return mine;
  }
}
