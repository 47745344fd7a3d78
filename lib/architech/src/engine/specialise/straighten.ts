import { reachable } from "./dominators.js";
import { type Block, type End, type Flow, successors } from "./flow.js";

/** The same function without blocks that only lead on, and with those joined that always follow one another. */
export function straightened({ locals, parameters, entry }: Flow): Flow {
  const through = (block: Block): Block => {
    let to = block;
    const passed = new Set<Block>();
    while (to.body.length === 0 && to.end.kind === "jump" && !passed.has(to)) {
      passed.add(to);
      to = to.end.to;
    }
    return to;
  };
  const first = through(entry);
  for (const block of reachable(entry)) block.end = redirected(block.end, through);
  const order = reachable(first);
  const entries = new Map<Block, number>([[first, 1]]);
  for (const { end } of order) for (const next of successors(end)) entries.set(next, (entries.get(next) ?? 0) + 1);
  for (const block of order)
    while (block.end.kind === "jump" && entries.get(block.end.to) === 1) {
      const { body, end } = block.end.to;
      block.body.push(...body);
      block.end = end;
    }
  return { locals, parameters, entry: first };
}

function redirected(end: End, through: (block: Block) => Block): End {
  switch (end.kind) {
    case "jump":
      return { ...end, to: through(end.to) };
    case "branch":
      return { ...end, to: [through(end.to[0]), through(end.to[1])] };
    case "switch":
      return { ...end, to: end.to.map(through) };
    default:
      return end;
  }
}
