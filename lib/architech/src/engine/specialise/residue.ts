import { type Block, constant, type End, op, type Tree, valueType } from "./flow.js";
import { isConstant, simplified } from "./fold.js";
import { isPure } from "./operations.js";
import type { Source } from "./source.js";

/** What is known of a program before it runs. */
export interface Known {
  /** The int at a place of memory, where it never changes. */
  int(place: number): number | undefined;
  /** Where its code begins and ends, as places of ints. */
  readonly code: { readonly from: number; readonly to: number };
  /** Where each instruction begins. */
  readonly entries: readonly number[];
  /** Those at which a frame may go on without that the loop itself has said so. */
  readonly resumed: readonly number[];
  /** Those to which a way through the code leads back. */
  readonly again: ReadonlySet<number>;
}

/** By local, the values that are known. */
type Values = (number | undefined)[];

/** Of a block's live locals, in their order, the values that are known. */
type LiveValues = readonly (number | undefined)[];

/** A block of the source as it is where these are known. */
interface Version {
  readonly of: Block;
  readonly known: LiveValues;
  readonly block: Block;
}

/** A jump by the place in the code: what is known besides, and where it leads from each place. */
interface Table {
  readonly known: LiveValues;
  readonly targets: Block[];
}

/**
 * What is left of a function when so much is known: each block is written once for each set of values that its live
 * locals are known to have.
 */
export class Residue {
  readonly entry: Block;
  readonly #source: Source;
  readonly #known: Known;
  /** Headers of loops whose turns are not written one by one. */
  readonly #rolled: ReadonlySet<Block>;
  readonly #most: number;
  readonly #entries: ReadonlySet<number>;
  readonly #versions = new Map<string, Version>();
  readonly #queue: Version[] = [];
  /** Places in the code at which a frame may go on that has held, waited or been called. */
  readonly #resumed: Set<number>;
  readonly #tables: Table[] = [];
  /** What is known while a block is written, and while one looks ahead. */
  #now: Values;
  /** The locals of which something else is known than at the beginning. */
  readonly #changed: number[] = [];
  /** What was known when the main loop was entered, and does not change any more. */
  #base: Values | undefined;
  readonly #trap: Block = { id: -1, body: [], end: { kind: "trap" } };

