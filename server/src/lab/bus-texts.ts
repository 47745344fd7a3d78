import { createHash } from "node:crypto";
import { ArchitechError, numberField, packMessage, record, textField, unpackMessage } from "@architech/protocol";
import type { State } from "../bus/bus.js";
import { RevisionConflict } from "../bus/conflict.js";
import type { Kept, Texts } from "./texts.js";

/** Texts on a bus, the same for every gateway of a cluster. Of two that are written at once the last one stays. */
export class BusTexts implements Texts {
  readonly #state: State;

  constructor(state: State) {
    this.#state = state;
  }

  async names(): Promise<string[]> {
    const entries = await Promise.all((await this.#state.keys()).map((key) => this.#state.get(key)));
    return entries.flatMap((entry) => (entry && unpack(entry.value)?.name) ?? []).sort();
  }

  async get(name: string): Promise<Kept | undefined> {
    const entry = await this.#state.get(keyOf(name));
    return entry && unpack(entry.value);
  }

  async set(name: string, text: string): Promise<void> {
    const now = Date.now();
    for (;;) {
      const known = await this.#state.get(keyOf(name));
      const created = known === undefined ? now : (unpack(known.value)?.created.getTime() ?? now);
      const value = packMessage({ name, text, created, modified: now });
      try {
        if (known === undefined) await this.#state.create(keyOf(name), value);
        else await this.#state.update(keyOf(name), value, known.revision);
        return;
      } catch (error) {
        if (!(error instanceof RevisionConflict)) throw error;
      }
    }
  }

  async delete(name: string): Promise<boolean> {
    const known = await this.#state.get(keyOf(name));
    await this.#state.delete(keyOf(name));
    return known !== undefined;
  }
}

/** A name has signs that a key of the bus may not have. */
function keyOf(name: string): string {
  return createHash("sha256").update(name).digest("hex");
}

/** Undefined for what is no text of ours: it is as if it were not there, and can be written over. */
function unpack(bytes: Uint8Array): Kept | undefined {
  try {
    const from = record(unpackMessage(bytes), "a text on the bus");
    return {
      name: textField(from, "name"),
      text: textField(from, "text"),
      created: new Date(numberField(from, "created")),
      modified: new Date(numberField(from, "modified")),
    };
  } catch (error) {
    if (error instanceof ArchitechError) return undefined;
    throw error;
  }
}
