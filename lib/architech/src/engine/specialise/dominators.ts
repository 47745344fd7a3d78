import { type Block, successors } from "./flow.js";

/** The blocks of a function in reverse postorder, and the one through which every way to each of them leads at last. */
export interface Shape {
  readonly order: readonly Block[];
  readonly place: ReadonlyMap<Block, number>;
  /** Of each block, by place, the places that it leads to. */
  readonly next: readonly (readonly number[])[];
  /** By place; the entry's is its own. */
  readonly dominator: Int32Array;
}

/** The dominators are found by the iteration of Cooper, Harvey and Kennedy (2001). */
export function shapeOf(entry: Block): Shape {
  const order = reachable(entry);
  const place = new Map<Block, number>();
  for (let i = 0; i < order.length; i++) place.set(order[i]!, i);
  const before: number[][] = order.map(() => []);
  const next = order.map((block, i) => {
    const places = successors(block.end).map((to) => place.get(to)!);
    for (const to of places) before[to]!.push(i);
    return places;
  });
  const dominator = new Int32Array(order.length).fill(-1);
  dominator[0] = 0;
  for (let changed = true; changed; ) {
    changed = false;
    for (let i = 1; i < order.length; i++) {
      let common = -1;
      for (const from of before[i]!) {
        if (dominator[from]! < 0) continue;
        let a = from;
        let b = common < 0 ? from : common;
        while (a !== b)
          if (a > b) a = dominator[a]!;
          else b = dominator[b]!;
        common = a;
      }
      if (dominator[i] === common) continue;
      dominator[i] = common;
      changed = true;
    }
  }
  return { order, place, next, dominator };
}

/** A block in the middle of a loop to which an edge leads from outside, if there is one. */
export function irreducible({ order, next, dominator }: Shape): Block | undefined {
  for (let from = 0; from < order.length; from++)
    for (const to of next[from]!) {
      if (to > from) continue;
      let up = from;
      while (up > to) up = dominator[up]!;
      if (up !== to) return order[to];
    }
  return undefined;
}

/** Every block that can be reached, in reverse postorder. */
export function reachable(entry: Block): Block[] {
  const order: Block[] = [];
  const seen = new Set([entry]);
  const path = [entry];
  const turns = [0];
  while (path.length > 0) {
    const last = path.length - 1;
    const block = path[last]!;
    const ways = successors(block.end);
    const turn = turns[last]!;
    if (turn === ways.length) {
      order.push(block);
      path.pop();
      turns.pop();
      continue;
    }
    turns[last] = turn + 1;
    // From the last to the first, so that the first comes first.
    const next = ways[ways.length - 1 - turn]!;
    if (seen.has(next)) continue;
    seen.add(next);
    path.push(next);
    turns.push(0);
  }
  return order.reverse();
}
