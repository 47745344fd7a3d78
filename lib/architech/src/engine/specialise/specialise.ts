import { irreducible, type Shape, shapeOf } from "./dominators.js";
import type { Block, Flow } from "./flow.js";
import { type Known, Residue } from "./residue.js";
import type { Source } from "./source.js";

/** More blocks than this take longer to compile than they save. */
const mostBlocks = 30_000;

/**
 * The loop of the machine for one program: the first projection of Futamura (1971). What the program's code says is
 * done already, and what is left is written for each instruction apart. Undefined where that would be too much.
 */
export function specialise(source: Source, known: Known): { flow: Flow; shape: Shape } | undefined {
  const { locals, parameters } = source;
  const rolled = new Set<Block>();
  for (;;) {
    const residue = new Residue(source, known, rolled, mostBlocks);
    if (!residue.complete) return undefined;
    const { entry } = residue;
    const shape = shapeOf(entry);
    const middle = irreducible(shape);
    if (middle === undefined) return { flow: { locals, parameters, entry }, shape };
    // Turns of a loop that were written one by one lead into the middle of those that were not.
    const block = residue.madeOf(middle);
    const loops = [...source.inner.values()].filter(
      ({ header, inside }) => block !== undefined && inside.has(block) && !rolled.has(header),
    );
    if (loops.length === 0) return undefined;
    rolled.add(loops.reduce((a, b) => (b.inside.size < a.inside.size ? b : a)).header);
  }
}
