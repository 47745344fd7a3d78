import { ArchitechError } from "@architech/protocol";
import { type Asker, failureOf } from "./ask.js";
import type { Held } from "./destination.js";
import type { Instance } from "./instance.js";
import type { Instances } from "./instances.js";

/** Kernels and sessions that are remembered; the oldest are asked for again. */
const limit = 50_000;

/** Which service of kernels holds a kernel or a session: asked once, remembered while the service lives. */
export class Holders {
  readonly #instances: Instances;
  readonly #asker: Asker;
  readonly #known = new Map<string, string>();

  constructor(instances: Instances, asker: Asker) {
    this.#instances = instances;
    this.#asker = asker;
  }

  remember({ kind, id }: Held, instance: Instance): void {
    const key = `${kind}/${id}`;
    this.#known.delete(key);
    this.#known.set(key, instance.id);
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= limit) break;
      this.#known.delete(oldest);
    }
  }

  /**
   * The service that holds it. Throws `kernel-not-found` or `session-not-found` when none does, be it that its service
   * has died, and `service-unavailable` when one could not be asked that may.
   */
  async of(held: Held, requestId: string): Promise<Instance> {
    if (!/^[\w-]{1,64}$/.test(held.id)) throw lost(held);
    const key = `${held.kind}/${held.id}`;
    const known = this.#instances.get(this.#known.get(key) ?? "");
    if (known !== undefined) return known;
    this.#known.delete(key);
    let unknown = 0;
    const answers = await Promise.all(
      this.#instances.of("kernels").map(async (instance) => {
        try {
          const { status } = await this.#asker.ask(instance.url, `api/${held.kind}/${held.id}`, { id: requestId });
          instance.succeeded();
          return status === 200 ? instance : undefined;
        } catch (error) {
          const how = failureOf(error);
          instance.failed(how);
          // Where nobody listens there is no kernel either.
          if (how !== "refused") unknown += 1;
          return undefined;
        }
      }),
    );
    const holder = answers.find((instance) => instance !== undefined);
    if (holder === undefined && unknown > 0)
      throw new ArchitechError("service-unavailable", "a service of kernels does not answer: ask again");
    if (holder === undefined) throw lost(held);
    this.remember(held, holder);
    return holder;
  }
}

/** What is said of a kernel or a session that no service holds. */
export function lost({ kind, id }: Held): ArchitechError {
  return kind === "kernels"
    ? new ArchitechError("kernel-not-found", `no kernel "${id}" is running`)
    : new ArchitechError("session-not-found", `no session "${id}"`);
}
