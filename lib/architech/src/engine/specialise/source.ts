import { shapeOf } from "./dominators.js";
import { type Block, type Flow, op, successors, type Tree, valueType } from "./flow.js";
import { liveAt } from "./live.js";
import { type Loop, loopsOf, valuesSetIn } from "./loops.js";
import { isLoad, isStore } from "./operations.js";
import { straightened } from "./straighten.js";

/** The function that is specialised, and what is found out about it once. */
export interface Source extends Flow {
  /**
   * Of each block, the locals of which it matters whether they are known where it begins: they are live, and may be.
   * Those that are not set any more once the main loop has begun are not among them from there on.
   */
  readonly tracked: ReadonlyMap<Block, Int32Array>;
  /** Locals that are set once the main loop has begun. */
  readonly changing: ReadonlySet<number>;
  /** The block that goes on by the instruction, and the local that says at which. */
  readonly dispatch: Block;
  readonly pc: number;
  /** The loop that goes from instruction to instruction. */
  readonly main: Loop;
  /** The loops inside it, by their headers. */
  readonly inner: ReadonlyMap<Block, Loop>;
}

/** Looks at the loop of the machine: the one whose largest jump table goes on by what lies at a place in memory. */
export function sourceOf(read: Flow): Source {
  const flow = straightened(read);
  const shape = shapeOf(flow.entry);
  const { order, place } = shape;
  const tables = order.filter(({ end }) => end.kind === "switch");
  tables.sort((a, b) => successors(b.end).length - successors(a.end).length);
  const dispatch = tables[0];
  const pc = dispatch?.end.kind === "switch" ? localLoadedBy(dispatch.end.on) : undefined;
  const loops = loopsOf(shape);
  const main = loops.find(({ inside }) => dispatch !== undefined && inside.has(dispatch));
  if (dispatch === undefined || pc === undefined || main === undefined)
    throw new Error("the machine's loop does not go on by the instruction at a place");
  const inner = new Map(loops.filter((loop) => loop !== main).map((loop) => [loop.header, loop]));
  const may = mayBeKnown(flow, order);
  const begins = place.get(main.header)!;
  const changing = new Set(valuesSetIn(order.filter((block) => place.get(block)! >= begins)).keys());
  const tracked = new Map<Block, Int32Array>();
  for (const [block, live] of liveAt(shape, flow.locals.length)) {
    const early = place.get(block)! < begins;
    tracked.set(
      block,
      live.filter((local) => may.has(local) && (early || changing.has(local))),
    );
  }
  return { ...flow, tracked, changing, dispatch, pc, main, inner };
}

/** The whole numbers among the locals that are set to what may be known, and not just to what memory holds or is counted. */
function mayBeKnown({ locals, parameters }: Flow, order: readonly Block[]): Set<number> {
  const values = valuesSetIn(order);
  const may = new Set<number>();
  for (let local = parameters; local < locals.length; local++) if (locals[local] === valueType.i32) may.add(local);
  const known = ({ op: code, at, of }: Tree): boolean => {
    if (code === op.i32) return true;
    if (code === op.get) return may.has(Number(at));
    if (of.length === 0 || code === op.call || isStore(code) || code === op.memoryGrow) return false;
    return of.every(known);
  };
  for (let size = -1; size !== may.size; ) {
    size = may.size;
    for (const local of may) {
      const its = values.get(local);
      // What is never set is zero.
      if (its !== undefined && !its.some(known)) may.delete(local);
    }
  }
  return may;
}

/** The local in the place of the first value that a tree loads. */
function localLoadedBy({ op: code, of }: Tree): number | undefined {
  if (isLoad(code)) return first(of[0]!, (tree) => (tree.op === op.get ? Number(tree.at) : undefined));
  for (const operand of of) {
    const found = localLoadedBy(operand);
    if (found !== undefined) return found;
  }
  return undefined;
}

function first<T>(tree: Tree, find: (tree: Tree) => T | undefined): T | undefined {
  const found = find(tree);
  if (found !== undefined) return found;
  for (const operand of tree.of) {
    const its = first(operand, find);
    if (its !== undefined) return its;
  }
  return undefined;
}
