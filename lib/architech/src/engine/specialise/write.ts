import { ByteWriter } from "./bytes.js";
import type { Shape } from "./dominators.js";
import { type Block, type Flow, op, type Tree } from "./flow.js";
import { control, empty, isLoad, isStore } from "./operations.js";

/**
 * The body of a function, nested as WebAssembly wants it: along the tree of dominators, by Ramsey (Beyond Relooper,
 * ICFP 2022). No edge may lead into the middle of a loop.
 */
export function write(flow: Flow, shape: Shape): Uint8Array {
  return new FunctionWriter(flow, shape).write();
}

class FunctionWriter {
  readonly #flow: Flow;
  readonly #out = new ByteWriter();
  readonly #place: ReadonlyMap<Block, number>;
  /** Of each block, those merges that it dominates at once, by place. */
  readonly #merges = new Map<Block, Block[]>();
  readonly #merging = new Set<Block>();
  readonly #headers = new Set<Block>();
  /** The constructs around what is written: a loop's or a block's, or of nobody. */
  readonly #around: (Block | undefined)[] = [];
  readonly #loops: boolean[] = [];

  constructor(flow: Flow, { order, place, next, dominator }: Shape) {
    this.#flow = flow;
    this.#place = place;
    const entered = new Uint8Array(order.length);
    for (const [from, ways] of next.entries())
      for (const to of ways) {
        if (to <= from) this.#headers.add(order[to]!);
        else if (entered[to] === 1 || order[from]!.end.kind === "switch") this.#merging.add(order[to]!);
        entered[to] = 1;
      }
    for (const [i, block] of order.entries()) {
      if (!this.#merging.has(block)) continue;
      const over = order[dominator[i]!]!;
      const its = this.#merges.get(over);
      if (its === undefined) this.#merges.set(over, [block]);
      else its.push(block);
    }
  }

  write(): Uint8Array {
    const { locals, parameters, entry } = this.#flow;
    const groups: { type: number; count: number }[] = [];
    for (const type of locals.slice(parameters)) {
      const last = groups[groups.length - 1];
      if (last?.type === type) last.count++;
      else groups.push({ type, count: 1 });
    }
    this.#out.whole(groups.length);
    for (const { type, count } of groups) {
      this.#out.whole(count);
      this.#out.byte(type);
    }
    this.#tree(entry);
    this.#out.byte(control.trap);
    this.#out.byte(control.end);
    return this.#out.taken().slice();
  }

  #tree(block: Block): void {
    const loops = this.#headers.has(block);
    if (loops) this.#open(control.loop, block);
    const merges = this.#merges.get(block) ?? [];
    for (let i = merges.length - 1; i >= 0; i--) this.#open(control.block, merges[i]!);
    for (const tree of block.body) this.#value(tree);
    this.#end(block);
    for (const merge of merges) {
      this.#close();
      this.#tree(merge);
    }
    if (loops) this.#close();
  }

  #end(block: Block): void {
    const { end } = block;
    switch (end.kind) {
      case "jump":
        this.#go(block, end.to);
        return;
      case "trap":
        this.#out.byte(control.trap);
        return;
      case "return":
        if (end.value !== undefined) this.#value(end.value);
        this.#out.byte(control.return);
        return;
      case "switch":
        this.#value(end.on);
        this.#out.byte(control.table);
        this.#out.whole(end.to.length - 1);
        for (const to of end.to) this.#out.whole(this.#depth(block, to));
        return;
      case "branch": {
        const [yes, no] = end.to;
        this.#value(end.on);
        if (this.#labelled(block, yes)) {
          this.#out.byte(control.brIf);
          this.#out.whole(this.#depth(block, yes));
          this.#go(block, no);
          return;
        }
        if (this.#labelled(block, no)) {
          this.#out.byte(op.isZero);
          this.#out.byte(control.brIf);
          this.#out.whole(this.#depth(block, no));
          this.#go(block, yes);
          return;
        }
        this.#open(control.if, undefined);
        this.#go(block, yes);
        this.#out.byte(control.else);
        this.#go(block, no);
        this.#close();
      }
    }
  }

  #go(from: Block, to: Block): void {
    if (!this.#labelled(from, to)) {
      this.#tree(to);
      return;
    }
    this.#out.byte(control.br);
    this.#out.whole(this.#depth(from, to));
  }

  #back(from: Block, to: Block): boolean {
    return this.#place.get(to)! <= this.#place.get(from)!;
  }

  #labelled(from: Block, to: Block): boolean {
    return this.#merging.has(to) || this.#back(from, to);
  }

  #depth(from: Block, to: Block): number {
    const loop = this.#back(from, to);
    let i = this.#around.length - 1;
    while (i >= 0 && (this.#around[i] !== to || this.#loops[i] !== loop)) i--;
    if (i < 0) throw new Error("a block is out of reach");
    return this.#around.length - 1 - i;
  }

  #open(kind: number, of: Block | undefined): void {
    this.#out.byte(kind);
    this.#out.byte(empty);
    this.#around.push(of);
    this.#loops.push(kind === control.loop);
  }

  #close(): void {
    this.#out.byte(control.end);
    this.#around.pop();
    this.#loops.pop();
  }

  #value(tree: Tree): void {
    for (const operand of tree.of) this.#value(operand);
    const { op: operation, at } = tree;
    const out = this.#out;
    if (operation >= 0xfc00) {
      out.byte(0xfc);
      out.whole(operation & 0xff);
      return;
    }
    out.byte(operation);
    if (operation === op.i32 || operation === op.i64) out.signed(at);
    else if (operation === op.f64) out.double(Number(at));
    else if (isLoad(operation) || isStore(operation)) {
      out.whole(0);
      out.whole(Number(at));
    } else if (operation === op.memorySize || operation === op.memoryGrow) out.byte(0);
    else if ((operation >= op.get && operation <= op.globalSet) || operation === op.call) out.whole(Number(at));
  }
}
