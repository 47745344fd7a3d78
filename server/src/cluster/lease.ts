import type { State } from "../bus/bus.js";
import { RevisionConflict } from "../bus/conflict.js";

/** A lease that is not renewed for so long is over. */
export const leaseTtlMs = 6_000;

/** The right to work on something alone, as long as it is renewed. Whoever loses it is told; the log of a run refuses both all the same. */
export class Lease {
  readonly #state: State;
  readonly #key: string;
  readonly #holder: Uint8Array;
  readonly #timer: NodeJS.Timeout;
  readonly #lost: () => void;
  #revision: number;
  #renewing: Promise<void> | undefined;
  #ended = false;

  private constructor(state: State, key: string, holder: Uint8Array, revision: number, lost: () => void) {
    this.#state = state;
    this.#key = key;
    this.#holder = holder;
    this.#revision = revision;
    this.#lost = lost;
    this.#timer = setInterval(() => (this.#renewing ??= this.#renew()), leaseTtlMs / 3);
    this.#timer.unref();
  }

  /** Undefined when another holds it. `state` forgets what is not written for `leaseTtlMs`. */
  static async take(state: State, key: string, holder: string, lost: () => void): Promise<Lease | undefined> {
    const bytes = new TextEncoder().encode(holder);
    try {
      return new Lease(state, key, bytes, await state.create(key, bytes), lost);
    } catch (error) {
      if (error instanceof RevisionConflict) return undefined;
      throw error;
    }
  }

  /** Lets another have it. */
  async release(): Promise<void> {
    if (this.#ended) return;
    this.#end();
    await this.#renewing;
    await this.#state.delete(this.#key, this.#revision).catch(() => {});
  }

  /** Stops to renew it, as a process does that has died. */
  #end(): void {
    this.#ended = true;
    clearInterval(this.#timer);
  }

  async #renew(): Promise<void> {
    try {
      this.#revision = await this.#state.update(this.#key, this.#holder, this.#revision);
    } catch (error) {
      // While the bus cannot be reached nobody else can take it either.
      if (error instanceof RevisionConflict && !this.#ended) {
        this.#end();
        this.#lost();
      }
    } finally {
      this.#renewing = undefined;
    }
  }
}
