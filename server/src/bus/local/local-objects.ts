import { createHash } from "node:crypto";
import { access, mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { ArchitechError } from "@architech/protocol";
import { atomicWrite } from "../../contents/files/atomic-write.js";
import type { Objects } from "../bus.js";
import { contentName } from "../content-name.js";
import { busLimits, checkKey, checkSize } from "../names.js";
import { storageFailed } from "./store.js";

/** A file for each object, called by the hash of its name: file systems differ in what a name may be. */
export class LocalObjects implements Objects {
  readonly #folder: string;
  readonly #closing: AbortSignal;
  readonly #ready: Promise<unknown>;

  constructor(folder: string, closing: AbortSignal) {
    this.#folder = folder;
    this.#closing = closing;
    this.#ready = mkdir(folder, { recursive: true }).catch(storageFailed(`cannot make the folder ${folder}`));
    this.#ready.catch(() => {});
  }

  async put(bytes: Uint8Array, name?: string): Promise<string> {
    checkSize("an object", bytes, busLimits.object);
    const given = name ?? contentName(bytes);
    const path = await this.#path(given);
    await atomicWrite(path, bytes).catch(storageFailed(`cannot write object ${given}`));
    return given;
  }

  async get(name: string): Promise<Uint8Array | undefined> {
    return readFile(await this.#path(name)).catch((error: NodeJS.ErrnoException) =>
      error.code === "ENOENT" ? undefined : storageFailed(`cannot read object ${name}`)(error),
    );
  }

  async has(name: string): Promise<boolean> {
    return access(await this.#path(name)).then(
      () => true,
      () => false,
    );
  }

  async delete(name: string): Promise<void> {
    await rm(await this.#path(name), { force: true }).catch(storageFailed(`cannot delete object ${name}`));
  }

  async #path(name: string): Promise<string> {
    checkKey("an object", name);
    if (this.#closing.aborted) throw new ArchitechError("bus-closed", "the bus is closed");
    await this.#ready;
    return join(this.#folder, createHash("sha256").update(name).digest("hex"));
  }
}
