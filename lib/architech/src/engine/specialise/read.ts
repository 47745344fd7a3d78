import { ByteReader } from "./bytes.js";
import { type Block, type Flow, op, type Tree, type ValueType, valueType } from "./flow.js";
import { control, empty, isLoad, isStore, operandsOf, typeOf } from "./operations.js";
import type { WasmModule } from "./wasm-module.js";

const nothing: Tree = { op: op.i32, at: 0, of: [] };

/** A construct that is open while its code is read. */
interface Open {
  readonly kind: number;
  /** Where a branch to it goes. */
  readonly to: Block;
  readonly end: Block;
  /** The local that takes its value, or -1. */
  readonly result: number;
  /** What lay on the stack before it. */
  readonly height: number;
  otherwise: Block | undefined;
}

/** Reads a function of a module. */
export function read(module: WasmModule, index: number): Flow {
  return new FunctionReader(module, index).read();
}

class FunctionReader {
  readonly #module: WasmModule;
  readonly #reader: ByteReader;
  readonly #locals: ValueType[] = [];
  readonly #parameters: number;
  readonly #returns: boolean;
  readonly #open: Open[] = [];
  #stack: Tree[] = [];
  #blocks = 0;
  #declared = 0;
  /** The block that is being read; undefined where nothing leads. */
  #block: Block | undefined;

  constructor(module: WasmModule, index: number) {
    this.#module = module;
    const { from, to } = module.bodies[index - module.imported]!;
    const { takes, gives } = module.signatures[index]!;
    this.#locals.push(...takes);
    this.#parameters = takes.length;
    this.#returns = gives.length > 0;
    this.#reader = new ByteReader(module.bytes, from, to);
  }

  read(): Flow {
    const reader = this.#reader;
    for (let groups = reader.whole(); groups > 0; groups--) {
      const count = reader.whole();
      const type = reader.byte() as ValueType;
      for (let i = 0; i < count; i++) this.#locals.push(type);
    }
    this.#declared = this.#locals.length;
    const entry = this.#begin();
    this.#block = entry;
    while (reader.at < reader.end) this.#next();
    return { locals: this.#locals, parameters: this.#parameters, entry };
  }

  #next(): void {
    const code = this.#reader.byte();
    switch (code) {
      case control.block:
      case control.loop:
      case control.if:
        this.#enter(code);
        return;
      case control.else:
        this.#otherwise();
        return;
      case control.end:
        this.#leave();
        return;
      case control.trap:
        this.#finish({ kind: "trap" });
        return;
      case control.nothing:
        return;
      case control.br:
        this.#jump(this.#target(), undefined);
        return;
      case control.brIf:
        this.#jumpIf();
        return;
      case control.table:
        this.#choose();
        return;
      case control.return:
        this.#finish({ kind: "return", value: this.#returns ? this.#pop() : undefined });
        return;
      default:
        this.#operate(code);
    }
  }

