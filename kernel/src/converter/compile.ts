import ts from "#typescript";
import { type Imported, importedModule } from "./imports.js";
import { rewriteReferences } from "./references.js";

/** Name under which a cell's function gets the object that holds the values of the cells before it. */
const scopeName = "__scope";

/** The names that a file declares at its top level. */
export const localsOf = (file: ts.SourceFile): ts.SymbolTable =>
  (file as ts.SourceFile & { locals?: ts.SymbolTable }).locals ?? new Map();

/** The name of a symbol that one of these files declares at its top level. */
function nameAmong(symbol: ts.Symbol, files: ReadonlySet<ts.SourceFile>, checker: ts.TypeChecker): string | undefined {
  const declaring = symbol.declarations?.map((one) => one.getSourceFile()).find((file) => files.has(file));
  if (!declaring) return undefined;
  // of what is exported as `default`, only the local name is the one that cells use
  for (const [name, local] of localsOf(declaring))
    if (local === symbol || checker.getExportSymbolOfSymbol(local) === symbol)
      return ts.unescapeLeadingUnderscores(name);
  return undefined;
}

const isAmbient = (declaration: ts.Declaration): boolean =>
  (ts.getCombinedModifierFlags(declaration) & ts.ModifierFlags.Ambient) !== 0;

/** Whether a top-level name is a variable when the cell runs, not only a type or a `declare`. */
function hasValue(symbol: ts.Symbol, checker: ts.TypeChecker): boolean {
  const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  if (!(target.flags & ts.SymbolFlags.Value)) return false;
  if (symbol.flags & ts.SymbolFlags.Alias) return !symbol.declarations?.some(ts.isTypeOnlyImportOrExportDeclaration);
  return !symbol.declarations?.every(isAmbient);
}

const isConstant = (symbol: ts.Symbol): boolean =>
  !(symbol.flags & ts.SymbolFlags.Variable) ||
  (symbol.declarations ?? []).some((one) => (ts.getCombinedNodeFlags(one) & ts.NodeFlags.Constant) !== 0);

/** JavaScript of one cell with its source map. */
export interface Emitted {
  readonly javascript: string;
  readonly map: string;
}

/**
 * Compiles a checked cell to the text of a function. It is called with the scope of earlier cells and hands over a pair
 * of accessors for each name it declares, so that a variable stays one variable: a function of the first cell and an
 * assignment in the fifth mean the same `count`. The last expression becomes the value that the function returns.
 */
export function compile(program: ts.Program, file: ts.SourceFile, earlier: ReadonlySet<ts.SourceFile>): Emitted {
  const checker = program.getTypeChecker();
  const imported = new Map<string, Imported>();
  const locals = localsOf(file);
  const output = { javascript: "", map: "" };
  const elsewhere = (symbol: ts.Symbol): ts.Expression | undefined => {
    if (locals.get(symbol.escapedName) === symbol) return imported.get(symbol.name)?.read();
    if (!hasValue(symbol, checker)) return undefined;
    const name = nameAmong(symbol, earlier, checker);
    return name === undefined
      ? undefined
      : ts.factory.createPropertyAccessExpression(ts.factory.createIdentifier(scopeName), name);
  };
  const isValue = (name: ts.Identifier): boolean => {
    const symbol = checker.getSymbolAtLocation(name);
    return symbol !== undefined && hasValue(symbol, checker);
  };
  const before: ts.TransformerFactory<ts.SourceFile> = (context) => (source) => {
    const visit = rewriteReferences(context, checker, elsewhere);
    const modules: ts.Statement[] = [];
    const statements: ts.Statement[] = [];
    for (const statement of source.statements.filter(ts.isImportDeclaration)) {
      const module = importedModule(statement, modules.length, isValue);
      modules.push(...module.statements);
      for (const name of module.names) imported.set(name.name, name);
    }
    const rest = source.statements.filter((one) => !ts.isImportDeclaration(one) && !ts.isExportDeclaration(one));
    for (const [index, statement] of rest.entries()) {
      const visited = unexported(ts.visitNode(statement, visit) as ts.Statement, context);
      const isLast = index === rest.length - 1;
      statements.push(isLast && ts.isExpressionStatement(visited) ? returned(visited, statement) : visited);
    }
    return ts.factory.updateSourceFile(source, [...modules, ...statements]);
  };
  const after: ts.TransformerFactory<ts.SourceFile> = () => (source) =>
    ts.factory.updateSourceFile(
      source,
      source.statements.filter((one) => !ts.isExportDeclaration(one)),
    );
  program.emit(
    file,
    (name, text) => {
      if (name.endsWith(".map")) output.map = text;
      else output.javascript = text;
    },
    undefined,
    false,
    { before: [before], after: [after] },
  );
  const accessors: string[] = [];
  for (const [key, local] of locals) {
    const symbol = checker.getExportSymbolOfSymbol(local);
    if (!hasValue(symbol, checker)) continue;
    const name = ts.unescapeLeadingUnderscores(key);
    const place = imported.get(name)?.read();
    const value = place ? print(place, file) : name;
    const set = place || isConstant(symbol) ? "" : `, (value) => { ${value} = value; }`;
    accessors.push(`${name}: [() => ${value}${set}]`);
  }
  return { javascript: wrap(output.javascript, accessors), map: output.map };
}

/** A function with the cell as its body; the body starts on the second line. */
function wrap(body: string, accessors: readonly string[]): string {
  const parameters = `${scopeName}, __declare, __default, __wait, __each, __meta, require, __filename, __dirname`;
  const code = body.replace(/^\/\/# sourceMappingURL=.*$/m, "");
  return `(async function (${parameters}) { "use strict"; __declare({ ${accessors.join(", ")} });\n${code}\n})`;
}

const print = (node: ts.Node, file: ts.SourceFile): string =>
  ts.createPrinter().printNode(ts.EmitHint.Expression, node, file);

/** `export const x` in a cell is `const x`: every name of a cell is seen by the next anyway. */
function unexported(statement: ts.Statement, context: ts.TransformationContext): ts.Statement {
  if (ts.isExportAssignment(statement))
    return ts.setTextRange(ts.factory.createExpressionStatement(statement.expression), statement);
  if (!ts.canHaveModifiers(statement) || !statement.modifiers?.some(isExport)) return statement;
  return ts.visitEachChild(statement, (node) => (isExport(node) ? undefined : node), context);
}

const isExport = (node: ts.Node): boolean =>
  node.kind === ts.SyntaxKind.ExportKeyword || node.kind === ts.SyntaxKind.DefaultKeyword;

function returned(statement: ts.ExpressionStatement, original: ts.Statement): ts.Statement {
  return ts.setTextRange(ts.factory.createReturnStatement(statement.expression), original);
}
