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
  readonly #now: Values;
  readonly #ahead: Values;
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
    this.#ahead = this.#now.slice();
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
    const { main, inner, pc, live } = this.#source;
    const loop = inner.get(of);
    // From one instruction to the next only what is always a constant stays known, and where it is; and in a loop,
    // what the loop does not set, unless it is known when it ends.
    let forgotten: ReadonlySet<number> | undefined;
    if (of === main.header) forgotten = main.varies;
    else if (loop !== undefined && (this.#rolled.has(of) || !this.#decided(of, now))) forgotten = loop.sets;
    const lost: Tree[] = [];
    const known = Array.from(live.get(of)!, (local) => {
      const value = now[local];
      if (value === undefined || forgotten === undefined || !forgotten.has(local)) return value;
      if (of === main.header && local === pc) return value;
      lost.push({ op: op.set, at: local, of: [constant(value)] });
      return undefined;
    });
    const { block } = this.#version(of, known);
    // What is known here and not there has to stand in its local.
    return lost.length === 0 ? block : { id: -1, body: lost, end: { kind: "jump", to: block } };
  }

  /** Whether it is known if a loop goes on. */
  #decided(header: Block, known: Values): boolean {
    const now = this.#ahead;
    for (let local = 0; local < now.length; local++) now[local] = known[local];
    let block = header;
    do {
      for (const tree of block.body) this.#say(tree, now, []);
      if (block.end.kind === "branch") return isConstant(this.#value(block.end.on, now));
      if (block.end.kind !== "jump") return false;
      block = block.end.to;
    } while (block !== header);
    return false;
  }

  #version(of: Block, known: LiveValues): Version {
    const key = `${of.id}:${known.join()}`;
    const there = this.#versions.get(key);
    if (there !== undefined) return there;
    const version: Version = { of, known, block: { id: this.#versions.size, body: [], end: { kind: "trap" } } };
    this.#versions.set(key, version);
    this.#queue.push(version);
    return version;
  }

  #fill({ of, known, block }: Version): void {
    const { dispatch, live, pc } = this.#source;
    const now = this.#now.fill(undefined);
    for (const [i, local] of live.get(of)!.entries()) now[local] = known[i];
    if (of === dispatch) {
      const place = now[pc];
      if (place === undefined) {
        block.end = this.#byPlace(known);
        return;
      }
      // Not every way that leads here can be gone: one that leads to no instruction cannot.
      if (!this.#entries.has(place)) return;
    }
    for (const tree of of.body) this.#say(tree, now, block.body);
    block.end = this.#end(of.end, now);
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
    const { dispatch, live, pc } = this.#source;
    const here = known.slice();
    here[live.get(dispatch)!.indexOf(pc)] = place;
    targets[place - this.#known.code.from] = this.#version(dispatch, here).block;
  }

  /** A place in the code that is written into memory may be where a frame will go on. */
  #note({ op: code, of }: Tree): void {
    const value = of[1];
    if (code !== op.store || !isConstant(value) || !this.#entries.has(value.at) || this.#resumed.has(value.at)) return;
    this.#resumed.add(value.at);
    for (const table of this.#tables) this.#add(value.at, table);
  }

  #end(end: End, now: Values): End {
    switch (end.kind) {
      case "jump":
        return { kind: "jump", to: this.#go(end.to, now) };
      case "branch": {
        const on = this.#value(end.on, now);
        if (isConstant(on)) return { kind: "jump", to: this.#go(end.to[on.at === 0 ? 1 : 0], now) };
        const yes = this.#go(end.to[0], now);
        // What is not true is zero.
        if (on.op === op.get || on.op === op.tee) now[Number(on.at)] = 0;
        return { kind: "branch", on, to: [yes, this.#go(end.to[1], now)] };
      }
      case "switch": {
        const on = this.#value(end.on, now);
        const last = end.to.length - 1;
        if (isConstant(on)) return { kind: "jump", to: this.#go(end.to[Math.min(on.at >>> 0, last)]!, now) };
        return { kind: "switch", on, to: end.to.map((to) => this.#go(to, now)) };
      }
      case "return":
        return { kind: "return", value: end.value && this.#value(end.value, now) };
      case "trap":
        return end;
    }
  }

  /** Writes what is left of a tree without value. */
  #say(tree: Tree, now: Values, to: Tree[]): void {
    if (tree.op === op.set) {
      const value = this.#value(tree.of[0]!, now);
      const local = Number(tree.at);
      now[local] = isConstant(value) ? value.at : undefined;
      if (now[local] === undefined) to.push({ op: op.set, at: local, of: [value] });
      return;
    }
    const said = this.#value(tree, now);
    if (tree.op === op.drop && isPure(said.of[0]!)) return;
    this.#note(said);
    to.push(said);
  }

  /** What is left of a tree. A known local does not stand in its own place: `now` has it. */
  #value(tree: Tree, now: Values): Tree {
    const { op: code, at } = tree;
    if (code === op.get) {
      const value = now[Number(at)];
      return value === undefined ? tree : constant(value);
    }
    if (code === op.tee) {
      const value = this.#value(tree.of[0]!, now);
      now[Number(at)] = isConstant(value) ? value.at : undefined;
      return isConstant(value) ? value : { op: code, at, of: [value] };
    }
    if (tree.of.length === 0) return tree;
    const simple = simplified({ op: code, at, of: tree.of.map((operand) => this.#value(operand, now)) });
    if (simple.op !== op.load || !isConstant(simple.of[0]) || simple.of[0].at !== 0) return simple;
    const value = this.#known.int(Number(simple.at) >> 2);
    return value === undefined ? simple : constant(value);
  }
}
