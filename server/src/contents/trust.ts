import { createHmac } from "node:crypto";
import type { Notebook, NotebookCell } from "./notebook.js";

/** Where signatures are remembered, with the secret that they are made with. */
export interface Signatures {
  secret(): Promise<Uint8Array>;
  has(signature: string): Promise<boolean>;
  add(signature: string): Promise<void>;
}

/** Whether a notebook is trusted, and the signature by which it is known. */
export interface Mark {
  readonly signature: string;
  readonly trusted: boolean;
}

/**
 * Which notebooks were made here: their content's signature is remembered when all of it was run or trusted here. In
 * others the lab shows no output that could run code until the person trusts it or runs the cell.
 */
export class Trust {
  readonly #signatures: Signatures;

  constructor(signatures: Signatures) {
    this.#signatures = signatures;
  }

  /** Marks the cells of a notebook that is about to be shown, and says by what. */
  async mark(notebook: Notebook): Promise<Mark> {
    const signature = await this.#sign(notebook);
    const trusted = await this.has(signature);
    for (const cell of codeCells(notebook)) cell.metadata["trusted"] = trusted || isHarmless(cell);
    return { signature, trusted };
  }

  /** Whether what has this signature is trusted. */
  has(signature: string): Promise<boolean> {
    return this.#signatures.has(signature);
  }

  /** Remembers a notebook whose cells are all trusted, and takes the marks out of what will be written. */
  async settle(notebook: Notebook): Promise<void> {
    const trusted = codeCells(notebook).every((cell) => cell.metadata["trusted"] === true || isHarmless(cell));
    for (const cell of notebook.cells) delete cell.metadata["trusted"];
    if (trusted) await this.remember(notebook);
  }

  /** Trusts a notebook from now on, as long as it stays as it is. */
  async remember(notebook: Notebook): Promise<void> {
    await this.#signatures.add(await this.#sign(notebook));
  }

  async #sign(notebook: Notebook): Promise<string> {
    return sign(notebook, await this.#signatures.secret());
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
function sign(notebook: Notebook, secret: Uint8Array): string {
  const text = JSON.stringify(notebook, (key, value) => (key === "trusted" ? undefined : ordered(value)));
  return createHmac("sha256", secret).update(text).digest("hex");
}

function ordered(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
