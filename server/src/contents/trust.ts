import { createHmac, randomBytes } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { atomicWrite } from "./files/atomic-write.js";
import type { Notebook, NotebookCell } from "./notebook.js";

/** Signatures that are remembered; the oldest are forgotten first. */
const limit = 10_000;

/**
 * Which notebooks were made here: their content's signature is remembered when all of it was run or trusted here. In
 * others the lab shows no output that could run code until the person trusts it or runs the cell.
 */
export class Trust {
  readonly #file: string;
  readonly #secretFile: string;
  #loaded: Promise<{ secret: Buffer; known: Set<string> }> | undefined;

  constructor(folder: string) {
    this.#file = join(folder, "trusted-notebooks.json");
    this.#secretFile = join(folder, "notebook-secret");
  }

  /** Marks the cells of a notebook that is about to be shown. */
  async mark(notebook: Notebook): Promise<void> {
    const { secret, known } = await this.#load();
    const trusted = known.has(sign(notebook, secret));
    for (const cell of codeCells(notebook)) cell.metadata["trusted"] = trusted || isHarmless(cell);
  }

  /** Remembers a notebook whose cells are all trusted, and takes the marks out of what will be written. */
  async settle(notebook: Notebook): Promise<void> {
    const trusted = codeCells(notebook).every((cell) => cell.metadata["trusted"] === true || isHarmless(cell));
    for (const cell of notebook.cells) delete cell.metadata["trusted"];
    if (trusted) await this.remember(notebook);
  }

  /** Trusts a notebook from now on, as long as it stays as it is. */
  async remember(notebook: Notebook): Promise<void> {
    const { secret, known } = await this.#load();
    const signature = sign(notebook, secret);
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

function codeCells(notebook: Notebook): NotebookCell[] {
  return notebook.cells.filter((cell) => cell.cell_type === "code");
}

/** A cell without outputs, or with plain ones, has nothing that could run. */
function isHarmless(cell: NotebookCell): boolean {
  const plain = new Set(["text/plain", "image/png", "image/jpeg", "image/gif"]);
  return (cell.outputs ?? []).every(({ output_type, data }) => {
    if (output_type === "stream" || output_type === "error") return true;
    return Object.keys((data ?? {}) as object).every((type) => plain.has(type));
  });
}

/** The signature covers all but the marks themselves. */
function sign(notebook: Notebook, secret: Buffer): string {
  const text = JSON.stringify(notebook, (key, value) => (key === "trusted" ? undefined : ordered(value)));
  return createHmac("sha256", secret).update(text).digest("hex");
}

function ordered(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
