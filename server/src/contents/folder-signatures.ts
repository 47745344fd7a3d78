import { randomBytes } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { atomicWrite } from "./files/atomic-write.js";
import type { Signatures } from "./trust.js";

/** Signatures that are remembered; the oldest are forgotten first. */
const limit = 10_000;

/** Signatures in a folder, which one process at a time has. */
export class FolderSignatures implements Signatures {
  readonly #file: string;
  readonly #secretFile: string;
  #loaded: Promise<{ secret: Buffer; known: Set<string> }> | undefined;

  constructor(folder: string) {
    this.#file = join(folder, "trusted-notebooks.json");
    this.#secretFile = join(folder, "notebook-secret");
  }

  async secret(): Promise<Uint8Array> {
    return (await this.#load()).secret;
  }

  async has(signature: string): Promise<boolean> {
    return (await this.#load()).known.has(signature);
  }

  async add(signature: string): Promise<void> {
    const { known } = await this.#load();
    if (known.has(signature)) return;
    known.add(signature);
    for (const oldest of known) {
      if (known.size <= limit) break;
      known.delete(oldest);
    }
    await atomicWrite(this.#file, Buffer.from(JSON.stringify([...known])), { mode: 0o600 });
  }

  #load(): Promise<{ secret: Buffer; known: Set<string> }> {
    this.#loaded ??= (async () => {
      await mkdir(dirname(this.#file), { recursive: true });
      const secret = await readFile(this.#secretFile).catch(async () => {
        const fresh = randomBytes(32);
        await writeFile(this.#secretFile, fresh, { mode: 0o600 });
        return fresh;
      });
      const known = await readFile(this.#file, "utf8")
        .then((text) => JSON.parse(text) as string[])
        .catch(() => []);
      return { secret, known: new Set(known) };
    })();
    return this.#loaded;
  }
}
