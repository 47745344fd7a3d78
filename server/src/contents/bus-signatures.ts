import { randomBytes } from "node:crypto";
import type { State } from "../bus/bus.js";
import { RevisionConflict } from "../bus/conflict.js";
import type { Signatures } from "./trust.js";

/** A notebook that nobody has saved or trusted for so long has to be trusted again. */
export const signatureTtlMs: number = 365 * 24 * 3_600_000;

/** Signatures on a bus, so that what one service of documents trusts all do. */
export class BusSignatures implements Signatures {
  readonly #known: State;
  readonly #secrets: State;
  #secret: Promise<Uint8Array> | undefined;

  /** `secrets` keeps what it is given; `known` may forget. */
  constructor(known: State, secrets: State) {
    this.#known = known;
    this.#secrets = secrets;
  }

  secret(): Promise<Uint8Array> {
    this.#secret ??= this.#agree();
    this.#secret.catch(() => (this.#secret = undefined));
    return this.#secret;
  }

  async has(signature: string): Promise<boolean> {
    return (await this.#known.get(signature)) !== undefined;
  }

  async add(signature: string): Promise<void> {
    await orThere(this.#known.create(signature, new Uint8Array([1])));
  }

  /** The secret that the first of all services has made. */
  async #agree(): Promise<Uint8Array> {
    await orThere(this.#secrets.create("notebook-secret", randomBytes(32)));
    return (await this.#secrets.get("notebook-secret"))!.value;
  }
}

/** That another has written it before is as good. */
async function orThere(written: Promise<unknown>): Promise<void> {
  await written.catch((error: unknown) => {
    if (!(error instanceof RevisionConflict)) throw error;
  });
}
