import { type Block, reachable, successors } from "./flow.js";

/** An edge that leads into the middle of a loop, if there is one. */
export function irreducible(entry: Block): { readonly from: Block; readonly to: Block } | undefined {
  const order = reachable(entry);
  const { place, of } = dominators(order);
  for (const [i, from] of order.entries())
    for (const to of successors(from.end)) {
      const header = place.get(to)!;
      let up = i;
      while (up > header) up = of[up]!;
      if (header <= i && up !== header) return { from, to };
    }
  return undefined;
}

/** Where each block stands in an order, and the block through which every way to it leads at last. */
export interface Dominators {
  readonly place: ReadonlyMap<Block, number>;
  /** By place; the entry's is its own. */
  readonly of: Int32Array;
}

/** By the iteration of Cooper, Harvey and Kennedy; `order` is a reverse postorder. */
export function dominators(order: readonly Block[]): Dominators {
  const place = new Map(order.map((block, i) => [block, i]));
  const before: number[][] = order.map(() => []);
  for (const [i, block] of order.entries()) for (const next of successors(block.end)) before[place.get(next)!]!.push(i);
  const of = new Int32Array(order.length).fill(-1);
  of[0] = 0;
  for (let changed = true; changed; ) {
    changed = false;
    for (let i = 1; i < order.length; i++) {
      let common = -1;
      for (const from of before[i]!) {
        if (of[from]! < 0) continue;
        let a = from;
        let b = common < 0 ? from : common;
        while (a !== b)
          if (a > b) a = of[a]!;
          else b = of[b]!;
        common = a;
      }
      if (of[i] !== common) {
        of[i] = common;
        changed = true;
      }
    }
  }
  return { place, of };
}
