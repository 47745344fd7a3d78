import { constant, op, type Tree } from "./flow.js";
import { isLoad, isPure, isStore } from "./operations.js";

const operations: Readonly<Record<number, (a: number, b: number) => number>> = {
  70: (a, b) => Number(a === b),
  71: (a, b) => Number(a !== b),
  72: (a, b) => Number(a < b),
  73: (a, b) => Number(a >>> 0 < b >>> 0),
  74: (a, b) => Number(a > b),
  75: (a, b) => Number(a >>> 0 > b >>> 0),
  76: (a, b) => Number(a <= b),
  77: (a, b) => Number(a >>> 0 <= b >>> 0),
  78: (a, b) => Number(a >= b),
  79: (a, b) => Number(a >>> 0 >= b >>> 0),
  [op.add]: (a, b) => a + b,
  [op.subtract]: (a, b) => a - b,
  [op.multiply]: Math.imul,
  [op.and]: (a, b) => a & b,
  [op.or]: (a, b) => a | b,
  115: (a, b) => a ^ b,
  [op.shiftLeft]: (a, b) => a << b,
  117: (a, b) => a >> b,
  118: (a, b) => a >>> b,
};

export function isConstant(tree: Tree | undefined): tree is Tree & { readonly at: number } {
  return tree?.op === op.i32;
}

/**
 * The same value with less to do: operations on constants are done, and constants go to the end of sums and from there
 * into the offsets of memory. That is right where places are sums of what is not negative, as all of the core's are.
 */
export function simplified(tree: Tree): Tree {
  const { op: code, at, of } = tree;
  const [a, b] = of;
  if (isLoad(code) || isStore(code)) {
    const place = a!;
    if (isConstant(place) && place.at > 0)
      return { op: code, at: Number(at) + place.at, of: [constant(0), ...of.slice(1)] };
    const [rest, more] = apart(place);
    return more > 0 ? { op: code, at: Number(at) + more, of: [rest, ...of.slice(1)] } : tree;
  }
  if (isConstant(a) && (of.length === 1 || isConstant(b))) {
    if (code === op.isZero) return constant(Number(a.at === 0));
    const fold = operations[code];
    if (fold !== undefined) return constant(fold(a.at, b!.at as number));
  }
  if (code === op.select && isConstant(of[2])) {
    const [chosen, other] = of[2].at === 0 ? [b!, a!] : [a!, b!];
    return isPure(other) ? chosen : tree;
  }
  if (code === op.and || code === op.or) {
    const [known, other] = isConstant(a) ? [a.at, b!] : isConstant(b) ? [b.at, a!] : [undefined, a!];
    if (known === 0) {
      if (code === op.or) return other;
      if (isPure(other)) return constant(0);
    }
    if (known === 1 && code === op.and && isTruth(other)) return other;
  }
  if (code === op.subtract && isConstant(b)) return simplified({ op: op.add, at: 0, of: [a!, constant(-b.at)] });
  if (code === op.add) {
    const [left, more] = apart(a!);
    const [right, yet] = apart(b!);
    if (more !== 0 || yet !== 0) return plus(plus(left, right), (more + yet) | 0);
  }
  if (code === op.shiftLeft && isConstant(b)) {
    const [rest, more] = apart(a!);
    if (more !== 0 && !isConstant(rest)) return plus({ op: code, at: 0, of: [rest, b] }, more << b.at);
  }
  return tree;
}

/** Whether a value is 0 or 1: that of a comparison. */
function isTruth({ op: code, of }: Tree): boolean {
  return (code >= op.isZero && code <= 0x66) || ((code === op.and || code === op.or) && of.every(isTruth));
}

/** A sum without its constant, and the constant. */
function apart(tree: Tree): readonly [Tree, number] {
  if (isConstant(tree)) return [constant(0), tree.at];
  const last = tree.of[1];
  return tree.op === op.add && isConstant(last) ? [tree.of[0]!, last.at] : [tree, 0];
}

function plus(tree: Tree, more: Tree | number): Tree {
  const other = typeof more === "number" ? constant(more) : more;
  if (isConstant(other) && other.at === 0) return tree;
  if (isConstant(tree) && tree.at === 0) return other;
  return { op: op.add, at: 0, of: [tree, other] };
}
