import { op, type Tree, type ValueType, valueType } from "./flow.js";
import type { WasmModule } from "./wasm-module.js";

const { i32, i64, f64 } = valueType;

/** What nests code, and leads through it. */
export const control = {
  trap: 0x00,
  nothing: 0x01,
  block: 0x02,
  loop: 0x03,
  if: 0x04,
  else: 0x05,
  end: 0x0b,
  br: 0x0c,
  brIf: 0x0d,
  table: 0x0e,
  return: 0x0f,
} as const;

/** The type of a block that gives no value. */
export const empty = 0x40;

/** How many operands an operation without further ado takes from the stack. */
export function operandsOf(code: number): number {
  if (code === op.select) return 3;
  if (isLoad(code) || code === op.memoryGrow || code === op.isZero || code === 0x50) return 1;
  if (isStore(code)) return 2;
  if ((code >= 0x46 && code <= 0x4f) || (code >= 0x51 && code <= 0x66)) return 2;
  if ((code >= 0x6a && code <= 0x78) || (code >= 0x7c && code <= 0x8a) || (code >= 0xa0 && code <= 0xa6)) return 2;
  if ((code >= 0x67 && code <= 0xc4) || code >= 0xfc00) return 1;
  throw new Error(`operation ${code} is none that the specialiser knows`);
}

/** The type of a tree's value. */
export function typeOf(tree: Tree, locals: readonly ValueType[], module: WasmModule): ValueType {
  const { op: code } = tree;
  switch (code) {
    case op.get:
    case op.tee:
      return locals[Number(tree.at)]!;
    case op.globalGet:
      return module.globals[Number(tree.at)]!;
    case op.call:
      return module.signatures[Number(tree.at)]!.gives[0]!;
    case op.select:
      return typeOf(tree.of[0]!, locals, module);
    case op.i64:
    case 0x29:
      return i64;
    case op.f64:
    case op.loadDouble:
      return f64;
  }
  if (code >= 0x30 && code <= 0x35) return i64;
  if ((code >= 0x79 && code <= 0x8a) || (code >= 0xac && code <= 0xb1) || code === 0xbd) return i64;
  if ((code >= 0xc2 && code <= 0xc4) || (code >= 0xfc04 && code <= 0xfc07)) return i64;
  if ((code >= 0x99 && code <= 0xa6) || (code >= 0xb7 && code <= 0xbb) || code === 0xbf) return f64;
  return i32;
}

export function isLoad(code: number): boolean {
  return code >= 0x28 && code <= 0x35;
}

export function isStore(code: number): boolean {
  return code >= 0x36 && code <= 0x3e;
}

/** Whether nobody but the taker of its value notices that a tree is not evaluated, or later. */
export function isPure({ op: code, of }: Tree): boolean {
  if (code === op.call || code === op.tee || code === op.set || code === op.globalSet) return false;
  if (isStore(code) || code === op.memoryGrow) return false;
  // Division and the conversions of doubles that do not fit may trap.
  if ((code >= 0x6d && code <= 0x70) || (code >= 0x7f && code <= 0x82) || (code >= 0xa8 && code <= 0xb1)) return false;
  return of.every(isPure);
}
