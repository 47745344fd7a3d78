import { dominators, irreducible } from "./dominators.js";
import { type Block, constant, type End, type Flow, op, reachable, successors, type Tree, valueType } from "./flow.js";
import { isConstant, simplified } from "./fold.js";
import { liveAt } from "./live.js";
import { isLoad, isPure } from "./operations.js";

/** What is known of a function before it runs. */
export interface Known {
  /** The int at a place of memory, where it never changes. */
  int(place: number): number | undefined;
  /** Where the code of the program begins and ends, as places of ints. */
  readonly code: { readonly from: number; readonly to: number };
  /** Places in it at which a frame may go on. */
  readonly entries: readonly number[];
}

/** A block of the function as it is where these locals have these values. */
interface Version {
  readonly of: Block;
  readonly known: ReadonlyMap<number, number>;
  readonly block: Block;
}

/**
 * The loop of the machine for one program: the first projection of Futamura. Each block of the loop is written once
 * for each set of values that its locals are known to have, above all the place in the program's code.
 */
export class Specialiser {
  readonly #source: Source;

  constructor(flow: Flow) {
    const order = reachable(flow.entry);
    const tables = order.filter(({ end }) => end.kind === "switch");
    tables.sort((a, b) => successors(b.end).length - successors(a.end).length);
    const dispatch = tables[0]!;
    const pc = readLocal((dispatch.end as { readonly on: Tree }).on);
    if (pc === undefined) throw new Error("the loop does not choose by the instruction");
    const loops = loopsOf(order);
    const main = loops.find(({ inside }) => inside.has(dispatch))!;
    const inner = new Map(loops.filter((loop) => loop !== main).map(({ header, sets }) => [header, sets]));
    console.log("pc", pc, "settled", [...main.sets].filter((x) => !main.varies.has(x)).join());
    const live = liveAt(flow.entry, flow.locals.length);
    console.log("live at header", [...live.get(main.header)!.keys()].filter((x) => live.get(main.header)![x]).map((x) => x + (main.varies.has(x) ? "v" : main.sets.has(x) ? "c" : "")).join(" "));
    this.#source = { flow, live: liveAt(flow.entry, flow.locals.length), dispatch, pc, main, inner, loops };
  }

  specialise(known: Known): Flow | undefined {
    const { locals, parameters } = this.#source.flow;
    // Loops whose turns are not written one by one, since that would lead from one of them into the loop.
    const rolled = new Set<Block>();
    for (;;) {
      const residue = new Residue(this.#source, known, rolled);
      //residue.report();
      const { entry } = residue;
      (globalThis as {entry?: unknown}).entry = entry; const edge = irreducible(entry);
      if (edge === undefined) return { locals, parameters, entry };
      if (process.env.D) console.log("edge", residue.name(edge.from.id), residue.name(edge.to.id), this.#source.loops.map((l) => `${l.header.id}(${l.inside.size}:${l.inside.has(residue.sourceOf(edge.to)!)})`).join(" "));
      const loop = this.#loopOf(residue.sourceOf(edge.to), rolled);
      if (loop === undefined) return undefined;
      rolled.add(loop);
    }
  }

  #loopOf(block: Block | undefined, rolled: ReadonlySet<Block>): Block | undefined {
    const around = this.#source.loops.filter(({ header, inside }) => block && inside.has(block) && !rolled.has(header));
    around.sort((a, b) => a.inside.size - b.inside.size);
    const [first] = around;
    return first === undefined || first.header === this.#source.main.header ? undefined : first.header;
  }
}

/** The function that is specialised, and what is found out about it once. */
interface Source {
  readonly flow: Flow;
  readonly live: ReadonlyMap<Block, Uint8Array>;
  /** The block that goes on by the instruction, and the local that says at which. */
  readonly dispatch: Block;
  readonly pc: number;
  /** The loop that goes from instruction to instruction. */
  readonly main: Loop;
  readonly loops: readonly Loop[];
  /** By the header of each other loop, the locals that it sets. */
  readonly inner: ReadonlyMap<Block, ReadonlySet<number>>;
}

class Residue {
  readonly entry: Block;
  readonly #versions = new Map<string, Version>();
  readonly #queue: Version[] = [];
  readonly #trap: Block = { id: -1, body: [], end: { kind: "trap" } };

  readonly #source: Source;
  readonly #known: Known;
  readonly #rolled: ReadonlySet<Block>;
  readonly #entries: ReadonlySet<number>;

  constructor(source: Source, known: Known, rolled: ReadonlySet<Block>) {
    this.#rolled = rolled;
    this.#source = source;
    this.#known = known;
    this.#entries = new Set(known.entries);
    const { entry, locals, parameters } = source.flow;
    const zero = locals.flatMap((type, i) => (i >= parameters && type === valueType.i32 ? [[i, 0] as const] : []));
    this.entry = this.#go(entry, new Map(zero));
    for (;;) {
      const version = this.#queue.pop();
      if (version === undefined) break;
      this.#fill(version);
    }
  }

