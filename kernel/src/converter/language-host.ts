import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "#typescript";
import { isOwnModule } from "../own-modules.js";
import type { CellFiles } from "./cell-files.js";

/** How cells are checked and compiled. `target` is what Node 20 runs; decorators and `using` are rewritten for it. */
const compilerOptions: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  moduleDetection: ts.ModuleDetectionKind.Force,
  lib: ["lib.esnext.d.ts"],
  types: [],
  strict: true,
  // a notebook is for trying things out: a parameter may go untyped
  noImplicitAny: false,
  allowImportingTsExtensions: true,
  resolveJsonModule: true,
  skipLibCheck: true,
  preserveConstEnums: true,
  sourceMap: true,
  allowJs: true,
  checkJs: false,
  newLine: ts.NewLineKind.LineFeed,
};

const here = dirname(fileURLToPath(import.meta.url));

/** Where `architech` and the types of Node are found, wherever the notebook is. */
const kernelFile = join(here, "language-host.ts");

/**
 * Type declarations that are read before any cell: Node's, what the kernel adds (`display`, `input`), and those of
 * `architech`, which most notebooks import at once.
 */
function ambientFiles(): string[] {
  const node = createRequire(import.meta.url).resolve("@types/node/package.json");
  const { resolvedModule } = ts.resolveModuleName("architech", kernelFile, compilerOptions, ts.sys);
  const own = resolvedModule === undefined ? [] : [resolvedModule.resolvedFileName];
  return [join(dirname(node), "index.d.ts"), join(here, "../../globals.d.ts"), ...own].map((file) =>
    file.replaceAll("\\", "/"),
  );
}

/** What TypeScript's language service asks of its surroundings: the cells from memory, all else from disk. */
export function languageHost(cells: CellFiles, folder: string): ts.LanguageServiceHost {
  const ambient = ambientFiles();
  const stable = /\/node_modules\/|\/typescript\/lib\/lib\./;
  const cache = ts.createModuleResolutionCache(folder, (name) => name, compilerOptions);
  const modified = (fileName: string): string => ts.sys.getModifiedTime?.(fileName)?.getTime().toString() ?? "0";
  const host: ts.LanguageServiceHost = {
    getCompilationSettings: () => compilerOptions,
    getScriptFileNames: () => [...ambient, ...cells.fileNames],
    getScriptVersion: (fileName) => cells.version(fileName) ?? (stable.test(fileName) ? "1" : modified(fileName)),
    getScriptSnapshot(fileName) {
      const text = cells.text(fileName) ?? ts.sys.readFile(fileName);
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
    },
    getCurrentDirectory: () => folder,
    getDefaultLibFileName: (options) => join(dirname(ts.getDefaultLibFilePath(options)), "lib.esnext.d.ts"),
    fileExists: (fileName) => cells.has(fileName) || ts.sys.fileExists(fileName),
    readFile: (fileName) => cells.text(fileName) ?? ts.sys.readFile(fileName),
    readDirectory: ts.sys.readDirectory,
    directoryExists: ts.sys.directoryExists,
    getDirectories: ts.sys.getDirectories,
    realpath: ts.sys.realpath!,
    useCaseSensitiveFileNames: () => ts.sys.useCaseSensitiveFileNames,
    resolveModuleNameLiterals: (literals, containingFile, _redirected, options, file) =>
      literals.map((literal) => {
        const mode = file ? ts.getModeForUsageLocation(file, literal, options) : undefined;
        const from = isOwnModule(literal.text) ? kernelFile : containingFile;
        // a cell may import what was installed after its last try, so what cells import is looked up anew
        const known = cells.has(containingFile) ? undefined : cache;
        const result = ts.resolveModuleName(
          literal.text,
          from,
          options,
          host as ts.ModuleResolutionHost,
          known,
          undefined,
          mode,
        );
        return result;
      }),
    // One copy of Node's types: packages that refer to them may have brought another, and the two would contradict.
    resolveTypeReferenceDirectiveReferences: (references, containingFile, _redirected, options) =>
      references.map((reference) => {
        const name = typeof reference === "string" ? reference : reference.fileName;
        const from = name === "node" ? kernelFile : containingFile;
        return ts.resolveTypeReferenceDirective(name, from, options, host as ts.ModuleResolutionHost);
      }),
  };
  return host;
}
