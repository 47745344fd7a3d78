import { type Block, type Flow, op, reachable, successors, type Tree, valueType } from "./flow.js";
import { liveAt } from "./live.js";
import { type Loop, loopsOf } from "./loops.js";
import { isLoad } from "./operations.js";
import { straightened } from "./straighten.js";

/** The function that is specialised, and what is found out about it once. */
export interface Source extends Flow {
  /** Of each block, the whole numbers of 32 bits among the locals that are live where it begins. */
  readonly live: ReadonlyMap<Block, Int32Array>;
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
  const order = reachable(flow.entry);
  const tables = order.filter(({ end }) => end.kind === "switch");
  tables.sort((a, b) => successors(b.end).length - successors(a.end).length);
  const dispatch = tables[0];
  const pc = dispatch?.end.kind === "switch" ? localLoadedBy(dispatch.end.on) : undefined;
  const loops = loopsOf(order);
  const main = loops.find(({ inside }) => dispatch !== undefined && inside.has(dispatch));
  if (dispatch === undefined || pc === undefined || main === undefined)
    throw new Error("the machine's loop does not go on by the instruction at a place");
  const inner = new Map(loops.filter((loop) => loop !== main).map((loop) => [loop.header, loop]));
  const live = liveAt(order, flow.locals.length);
  const whole = (local: number): boolean => flow.locals[local] === valueType.i32;
  return { ...flow, live: new Map([...live].map(([block, its]) => [block, its.filter(whole)])), dispatch, pc, main, inner };
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
