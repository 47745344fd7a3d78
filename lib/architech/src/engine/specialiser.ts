import type { Program } from "./program.js";
import type { CoreModule } from "./wasm-core.js";

/** Makes a core that runs one program: see `specialise/index.ts`. */
export type Specialise = (program: Program, ints: Int32Array) => CoreModule | undefined;

let loaded: Specialise | undefined;
let loading: Promise<void> | undefined;

/** The specialiser, once `loadSpecialiser` has loaded it: most runs are over before it would be of use. */
export function specialiser(): Specialise | undefined {
  return loaded;
}

export function loadSpecialiser(): Promise<void> {
  loading ??= import("./specialise/index.js").then(({ specialisedModule }) => {
    loaded = specialisedModule;
  });
  return loading;
}
