import { type Block, op, reachable, successors, type Tree } from "./flow.js";

/** Of each block, the locals whose values at its beginning somebody may yet take. */
export function liveAt(entry: Block, locals: number): Map<Block, Uint8Array> {
  const order = reachable(entry).reverse();
  const live = new Map(order.map((block) => [block, new Uint8Array(locals)]));
  for (let changed = true; changed; ) {
    changed = false;
    for (const block of order) {
      const now = liveAfter(block, live);
      for (const tree of endTrees(block)) back(tree, now);
      for (let i = block.body.length - 1; i >= 0; i--) back(block.body[i]!, now);
      const known = live.get(block)!;
      for (let local = 0; local < locals; local++)
        if (now[local] === 1 && known[local] === 0) {
          known[local] = 1;
          changed = true;
        }
    }
  }
  return live;
}

export function liveAfter(block: Block, live: ReadonlyMap<Block, Uint8Array>): Uint8Array {
  const [first, ...others] = successors(block.end);
  const all = first === undefined ? new Uint8Array(live.get(block)!.length) : live.get(first)!.slice();
  for (const next of others) {
    const its = live.get(next)!;
    for (let local = 0; local < all.length; local++) all[local]! |= its[local]!;
  }
  return all;
}

export function endTrees({ end }: Block): readonly Tree[] {
  if (end.kind === "branch" || end.kind === "switch") return [end.on];
  return end.kind === "return" && end.value !== undefined ? [end.value] : [];
}

/** From what is live after a tree to what is live before it. */
export function back(tree: Tree, live: Uint8Array): void {
  if (tree.op === op.set || tree.op === op.tee) live[Number(tree.at)] = 0;
  else if (tree.op === op.get) live[Number(tree.at)] = 1;
  for (let i = tree.of.length - 1; i >= 0; i--) back(tree.of[i]!, live);
}