  #operate(code: number): void {
    const reader = this.#reader;
    const push = (tree: Tree): void => void this.#stack.push(tree);
    switch (code) {
      case op.drop:
        this.#say({ op: code, at: 0, of: [this.#pop()] });
        return;
      case op.set:
      case op.globalSet:
        this.#say({ op: code, at: reader.whole(), of: [this.#pop()] });
        return;
      case op.tee:
        push({ op: code, at: reader.whole(), of: [this.#pop()] });
        return;
      case op.get:
      case op.globalGet:
        push({ op: code, at: reader.whole(), of: [] });
        return;
      case op.i32:
        push({ op: code, at: Number(reader.signed()), of: [] });
        return;
      case op.i64:
        push({ op: code, at: reader.signed(), of: [] });
        return;
      case op.f64:
        push({ op: code, at: reader.double(), of: [] });
        return;
      case op.call: {
        const at = reader.whole();
        const { takes, gives } = this.#module.signatures[at]!;
        const tree = { op: code, at, of: this.#take(takes.length) };
        if (gives.length > 0) push(tree);
        else this.#say(tree);
        return;
      }
      case op.memorySize:
        reader.byte();
        push({ op: code, at: 0, of: [] });
        return;
      case op.memoryGrow:
        reader.byte();
        push({ op: code, at: 0, of: [this.#pop()] });
        return;
    }
    if (isLoad(code) || isStore(code)) {
      reader.whole();
      const at = reader.whole();
      const tree = { op: code, at, of: this.#take(operandsOf(code)) };
      if (isLoad(code)) push(tree);
      else this.#say(tree);
      return;
    }
    if (code === op.select) {
      this.#select();
      return;
    }
    const whole = code === 0xfc ? 0xfc00 | reader.whole() : code;
    push({ op: whole, at: 0, of: this.#take(operandsOf(whole)) });
  }

  /** A choice of a constant becomes two ways, so that it is known where each of them leads. */
  #select(): void {
    const [yes, no, on] = this.#take(3) as [Tree, Tree, Tree];
    const simple = ({ op: code, at }: Tree): boolean => code === op.i32 || (code === op.get && !sets(on, at));
    if (!simple(yes) || !simple(no) || (yes.op !== op.i32 && no.op !== op.i32)) {
      this.#stack.push({ op: op.select, at: 0, of: [yes, no, on] });
      return;
    }
    this.#spill();
    const local = this.#locals.push(valueType.i32) - 1;
    const ways = [yes, no].map((value) => {
      const way = this.#begin();
      way.body.push({ op: op.set, at: local, of: [value] });
      return way;
    });
    const end = this.#begin();
    for (const way of ways) way.end = { kind: "jump", to: end };
    const reached = this.#block !== undefined;
    this.#finish({ kind: "branch", on, to: [ways[0]!, ways[1]!] });
    this.#block = reached ? end : undefined;
    this.#stack.push({ op: op.get, at: local, of: [] });
  }

  #begin(): Block {
    return { id: this.#blocks++, body: [], end: { kind: "trap" } };
  }

  #finish(end: Block["end"]): void {
    if (this.#block !== undefined) this.#block.end = end;
    this.#block = undefined;
  }

  #pop(): Tree {
    const height = this.#open[this.#open.length - 1]?.height ?? 0;
    // Where nothing leads, operands need not be there.
    return this.#stack.length > height ? this.#stack.pop()! : nothing;
  }

  #take(count: number): Tree[] {
    const taken = Array.from({ length: count }, () => this.#pop());
    return taken.reverse();
  }

  /** A tree without a value: what waits on the stack is evaluated before it. */
  #say(tree: Tree): void {
    this.#spill();
    this.#block?.body.push(tree);
  }

  #spill(): void {
    this.#stack = this.#stack.map((tree) => {
      if (tree.op === op.i32 || tree.op === op.f64 || tree.op === op.i64) return tree;
      // Locals that were added here are set once before they are taken.
      if (tree.op === op.get && Number(tree.at) >= this.#declared) return tree;
      const local = this.#local(tree);
      this.#block?.body.push({ op: op.set, at: local, of: [tree] });
      return { op: op.get, at: local, of: [] };
    });
  }

  #local(like: Tree): number {
    return this.#locals.push(typeOf(like, this.#locals, this.#module)) - 1;
  }

  #enter(kind: number): void {
    const type = this.#reader.byte();
    const on = kind === control.if ? this.#pop() : undefined;
    this.#spill();
    const result = type === empty || kind === control.loop ? -1 : this.#locals.push(type as ValueType) - 1;
    const inner = this.#begin();
    const end = this.#begin();
    const otherwise = on === undefined ? undefined : this.#begin();
    const height = this.#stack.length;
    this.#open.push({ kind, to: kind === control.loop ? inner : end, end, result, height, otherwise });
    const reached = this.#block !== undefined;
    this.#finish(on === undefined ? { kind: "jump", to: inner } : { kind: "branch", on, to: [inner, otherwise!] });
    this.#block = reached ? inner : undefined;
    if (!reached && otherwise !== undefined) this.#open[this.#open.length - 1]!.otherwise = undefined;
  }

  #otherwise(): void {
    const open = this.#open[this.#open.length - 1]!;
    this.#jump(open, open.result < 0 ? undefined : this.#pop());
    this.#stack.length = open.height;
    this.#block = open.otherwise;
    open.otherwise = undefined;
  }

  #leave(): void {
    const open = this.#open[this.#open.length - 1];
    if (open === undefined) {
      if (this.#block !== undefined) this.#finish({ kind: "return", value: this.#returns ? this.#pop() : undefined });
      return;
    }
    if (open.kind === control.loop) {
      // What it gives stays on the stack, and nobody jumps to its end.
      this.#open.pop();
      if (this.#block === undefined) this.#stack.length = open.height;
      return;
    }
    const { end, result, otherwise } = open;
    if (this.#block !== undefined) this.#jump(open, result < 0 ? undefined : this.#pop());
    if (otherwise !== undefined) {
      otherwise.end = { kind: "jump", to: end };
      this.#led.add(end);
    }
    this.#open.pop();
    this.#stack.length = open.height;
    this.#block = this.#led.has(end) ? end : undefined;
    if (result >= 0) this.#stack.push({ op: op.get, at: result, of: [] });
  }

  /** Blocks that something jumps to. */
  readonly #led = new Set<Block>();

  #target(): Open | undefined {
    const depth = this.#reader.whole();
    return this.#open[this.#open.length - 1 - depth];
  }

  #jump(open: Open | undefined, value: Tree | undefined): void {
    if (open === undefined) {
      this.#finish({ kind: "return", value: this.#returns ? this.#pop() : undefined });
      return;
    }
    if (open.result >= 0) this.#say({ op: op.set, at: open.result, of: [value ?? this.#pop()] });
    if (this.#block !== undefined) this.#led.add(open.to);
    this.#finish({ kind: "jump", to: open.to });
  }

  #jumpIf(): void {
    const open = this.#target();
    const on = this.#pop();
    if (open === undefined) throw new Error("a conditional branch out of the function is not known");
    if (open.result >= 0) {
      const value = this.#pop();
      this.#stack.push(value);
      this.#spill();
      this.#block?.body.push({ op: op.set, at: open.result, of: [this.#stack[this.#stack.length - 1]!] });
    } else this.#spill();
    const next = this.#begin();
    const reached = this.#block !== undefined;
    if (reached) this.#led.add(open.to);
    this.#finish({ kind: "branch", on, to: [open.to, next] });
    this.#block = reached ? next : undefined;
  }

  #choose(): void {
    const targets = Array.from({ length: this.#reader.whole() + 1 }, () => this.#target());
    const on = this.#pop();
    const to = targets.map((open) => {
      if (open === undefined || open.result >= 0) throw new Error("a jump table that hands a value on is not known");
      if (this.#block !== undefined) this.#led.add(open.to);
      return open.to;
    });
    this.#finish({ kind: "switch", on, to });
  }
}

/** Whether a tree gives a local another value. */
function sets(tree: Tree, local: Tree["at"]): boolean {
  return (tree.op === op.tee && tree.at === local) || tree.of.some((operand) => sets(operand, local));
}
