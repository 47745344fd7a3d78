import type { Shape } from "./dominators.js";
import { type Block, type End, op, type Tree } from "./flow.js";

/** Of each block, the locals whose values at its beginning somebody may yet take, in ascending order. */
export function liveAt({ order, next }: Shape, locals: number): Map<Block, Int32Array> {
  const words = (locals + 31) >> 5;
  const steps = order.map((block) => {
    const takes = new Uint32Array(words);
    const sets = new Uint32Array(words);
    for (const tree of block.body) note(tree, takes, sets);
    for (const tree of treesOf(block.end)) note(tree, takes, sets);
    return { sets, live: takes };
  });
  for (let changed = true; changed; ) {
    changed = false;
    for (let i = steps.length - 1; i >= 0; i--) {
      const { sets, live } = steps[i]!;
      for (const to of next[i]!) {
        const its = steps[to]!.live;
        for (let w = 0; w < words; w++) {
          const now = (live[w]! | (its[w]! & ~sets[w]!)) >>> 0;
          if (now === live[w]) continue;
          live[w] = now;
          changed = true;
        }
      }
    }
  }
  return new Map(order.map((block, i) => [block, numbersIn(steps[i]!.live)]));
}

function treesOf(end: End): readonly Tree[] {
  if (end.kind === "branch" || end.kind === "switch") return [end.on];
  return end.kind === "return" && end.value !== undefined ? [end.value] : [];
}

/** Notes what a tree takes before it is set, and what it sets. */
function note({ op: code, at, of }: Tree, takes: Uint32Array, sets: Uint32Array): void {
  for (const operand of of) note(operand, takes, sets);
  const word = Number(at) >> 5;
  const bit = 1 << Number(at);
  if (code === op.get && (sets[word]! & bit) === 0) takes[word]! |= bit;
  else if (code === op.set || code === op.tee) sets[word]! |= bit;
}

function numbersIn(bits: Uint32Array): Int32Array {
  const numbers: number[] = [];
  for (const [w, word] of bits.entries())
    for (let bit = 0; bit < 32; bit++) if ((word >>> bit) & 1) numbers.push(32 * w + bit);
  return Int32Array.from(numbers);
}
