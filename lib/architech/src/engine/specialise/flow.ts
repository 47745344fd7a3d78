/**
 * A function as blocks of trees: what the reader makes of WebAssembly's nested code, what the specialiser works on, and
 * what the writer nests again.
 */
export interface Flow {
  /** Types of the locals, the parameters first. */
  readonly locals: ValueType[];
  readonly parameters: number;
  readonly entry: Block;
}

export interface Block {
  readonly id: number;
  /** Trees whose value nobody takes, in order. */
  readonly body: Tree[];
  end: End;
}

export type End =
  | { readonly kind: "jump"; readonly to: Block }
  /** Goes to the first where the tree is not zero. */
  | { readonly kind: "branch"; readonly on: Tree; readonly to: readonly [Block, Block] }
  /** Goes to the one that the tree's value counts to, or to the last. */
  | { readonly kind: "switch"; readonly on: Tree; readonly to: readonly Block[] }
  | { readonly kind: "return"; readonly value: Tree | undefined }
  | { readonly kind: "trap" };

/** An operation with its operands in the order of evaluation. */
export interface Tree {
  readonly op: number;
  /** A local, a global, a function, an offset in memory, or a constant. */
  readonly at: number | bigint;
  readonly of: readonly Tree[];
}

/** The types' bytes in WebAssembly. */
export const valueType = { i32: 0x7f, i64: 0x7e, f64: 0x7c } as const;
export type ValueType = (typeof valueType)[keyof typeof valueType];

/** The operations that have a name here; the others are only known by their number. */
export const op = {
  drop: 0x1a,
  select: 0x1b,
  call: 0x10,
  get: 0x20,
  set: 0x21,
  tee: 0x22,
  globalGet: 0x23,
  globalSet: 0x24,
  load: 0x28,
  loadDouble: 0x2b,
  store: 0x36,
  memorySize: 0x3f,
  memoryGrow: 0x40,
  i32: 0x41,
  i64: 0x42,
  f64: 0x44,
  isZero: 0x45,
  add: 0x6a,
  subtract: 0x6b,
  multiply: 0x6c,
  and: 0x71,
  or: 0x72,
  shiftLeft: 0x74,
} as const;

/** Where a block's end may lead. */
export function successors(end: End): readonly Block[] {
  if (end.kind === "jump") return [end.to];
  return end.kind === "branch" || end.kind === "switch" ? end.to : [];
}

/** A whole number of 32 bits. */
export function constant(value: number): Tree {
  return { op: op.i32, at: value | 0, of: [] };
}
