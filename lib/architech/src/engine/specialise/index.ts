import type { Program } from "../program.js";
import { type CoreKind, type CoreModule, compiledModule, coreBytes } from "../wasm-core.js";
import { knownOf } from "./known.js";
import { read } from "./read.js";
import { type Source, sourceOf } from "./source.js";
import { specialise } from "./specialise.js";
import { outline, type WasmModule, withBody } from "./wasm-module.js";
import { write } from "./write.js";

/** A core's module and its loop, read once. */
interface Template {
  readonly module: WasmModule;
  readonly loop: number;
  readonly source: Source;
}

const templates: { [Kind in CoreKind]?: Template } = {};
const made = new WeakMap<Program, CoreModule | null>();

/**
 * A core that runs this program and no other, made once for each; `ints` is the memory that it was laid out in.
 * Undefined where it cannot be, or would be too large. How it comes about: docs/decisions/engine-specialised.md.
 */
export function specialisedModule(program: Program, ints: Int32Array): CoreModule | undefined {
  const known = made.get(program);
  if (known !== undefined) return known ?? undefined;
  const module = make(program, ints);
  made.set(program, module ?? null);
  return module;
}

function make(program: Program, ints: Int32Array): CoreModule | undefined {
  const kind: CoreKind = program.extended ? "extended" : "lean";
  templates[kind] ??= template(kind);
  const { module, loop, source } = templates[kind];
  const special = specialise(source, knownOf(program, ints));
  return special && compiledModule(withBody(module, loop, write(special.flow, special.shape)));
}

function template(kind: CoreKind): Template {
  const module = outline(coreBytes(kind));
  const loop = module.exported.get("run")!;
  return { module, loop, source: sourceOf(read(module, loop)) };
}
