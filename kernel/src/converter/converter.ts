/** A place in a cell, both counted from zero, in UTF-16 units as JavaScript counts. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** One complaint of the compiler. */
export interface Problem {
  /** The compiler's code, 2322 for `TS2322`. */
  readonly code: number;
  readonly message: string;
  /** The file it is in when that is not the cell: a module that the cell imports, relative to the notebook's folder. */
  readonly file?: string;
  readonly start: Place;
  readonly end: Place;
  /** The source line in which it starts. */
  readonly text: string;
}

/** JavaScript that a cell became. */
export interface Compiled {
  /** Number of the cell among those converted; it names the cell in `Converter.forget` and in stack traces. */
  readonly cell: number;
  /** An expression that evaluates to the cell's function, see `wrap`. */
  readonly javascript: string;
  /** Source map (version 3, JSON) from `javascript` to the cell. */
  readonly map: string;
}

/** What became of a cell: JavaScript, or the reasons why not. */
export type Conversion =
  | { readonly ok: true; readonly compiled: Compiled }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** One thing that could stand at the cursor. */
export interface Candidate {
  readonly text: string;
  /** `function`, `property`, `keyword`, … in TypeScript's words. */
  readonly kind: string;
}

/** What could stand at the cursor, and the range (UTF-16 offsets) it would replace. */
export interface Completion {
  readonly start: number;
  readonly end: number;
  readonly candidates: readonly Candidate[];
}

/** What is known of the name at the cursor. */
export interface Inspection {
  /** Its type as the compiler writes it. */
  readonly signature: string;
  readonly documentation: string;
}

/** Whether a console should run what was typed, or wait for more. */
export type Completeness =
  | { readonly status: "complete" | "invalid" }
  | { readonly status: "incomplete"; readonly indent: string };

/** Turns cells into JavaScript and answers questions about code. The only part of the kernel that knows TypeScript. */
export interface Converter {
  /** Checks a cell against the cells before it and compiles it when it is right; later cells then see its names. */
  convert(code: string): Conversion;
  /** Takes back names that a cell declared but, since it failed, never came to initialise. */
  forget(cell: number, names: readonly string[]): void;
  complete(code: string, offset: number): Completion;
  inspect(code: string, offset: number): Inspection | undefined;
  isComplete(code: string): Completeness;
  /** Forgets all cells, as after a restart. */
  reset(): void;
}
