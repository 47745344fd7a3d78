import { ArchitechError, joinParts, splitParts } from "@architech/protocol";
import type { Objects } from "../bus/bus.js";

/**
 * Objects of one session of a task in parts, by names that the next session of the task uses again, so that nothing stays
 * of one that was killed. Two sessions may be at it at once, where one has been cut off and does not know of the other: so
 * each object says whose it is, and no part goes on from where a part of another session is.
 */
export class SessionObjects implements Objects {
  readonly #objects: Objects;
  readonly #session: string;

  constructor(objects: Objects, session: string) {
    this.#objects = objects;
    this.#session = session;
  }

  put(bytes: Uint8Array, name?: string): Promise<string> {
    return this.#objects.put(joinParts([new TextEncoder().encode(this.#session), bytes]), name);
  }

  /** Throws `storage-failed` for what another session has put there, and `bad-message` for what none has. */
  async get(name: string): Promise<Uint8Array | undefined> {
    const joined = await this.#objects.get(name);
    if (joined === undefined) return undefined;
    const [session, bytes] = splitParts(joined);
    if (bytes === undefined || new TextDecoder().decode(session) !== this.#session)
      throw new ArchitechError("storage-failed", `another session of parts has written over ${name}`);
    return bytes;
  }

  has(name: string): Promise<boolean> {
    return this.#objects.has(name);
  }

  delete(name: string): Promise<void> {
    return this.#objects.delete(name);
  }
}