  /** Gives up, which `complete` says, once there are more than `most` blocks. */
  constructor(source: Source, known: Known, rolled: ReadonlySet<Block>, most: number) {
    this.#source = source;
    this.#known = known;
    this.#rolled = rolled;
    this.#most = most;
    this.#entries = new Set(known.entries);
    this.#resumed = new Set(known.resumed);
    // A local that is no parameter begins as zero.
    const { locals, parameters } = source;
    const zero = locals.map((type, i) => (i >= parameters && type === valueType.i32 ? 0 : undefined));
    this.#now = Array(locals.length).fill(undefined);
    this.entry = this.#go(source.entry, zero);
    for (let next = this.#queue.pop(); next !== undefined && this.complete; next = this.#queue.pop()) this.#fill(next);
  }

  get complete(): boolean {
    return this.#versions.size <= this.#most;
  }

  /** The block that one of its blocks was made of. */
  madeOf(block: Block): Block | undefined {
    for (const version of this.#versions.values()) if (version.block === block) return version.of;
    return undefined;
  }

  /** Where a jump to a block leads when so much is known. */
  #go(of: Block, now: Values): Block {
    const { main, inner, pc, tracked, changing } = this.#source;
    const loop = inner.get(of);
    // From one instruction to the next only what is always a constant stays known, and where it is; and in a loop,
    // what the loop does not set, unless it is known when it ends.
    let forgotten: ReadonlySet<number> | undefined;
    if (of === main.header) {
      forgotten = main.varies;
      if (this.#base === undefined) {
        this.#base = now.map((value, local) => (changing.has(local) ? undefined : value));
        for (let local = 0; local < now.length; local++) this.#changed.push(local);
      }
    } else if (loop !== undefined && (this.#rolled.has(of) || !this.#decided(of, now))) forgotten = loop.sets;
    const place = now[pc];
    // Where the code goes round, it does so by the table of places: else its middle could be entered from there.
    const goesOn = of === main.header && place !== undefined && !this.#known.again.has(place);
    const locals = tracked.get(of)!;
    const known: (number | undefined)[] = [];
    let key = `${of.id}`;
    let lost: Tree[] | undefined;
    for (let i = 0; i < locals.length; i++) {
      const local = locals[i]!;
      let value = now[local];
      if (value !== undefined && forgotten?.has(local) && !(local === pc && goesOn)) {
        lost ??= [];
        lost.push({ op: op.set, at: local, of: [constant(value)] });
        value = undefined;
      }
      known.push(value);
      key += value === undefined ? "," : `,${value}`;
    }
    const block = this.#version(of, known, key);
    // What is known here and not there has to stand in its local.
    return lost === undefined ? block : { id: -1, body: lost, end: { kind: "jump", to: block } };
  }

  /** Whether it is known if a loop goes on. */
  #decided(header: Block, known: Values): boolean {
    const before = this.#now;
    this.#now = known.slice();
    let block = header;
    for (;;) {
      for (const tree of block.body) this.#say(tree, []);
      if (block.end.kind !== "jump" || block.end.to === header) break;
      block = block.end.to;
    }
    const decided = block.end.kind === "branch" && isConstant(this.#value(block.end.on));
    this.#now = before;
    return decided;
  }

  #version(of: Block, known: LiveValues, key: string): Block {
    const there = this.#versions.get(key);
    if (there !== undefined) return there.block;
    const version: Version = { of, known, block: { id: this.#versions.size, body: [], end: { kind: "trap" } } };
    this.#versions.set(key, version);
    this.#queue.push(version);
    return version.block;
  }

  #fill({ of, known, block }: Version): void {
    const { dispatch, tracked, pc } = this.#source;
    const now = this.#now;
    // Back to what is known from the beginning.
    for (const local of this.#changed) now[local] = this.#base?.[local];
    this.#changed.length = 0;
    const locals = tracked.get(of)!;
    for (let i = 0; i < locals.length; i++) this.#learn(locals[i]!, known[i]);
    if (of === dispatch) {
      const place = now[pc];
      if (place === undefined) {
        block.end = this.#byPlace(known);
        return;
      }
      // Not every way that leads here can be gone: one that leads to no instruction cannot.
      if (!this.#entries.has(place)) return;
    }
    for (const tree of of.body) this.#say(tree, block.body);
    block.end = this.#end(of.end);
  }

  /** Goes on by the place in the code. */
  #byPlace(known: LiveValues): End {
    const { from, to } = this.#known.code;
    const table: Table = { known, targets: Array(to - from + 1).fill(this.#trap) };
    this.#tables.push(table);
    for (const place of this.#resumed) this.#add(place, table);
    const on = simplified({ op: op.add, at: 0, of: [{ op: op.get, at: this.#source.pc, of: [] }, constant(-from)] });
    return { kind: "switch", on, to: table.targets };
  }

  #add(place: number, { known, targets }: Table): void {
    const { dispatch, tracked, pc } = this.#source;
    const here = known.slice();
    here[tracked.get(dispatch)!.indexOf(pc)] = place;
    const key = here.reduce<string>((text, value) => `${text},${value ?? ""}`, `${dispatch.id}`);
    targets[place - this.#known.code.from] = this.#version(dispatch, here, key);
  }

  /** A place in the code that is written into memory may be where a frame will go on. */
  #note({ op: code, of }: Tree): void {
    const value = of[1];
    if (code !== op.store || !isConstant(value) || !this.#entries.has(value.at) || this.#resumed.has(value.at)) return;
    this.#resumed.add(value.at);
    for (const table of this.#tables) this.#add(value.at, table);
  }

  #end(end: End): End {
    switch (end.kind) {
      case "jump":
        return { kind: "jump", to: this.#go(end.to, this.#now) };
      case "branch": {
        const on = this.#value(end.on);
        if (isConstant(on)) return { kind: "jump", to: this.#go(end.to[on.at === 0 ? 1 : 0], this.#now) };
        const yes = this.#go(end.to[0], this.#now);
        // What is not true is zero.
        if (on.op === op.get || on.op === op.tee) this.#learn(Number(on.at), 0);
        return { kind: "branch", on, to: [yes, this.#go(end.to[1], this.#now)] };
      }
      case "switch": {
        const on = this.#value(end.on);
        const last = end.to.length - 1;
        if (isConstant(on)) return { kind: "jump", to: this.#go(end.to[Math.min(on.at >>> 0, last)]!, this.#now) };
        return { kind: "switch", on, to: end.to.map((to) => this.#go(to, this.#now)) };
      }
      case "return":
        return { kind: "return", value: end.value && this.#value(end.value) };
      case "trap":
        return end;
    }
  }

  #learn(local: number, value: number | undefined): void {
    this.#now[local] = value;
    this.#changed.push(local);
  }

  /** Writes what is left of a tree without value. */
  #say(tree: Tree, to: Tree[]): void {
    if (tree.op === op.set) {
      const value = this.#value(tree.of[0]!);
      const local = Number(tree.at);
      this.#learn(local, isConstant(value) ? value.at : undefined);
      if (!isConstant(value)) to.push({ op: op.set, at: local, of: [value] });
      return;
    }
    const said = this.#value(tree);
    if (tree.op === op.drop && isPure(said.of[0]!)) return;
    this.#note(said);
    to.push(said);
  }

  /** What is left of a tree. A known local does not stand in its own place: `#now` has it. */
  #value(tree: Tree): Tree {
    const { op: code, at } = tree;
    if (code === op.get) {
      const value = this.#now[Number(at)];
      return value === undefined ? tree : constant(value);
    }
    if (code === op.tee) {
      const value = this.#value(tree.of[0]!);
      this.#learn(Number(at), isConstant(value) ? value.at : undefined);
      return isConstant(value) ? value : { op: code, at, of: [value] };
    }
    if (tree.of.length === 0) return tree;
    const simple = simplified({ op: code, at, of: tree.of.map((operand) => this.#value(operand)) });
    if (simple.op !== op.load || !isConstant(simple.of[0]) || simple.of[0].at !== 0) return simple;
    const value = this.#known.int(Number(simple.at) >> 2);
    return value === undefined ? simple : constant(value);
  }
}
