import { createHash } from "node:crypto";
import type { State } from "../bus/bus.js";
import { RevisionConflict } from "../bus/conflict.js";
import type { Log } from "../log.js";
import type { Asker } from "./ask.js";
import type { Holders } from "./holders.js";
import type { Instance } from "./instance.js";
import type { Instances } from "./instances.js";
import { askAll } from "./union.js";

/** How long a place holds from the choice on: longer than a kernel takes to start. */
export const placeTtlMs = 120_000;

/** Where a new session is opened: beside the kernel or the document that it is for, else where there is least to do. */
export class SessionPlaces {
  readonly #instances: Instances;
  readonly #asker: Asker;
  readonly #holders: Holders;
  readonly #chosen: State;
  readonly #log: Log;

  /** `chosen`: what the gateways agree on. */
  constructor(instances: Instances, asker: Asker, holders: Holders, chosen: State, log: Log) {
    this.#instances = instances;
    this.#asker = asker;
    this.#holders = holders;
    this.#chosen = chosen;
    this.#log = log;
  }

  /** Undefined when no service takes it. Throws what `Holders` and `askAll` throw. */
  async of(body: unknown, requestId: string): Promise<Instance | undefined> {
    const { path, kernel } = (body ?? {}) as { path?: unknown; kernel?: { id?: unknown } | null };
    if (typeof kernel?.id === "string") return this.#holders.of({ kind: "kernels", id: kernel.id }, requestId);
    if (typeof path !== "string") return this.#instances.pickForKernel();
    const shares = await askAll(this.#instances, this.#asker, "api/sessions", requestId);
    const known = shares.find(({ body: sessions }) =>
      (sessions as { path: string }[]).some((one) => one.path === path),
    );
    return known?.instance ?? this.#agree(path);
  }

  /** Two windows that open one notebook at once, through two gateways, get one kernel. */
  async #agree(path: string): Promise<Instance | undefined> {
    const instance = this.#instances.pickForKernel();
    if (instance === undefined) return undefined;
    const key = createHash("sha256").update(path).digest("hex");
    const value = new TextEncoder().encode(instance.id);
    try {
      await this.#chosen.create(key, value);
      return instance;
    } catch (error) {
      if (!(error instanceof RevisionConflict)) {
        this.#log.warn(`the gateways cannot agree on a session's place: ${(error as Error).message}`);
        return instance;
      }
      const other = await this.#chosen.get(key).catch(() => undefined);
      const there = other && this.#instances.get(new TextDecoder().decode(other.value));
      if (there?.isHealthy) return there;
      if (other !== undefined) await this.#chosen.update(key, value, other.revision).catch(() => {});
      return instance;
    }
  }
}
