import { join } from "node:path";
import type ts from "typescript";

/** A file name that no one will have in the folder, yet a legal one: imports in a cell resolve from it. */
const nameOf = (folder: string, number: number): string => join(folder, `__cell_${number}.ts`).replaceAll("\\", "/");

/**
 * The cells of a notebook as files in memory, one for each cell that was committed and one for the cell at hand.
 * There are always some empty ones in reserve, since a program whose list of files stays the same is renewed faster.
 */
export class CellFiles {
  readonly #folder: string;
  readonly #texts = new Map<string, { text: string; version: number }>();
  readonly #committed: number[] = [];
  #next = 1;
  #version = 0;

  constructor(folder: string) {
    this.#folder = folder;
    this.#reserve();
  }

  /** Number of the cell at hand. */
  get current(): number {
    return this.#next;
  }

  /** Numbers of the committed cells, oldest first. */
  get committed(): readonly number[] {
    return this.#committed;
  }

  get fileNames(): string[] {
    return [...this.#texts.keys()];
  }

  fileName(cell: number): string {
    return nameOf(this.#folder, cell);
  }

  has(fileName: string): boolean {
    return this.#texts.has(fileName);
  }

  text(fileName: string): string | undefined {
    return this.#texts.get(fileName)?.text;
  }

  version(fileName: string): string | undefined {
    return this.#texts.get(fileName)?.version.toString();
  }

  /** Makes `code` the text of the cell at hand and returns the file's name. */
  write(code: string): string {
    const fileName = this.fileName(this.#next);
    const file = this.#texts.get(fileName);
    if (file?.text !== code) this.#texts.set(fileName, { text: code, version: ++this.#version });
    return fileName;
  }

  /** Keeps the cell at hand for later cells to see, and turns to the next. */
  commit(): void {
    this.#committed.push(this.#next);
    this.#next += 1;
    this.#reserve();
  }

  /** Leaves every cell behind; their numbers are not used again, so that old stack traces stay unambiguous. */
  reset(): void {
    this.#texts.clear();
    this.#committed.length = 0;
    this.#next += 1;
    this.#reserve();
  }

  #reserve(): void {
    if (this.#texts.has(this.fileName(this.#next))) return;
    for (let number = this.#next; number < this.#next + 32; number += 1)
      this.#texts.set(this.fileName(number), { text: "", version: ++this.#version });
  }
}

/** Lets each cell see the names of the cells before it: the compiler looks for a name outwards, from parent to parent. */
export function chain(files: readonly ts.SourceFile[]): void {
  let previous: ts.SourceFile | undefined;
  for (const file of files) {
    (file as { parent: ts.Node | undefined }).parent = previous;
    previous = file;
  }
}
