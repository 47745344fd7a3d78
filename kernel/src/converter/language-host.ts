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

type Host = ts.LanguageServiceHost & Pick<ts.CompilerHost, "getModuleResolutionCache">;

/** What TypeScript's language service asks of its surroundings: the cells from memory, all else from disk. */
export function languageHost(cells: CellFiles, folder: string): ts.LanguageServiceHost {
  const ambient = ambientFiles();
  const cache = ts.createModuleResolutionCache(folder, (name) => name, compilerOptions);
  const files = new Map<string, { version: string; snapshot: ts.IScriptSnapshot }>();
  /** Whether a file stays as it is while the kernel lives: what is installed, and declarations beyond the notebook's folder. */
  const isStable = (fileName: string): boolean =>
    fileName.includes("/node_modules/") || (/\.d\.[cm]?ts$/.test(fileName) && !fileName.startsWith(`${folder}/`));
  const versionOf = (fileName: string): string =>
    isStable(fileName) ? "1" : (ts.sys.getModifiedTime?.(fileName)?.getTime().toString() ?? "0");
  const host: Host = {
    getCompilationSettings: () => compilerOptions,
    // without it the package.json of each file of each package is read anew for every cell
    getModuleResolutionCache: () => cache,
    getScriptFileNames: () => [...ambient, ...cells.fileNames],
    getScriptVersion: (fileName) => cells.version(fileName) ?? versionOf(fileName),
    getScriptSnapshot(fileName) {
      const cell = cells.text(fileName);
      if (cell !== undefined) return ts.ScriptSnapshot.fromString(cell);
      // it is asked for every file, and again for every cell
      const version = versionOf(fileName);
      const known = files.get(fileName);
      if (known?.version === version) return known.snapshot;
      const text = ts.sys.readFile(fileName);
      if (text === undefined) return undefined;
      const snapshot = ts.ScriptSnapshot.fromString(text);
      files.set(fileName, { version, snapshot });
      return snapshot;
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
    // One copy of Node's types: packages that refer to them may have brought another, as may the notebook's folder
    // (where type roots are looked in first), and the two would contradict.
    resolveTypeReferenceDirectiveReferences: (references, containingFile, _redirected, options) =>
      references.map((reference) => {
        const name = typeof reference === "string" ? reference : reference.fileName;
        return name === "node"
          ? ts.resolveTypeReferenceDirective(
              name,
              kernelFile,
              { ...options, typeRoots: [] },
              host as ts.ModuleResolutionHost,
            )
          : ts.resolveTypeReferenceDirective(name, containingFile, options, host as ts.ModuleResolutionHost);
      }),
  };
  return host;
}
