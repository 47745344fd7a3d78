import type { Shape } from "./dominators.js";
import { type Block, op, type Tree } from "./flow.js";

/** A loop of a function: where it begins, and what it sets. */
export interface Loop {
  readonly header: Block;
  readonly inside: ReadonlySet<Block>;
  readonly sets: ReadonlySet<number>;
  /** Those that it sets to more than constants. */
  readonly varies: ReadonlySet<number>;
}

/** The natural loops of a function, the outer ones first. */
export function loopsOf({ order, next }: Shape): Loop[] {
  const before: number[][] = order.map(() => []);
  for (const [from, ways] of next.entries()) for (const to of ways) before[to]!.push(from);
  return order.flatMap((header, i) => {
    const queue = before[i]!.filter((from) => from >= i);
    if (queue.length === 0) return [];
    const places = new Set([i]);
    for (let place = queue.pop(); place !== undefined; place = queue.pop()) {
      if (places.has(place)) continue;
      places.add(place);
      queue.push(...before[place]!);
    }
    const inside = new Set([...places].map((place) => order[place]!));
    const values = valuesSetIn(inside);
    return [{ header, inside, sets: new Set(values.keys()), varies: varying(values) }];
  });
}

/** By local, what some blocks set it to. */
export function valuesSetIn(blocks: Iterable<Block>): Map<number, Tree[]> {
  const values = new Map<number, Tree[]>();
  const note = ({ op: code, at, of }: Tree): void => {
    of.forEach(note);
    if (code !== op.set && code !== op.tee) return;
    const its = values.get(Number(at));
    if (its === undefined) values.set(Number(at), [of[0]!]);
    else its.push(of[0]!);
  };
  for (const { body, end } of blocks) {
    body.forEach(note);
    if (end.kind === "branch" || end.kind === "switch") note(end.on);
  }
  return values;
}

/** Those locals that are set to more than constants, be it by way of others. */
function varying(values: ReadonlyMap<number, readonly Tree[]>): Set<number> {
  const varies = new Set<number>();
  const settled = ({ op: code, at, of }: Tree): boolean => {
    if (code === op.i32) return true;
    if (code === op.get) return !varies.has(Number(at));
    return code === op.tee && settled(of[0]!);
  };
  for (let size = -1; size < varies.size; ) {
    size = varies.size;
    for (const [local, trees] of values) if (!trees.every(settled)) varies.add(local);
  }
  return varies;
}
