import type { InitializeHook, LoadHook, ResolveHook } from "node:module";

/** What the hooks are told: compiled files by URL, and whose `architech` a script gets. */
export interface HookData {
  readonly files: ReadonlyMap<string, string>;
  readonly ours: string;
}

// Node's module hooks for a compiled script: they run in a thread of their own.

let files: ReadonlyMap<string, string> = new Map();
let ours = "";

export const initialize: InitializeHook<HookData> = (data) => {
  ({ files, ours } = data);
};

/** Finds compiled files under the names that imports give them (`./shop.js`, `./shop`), and our own packages from here. */
export const resolve: ResolveHook = async (specifier, context, nextResolve) => {
  if (/^@?architech(\/|$)/.test(specifier)) return nextResolve(specifier, { ...context, parentURL: ours });
  if (/^(?:\.|\/|file:)/.test(specifier)) {
    const url = new URL(specifier, context.parentURL).href;
    const found = [url, url.replace(/\.([mc]?)js$/, ".$1ts"), `${url}.ts`, `${url}/index.ts`].find((name) =>
      files.has(name),
    );
    if (found !== undefined) return { url: found, format: "module", shortCircuit: true };
  }
  return nextResolve(specifier, context);
};

/** Serves the compiled files. */
export const load: LoadHook = async (url, context, nextLoad) => {
  const source = files.get(url);
  return source === undefined ? nextLoad(url, context) : { format: "module", source, shortCircuit: true };
};
