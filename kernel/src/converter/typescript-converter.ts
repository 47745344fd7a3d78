import ts from "#typescript";
import { CellFiles, chain } from "./cell-files.js";
import { compile, localsOf } from "./compile.js";
import { completeness } from "./completeness.js";
import { completionAt } from "./completion.js";
import type { Completeness, Completion, Conversion, Converter, Inspection } from "./converter.js";
import { inspectionAt } from "./inspection.js";
import { languageHost } from "./language-host.js";
import { problemOf } from "./problems.js";

/**
 * A converter on TypeScript's own language service. Each cell stays a source file of its own, so types carry over
 * exactly as they were inferred; `docs/decisions/language-service-converter.md` says why it is built so.
 */
export class TypeScriptConverter implements Converter {
  readonly #folder: string;
  readonly #cells: CellFiles;
  readonly #service: ts.LanguageService;
  /** Modules beside the notebook that were found right, by file name. */
  readonly #checked = new Map<string, string>();

  constructor(folder: string) {
    this.#folder = folder;
    this.#cells = new CellFiles(folder);
    this.#service = ts.createLanguageService(languageHost(this.#cells, folder), ts.createDocumentRegistry());
  }

  convert(code: string): Conversion {
    const fileName = this.#cells.write(code);
    const program = this.#program();
    const file = program.getSourceFile(fileName)!;
    const problems = this.#check(program, file);
    if (problems.length > 0)
      return { ok: false, problems: problems.map((one) => problemOf(one, fileName, this.#folder)) };
    const cell = this.#cells.current;
    const emitted = compile(program, file, new Set(this.#committedFiles(program)));
    this.#cells.commit();
    return { ok: true, compiled: { cell, ...emitted } };
  }

  forget(cell: number, names: readonly string[]): void {
    const file = this.#service.getProgram()?.getSourceFile(this.#cells.fileName(cell));
    if (!file) return;
    for (const name of names) (localsOf(file) as Map<string, ts.Symbol>).delete(name);
  }

  complete(code: string, offset: number): Completion {
    return completionAt(this.#service, this.#open(code), code, offset);
  }

  inspect(code: string, offset: number): Inspection | undefined {
    return inspectionAt(this.#service, this.#open(code), offset);
  }

  isComplete(code: string): Completeness {
    return completeness(code);
  }

  reset(): void {
    this.#cells.reset();
    this.#checked.clear();
  }

  /** Makes code the cell at hand, for a question about it. */
  #open(code: string): string {
    const fileName = this.#cells.write(code);
    this.#program();
    return fileName;
  }

  /** The program of the present texts, its cells bound and chained. */
  #program(): ts.Program {
    const program = this.#service.getProgram()!;
    // binding sets each file's parent, so the chain comes after it
    program.getTypeChecker();
    const current = program.getSourceFile(this.#cells.fileName(this.#cells.current))!;
    chain([...this.#committedFiles(program), current]);
    return program;
  }

  #committedFiles(program: ts.Program): ts.SourceFile[] {
    return this.#cells.committed.map((cell) => program.getSourceFile(this.#cells.fileName(cell))!);
  }

  #check(program: ts.Program, file: ts.SourceFile): readonly ts.Diagnostic[] {
    const syntactic = program.getSyntacticDiagnostics(file);
    if (syntactic.length > 0) return syntactic;
    const semantic = program.getSemanticDiagnostics(file);
    if (semantic.length > 0) return semantic;
    return program
      .getSourceFiles()
      .filter((one) => this.#isBeside(program, one))
      .flatMap((one) => {
        const version = (one as ts.SourceFile & { version: string }).version;
        if (this.#checked.get(one.fileName) === version) return [];
        const problems = [...program.getSyntacticDiagnostics(one), ...program.getSemanticDiagnostics(one)];
        if (problems.length === 0) this.#checked.set(one.fileName, version);
        return problems;
      });
  }

  /** Whether a file is a module of the user's own that a cell imports. */
  #isBeside(program: ts.Program, file: ts.SourceFile): boolean {
    return (
      !file.isDeclarationFile &&
      !this.#cells.has(file.fileName) &&
      !program.isSourceFileFromExternalLibrary(file) &&
      /\.[cm]?tsx?$/.test(file.fileName)
    );
  }
}
