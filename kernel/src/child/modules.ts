// Hooks of Node's module loader, in a thread of their own: where `architech` is found, and how modules in TypeScript
// beside the notebook are loaded.
import { statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import type { InitializeHook, LoadHook, ResolveHook } from "node:module";
import { fileURLToPath } from "node:url";
import type ts from "typescript";
import { isOwnModule } from "../own-modules.js";

const typescript = /\.[cm]?tsx?$/;

let kernelUrl = "";
/** Modules beside the notebook that were loaded, with the time of their last change. */
const loaded = new Map<string, number>();
let version = 0;

export const initialize: InitializeHook<{ kernelUrl: string }> = (data) => {
  kernelUrl = data.kernelUrl;
};

const modified = (url: string): number => statSync(fileURLToPath(url)).mtimeMs;
const isCell = (url: string | undefined): boolean => /\/__cell_\d+\.ts$/.test(url ?? "");

/** After a change of any module beside the notebook, all of them are loaded anew: they may depend on each other. */
function versioned(url: string, fromCell: boolean): string {
  if (fromCell && [...loaded].some(([one, time]) => changed(one, time))) {
    loaded.clear();
    version += 1;
  }
  loaded.set(url, modified(url));
  return version === 0 ? url : `${url}?version=${version}`;
}

function changed(url: string, time: number): boolean {
  try {
    return modified(url) !== time;
  } catch {
    return true;
  }
}

export const resolve: ResolveHook = async (specifier, context, next) => {
  if (isOwnModule(specifier)) return next(specifier, { ...context, parentURL: kernelUrl });
  const isRelative = /^(\.{1,2}\/|\/|file:)/.test(specifier);
  if (!isRelative) return next(specifier, context);
  for (const candidate of candidates(specifier)) {
    try {
      const found = await next(candidate, context);
      if (!typescript.test(found.url) || found.url.includes("/node_modules/")) return found;
      return { ...found, url: versioned(found.url, isCell(context.parentURL)), format: "module" };
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
  }
  return next(specifier, context);
};

const isMissing = (error: unknown): boolean =>
  ["ERR_MODULE_NOT_FOUND", "ERR_UNSUPPORTED_DIR_IMPORT"].includes((error as { code?: string }).code ?? "");

/** `./shop` and `./shop.js` may both mean `./shop.ts`, as the type checker reads them. */
function candidates(specifier: string): string[] {
  const script = /^(.*)\.([cm]?)js$/.exec(specifier);
  if (script) return [`${script[1]}.${script[2]}ts`, specifier];
  return [specifier, `${specifier}.ts`, `${specifier}/index.ts`];
}

export const load: LoadHook = async (url, context, next) => {
  const file = url.split("?")[0] ?? url;
  if (!file.startsWith("file:") || !typescript.test(file) || file.includes("/node_modules/")) return next(url, context);
  const { default: compiler } = await import("#typescript");
  return {
    format: "module",
    shortCircuit: true,
    source: compile(compiler, await readFile(new URL(file), "utf8"), file),
  };
};

function compile(compiler: typeof ts, text: string, url: string): string {
  const { outputText } = compiler.transpileModule(text, {
    fileName: fileURLToPath(url),
    compilerOptions: {
      module: compiler.ModuleKind.ESNext,
      target: compiler.ScriptTarget.ES2022,
      inlineSourceMap: true,
    },
  });
  return outputText;
}
