import { fileURLToPath, pathToFileURL } from "node:url";
import ts from "#typescript";

/** A script that was compiled, or what the compiler has against it. */
export interface Compiled {
  /** JavaScript by the URL of the TypeScript file that it comes from. */
  readonly files: ReadonlyMap<string, string>;
  /** Errors as the compiler prints them, with file, line and column; empty when there are none. */
  readonly errors: string;
}

const options: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2023,
  lib: ["lib.es2023.d.ts", "lib.dom.d.ts"],
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  moduleDetection: ts.ModuleDetectionKind.Force,
  allowImportingTsExtensions: true,
  rewriteRelativeImportExtensions: true,
  strict: true,
  noUncheckedIndexedAccess: true,
  skipLibCheck: true,
  types: ["node"],
  inlineSourceMap: true,
  inlineSources: true,
};

/** Checks the types of a script and of what it imports by relative paths, and compiles them. `architech` is this one, wherever the script lies. */
export function compileScript(file: string): Compiled {
  const host = ts.createCompilerHost(options);
  const here = fileURLToPath(import.meta.url);
  const cache = ts.createModuleResolutionCache(host.getCurrentDirectory(), (name) => name, options);
  const ownTypes = ts.getEffectiveTypeRoots({}, { getCurrentDirectory: () => here }) ?? [];
  host.resolveModuleNameLiterals = (literals, containing) =>
    literals.map(({ text }) => ts.resolveModuleName(text, isOurs(text) ? here : containing, options, host, cache));
  // One copy of Node's types: packages that refer to them may have brought another, and the two would contradict.
  host.resolveTypeReferenceDirectiveReferences = (references, containing) =>
    references.map((reference) => {
      const name = typeof reference === "string" ? reference : reference.fileName;
      return name === "node"
        ? ts.resolveTypeReferenceDirective(name, here, { ...options, typeRoots: ownTypes }, host)
        : ts.resolveTypeReferenceDirective(name, containing, options, host);
    });
  const program = ts.createProgram([file], { ...options, typeRoots: ownTypes }, host);
  const files = new Map<string, string>();
  const diagnostics = ts.getPreEmitDiagnostics(program);
  if (diagnostics.length > 0) return { files, errors: format(diagnostics) };
  program.emit(undefined, (_name, text, _mark, _error, sources) => {
    for (const source of sources ?? []) files.set(pathToFileURL(source.fileName).href, text);
  });
  return { files, errors: "" };
}

/** Whether a module is part of this installation rather than of the script's surroundings. */
function isOurs(specifier: string): boolean {
  return specifier === "architech" || specifier.startsWith("architech/") || specifier.startsWith("@architech/");
}

function format(diagnostics: readonly ts.Diagnostic[]): string {
  const host: ts.FormatDiagnosticsHost = {
    getCanonicalFileName: (name) => name,
    getCurrentDirectory: () => process.cwd(),
    getNewLine: () => "\n",
  };
  return process.stderr.isTTY
    ? ts.formatDiagnosticsWithColorAndContext(diagnostics, host)
    : ts.formatDiagnostics(diagnostics, host);
}
