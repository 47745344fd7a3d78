import { codeStart } from "./core/addresses.js";
import { firstExtended, lastExtended } from "./opcodes.js";

/** A place in the code that may be named before it is known. */
export interface Label {
  at: number;
  readonly uses: number[];
}

/** Puts instructions and constants into tables, and fills in places that were named ahead. */
export class Assembler {
  readonly #code: number[] = [];
  readonly #entries: number[] = [];
  readonly #constants: number[] = [];
  readonly #known = new Map<number, number>();

  /** Whether there is an instruction so far that not every core knows. */
  isExtended = false;

  /** A label that is not yet marked. */
  label(): Label {
    return { at: -1, uses: [] };
  }

  /** The label stands for the next instruction. */
  mark(label: Label): void {
    label.at = codeStart + this.#code.length;
    for (const use of label.uses) this.#code[use] = label.at;
  }

  /** Adds an instruction with its operands. */
  emit(instruction: number, ...operands: readonly (number | Label)[]): void {
    if (instruction >= firstExtended && instruction <= lastExtended) this.isExtended = true;
    this.#entries.push(codeStart + this.#code.length);
    this.#code.push(instruction);
    for (const word of operands) {
      if (typeof word === "number") this.#code.push(word);
      else {
        word.uses.push(this.#code.length);
        this.#code.push(word.at);
      }
    }
  }

  /** The place of a constant; equal constants share one. */
  constant(value: number): number {
    const known = this.#known.get(value);
    if (known !== undefined) return known;
    const at = this.constants(value);
    this.#known.set(value, at);
    return at;
  }

  /** The place of the first of several constants in a row. */
  constants(...values: readonly number[]): number {
    const at = this.#constants.length;
    for (const value of values) this.#constants.push(value);
    return at;
  }

  /** The finished tables. */
  tables(): { code: Int32Array; entries: readonly number[]; constants: Float64Array } {
    return { entries: this.#entries, code: Int32Array.from(this.#code), constants: Float64Array.from(this.#constants) };
  }
}