  sourceOf(block: Block): Block | undefined {
    for (const version of this.#versions.values()) if (version.block === block) return version.of;
    return undefined;
  }

  name(id: number): string {
    for (const v of this.#versions.values()) if (v.block.id === id) return `${v.of.id} {${[...v.known].filter(([l]) => this.#source.main.sets.has(l)).map((x) => x.join("=")).join(" ")}}`;
    return "?" + id;
  }

  report(): void {
    (globalThis as { residue?: unknown }).residue = this;
    const counts = new Map<number, Version[]>();
    for (const v of this.#versions.values()) counts.set(v.of.id, [...(counts.get(v.of.id) ?? []), v]);
    const head = this.#source.main.header.id;
    for (const v of counts.get(head) ?? []) console.log("header", [...v.known].filter(([l]) => this.#source.main.sets.has(l)).join(" "));
    for (const [id, vs] of [...counts].sort((x, y) => y[1].length - x[1].length).slice(0, 8)) {
      const vals = new Map<number, Map<string, number>>();
      const all = new Set(vs.flatMap((v) => [...v.known.keys()]));
      for (const l of all) { const m = new Map<string, number>(); for (const v of vs) { const k = String(v.known.get(l)); m.set(k, (m.get(k) ?? 0) + 1); } if (m.size > 1) vals.set(l, m); }
      console.log(id, vs.length, [...vals].map(([l, m]) => `${l}:{${[...m].slice(0, 5).map(([k, n]) => k + "×" + n).join(",")}}`).join(" "));
    }
  }

  get count(): number {
    return this.#versions.size;
  }

  /** Where a jump to a block leads when so much is known. */
  #go(of: Block, all: ReadonlyMap<number, number>): Block {
    const live = this.#source.live.get(of)!;
    const known = new Map([...all].filter(([local]) => live[local] === 1).sort(([a], [b]) => a - b));
    const { main, inner, pc } = this.#source;
    // From one instruction to the next only what is always a constant stays known, and where it is.
    if (of === main.header) for (const local of main.varies) if (local !== pc) known.delete(local);
    const set = inner.get(of);
    if (set !== undefined && (this.#rolled.has(of) || !this.#decided(of, known))) for (const local of set) known.delete(local);
    const { block } = this.#version(of, known);
    // What is known here and not there has to stand in its local.
    const lost = [...all].filter(([local]) => live[local] === 1 && !known.has(local));
    if (lost.length === 0) return block;
    const body = lost.map(([local, value]) => ({ op: op.set, at: local, of: [constant(value)] }));
    return { id: -1, body, end: { kind: "jump", to: block } };
  }

  /** Whether it is known if a loop goes on: then its turns are written one by one. */
  #decided(header: Block, known: ReadonlyMap<number, number>): boolean {
    const now = new Map(known);
    let block = header;
    for (;;) {
      for (const tree of block.body) this.#say(tree, now, []);
      if (block.end.kind === "branch") return isConstant(this.#value(block.end.on, now));
      if (block.end.kind !== "jump") return false;
      block = block.end.to;
      if (block === header) return false;
    }
  }

  #version(of: Block, known: ReadonlyMap<number, number>): Version {
    const key = `${of.id}:${[...known].join(";")}`;
    const there = this.#versions.get(key);
    if (there !== undefined) return there;
    const version: Version = { of, known, block: { id: this.#versions.size, body: [], end: { kind: "trap" } } };
    this.#versions.set(key, version);
    this.#queue.push(version);
    return version;
  }

  #fill({ of, known, block }: Version): void {
    if (of === this.#source.dispatch && !known.has(this.#source.pc)) {
      block.end = this.#byPlace(known);
      return;
    }
    // Not every way that leads here can be gone: one that leads to no instruction cannot.
    if (of === this.#source.dispatch && !this.#entries.has(known.get(this.#source.pc)!)) return;
    const now = new Map(known);
    for (const tree of of.body) this.#say(tree, now, block.body);
    block.end = this.#end(of.end, now);
  }

  /** Goes on by the place in the code. */
  #byPlace(known: ReadonlyMap<number, number>): End {
    const { from, to } = this.#known.code;
    const targets: Block[] = Array(to - from + 1).fill(this.#trap);
    for (const place of this.#known.entries)
      targets[place - from] = this.#version(
        this.#source.dispatch,
        new Map([...known, [this.#source.pc, place] as const].sort(([a], [b]) => a - b)),
      ).block;
    const on = simplified({ op: op.add, at: 0, of: [{ op: op.get, at: this.#source.pc, of: [] }, constant(-from)] });
    return { kind: "switch", on, to: targets };
  }

  #end(end: End, now: Map<number, number>): End {
    switch (end.kind) {
      case "jump":
        return { kind: "jump", to: this.#go(end.to, now) };
      case "branch": {
        const on = this.#value(end.on, now);
        if (isConstant(on)) return { kind: "jump", to: this.#go(end.to[on.at === 0 ? 1 : 0], now) };
        const yes = this.#go(end.to[0], now);
        // What is not true is zero.
        if (on.op === op.get || on.op === op.tee) now.set(Number(on.at), 0);
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

  #say(tree: Tree, now: Map<number, number>, to: Tree[]): void {
    if (tree.op === op.set) {
      const value = this.#value(tree.of[0]!, now);
      const local = Number(tree.at);
      if (isConstant(value)) now.set(local, value.at);
      else {
        now.delete(local);
        to.push({ op: op.set, at: local, of: [value] });
      }
      return;
    }
    const said = this.#value(tree, now);
    if (tree.op === op.drop && isPure(said.of[0]!)) return;
    to.push(said);
  }

  #value(tree: Tree, now: Map<number, number>): Tree {
    const { op: code, at } = tree;
    if (code === op.get) {
      const value = now.get(Number(at));
      return value === undefined ? tree : constant(value);
    }
    if (code === op.tee) {
      const value = this.#value(tree.of[0]!, now);
      if (isConstant(value)) {
        now.set(Number(at), value.at);
        return value;
      }
      now.delete(Number(at));
      return { op: code, at, of: [value] };
    }
    const of = tree.of.map((operand) => this.#value(operand, now));
    if (code === op.select && isConstant(of[2])) {
      const [yes, no] = of;
      const [chosen, other] = of[2].at === 0 ? [no!, yes!] : [yes!, no!];
      if (isPure(other)) return chosen;
    }
    const simple = simplified({ op: code, at, of });
    if (code === op.load && isConstant(simple.of[0]) && simple.of[0].at === 0) {
      const value = this.#known.int(Number(simple.at) >> 2);
      if (value !== undefined) return constant(value);
    }
    return simple;
  }
}

function readLocal({ op: code, of }: Tree): number | undefined {
  if (isLoad(code)) return localIn(of[0]!);
  for (const operand of of) {
    const found = readLocal(operand);
    if (found !== undefined) return found;
  }
  return undefined;
}

function localIn({ op: code, at, of }: Tree): number | undefined {
  if (code === op.get) return Number(at);
  for (const operand of of) {
    const found = localIn(operand);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A loop of the function: where it begins, and what it sets. */
interface Loop {
  readonly header: Block;
  readonly inside: ReadonlySet<Block>;
  readonly sets: ReadonlySet<number>;
  /** Those that it sets to more than constants. */
  readonly varies: ReadonlySet<number>;
}

function loopsOf(order: readonly Block[]): Loop[] {
  const { place } = dominators(order);
  const before = new Map<Block, Block[]>(order.map((block) => [block, []]));
  for (const block of order) for (const next of successors(block.end)) before.get(next)!.push(block);
  const loops: Loop[] = [];
  for (const header of order) {
    const tails = before.get(header)!.filter((from) => place.get(from)! >= place.get(header)!);
    if (tails.length === 0) continue;
    const inside = new Set([header]);
    const queue = [...tails];
    for (let block = queue.pop(); block !== undefined; block = queue.pop()) {
      if (inside.has(block)) continue;
      inside.add(block);
      queue.push(...before.get(block)!);
    }
    const values = new Map<number, Tree[]>();
    const note = ({ op: code, at, of }: Tree): void => {
      of.forEach(note);
      if (code === op.set || code === op.tee) values.set(Number(at), [...(values.get(Number(at)) ?? []), of[0]!]);
    };
    for (const { body, end } of inside) {
      body.forEach(note);
      if (end.kind === "branch" || end.kind === "switch") note(end.on);
    }
    loops.push({ header, inside, sets: new Set(values.keys()), varies: varying(values) });
  }
  return loops;
}

/** Those locals that are set to more than constants, be it by way of others. */
function varying(values: ReadonlyMap<number, readonly Tree[]>): Set<number> {
  const varies = new Set<number>();
  const settled = ({ op: code, at, of }: Tree): boolean => {
    if (code === op.i32) return true;
    if (code === op.get) return !varies.has(Number(at));
    if (code === op.tee) return settled(of[0]!);
    return code === op.select && settled(of[0]!) && settled(of[1]!);
  };
  for (let size = -1; size < varies.size; ) {
    size = varies.size;
    for (const [local, trees] of values) if (!trees.every(settled)) varies.add(local);
  }
  return varies;
}
