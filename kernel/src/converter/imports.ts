import ts from "#typescript";

/** Where a name that a cell imports is to be read: `__module0.readFile`. */
export interface Imported {
  readonly name: string;
  readonly read: () => ts.Expression;
}

/** What an import declaration becomes. */
export interface ImportedModule {
  readonly statements: readonly ts.Statement[];
  readonly names: readonly Imported[];
}

/** Name of the function that finds a default export; see `defaultOf` in the executor. */
const defaultFunction = "__default";

const { factory } = ts;

/**
 * `import d, { a as b } from "m"` → `const __module0 = await import("m"); const __default0 = __default(__module0)`,
 * with `d` read as `__default0` and `b` as `__module0.a`. What is only a type leaves nothing behind.
 * A module is loaded by `import()` even when the cell is a script, so packages that are ES modules only can be had.
 */
export function importedModule(
  declaration: ts.ImportDeclaration,
  index: number,
  isValue: (name: ts.Identifier) => boolean,
): ImportedModule {
  const clause = declaration.importClause;
  if (clause?.phaseModifier === ts.SyntaxKind.TypeKeyword) return { statements: [], names: [] };
  const namespace = `__module${index}`;
  const names: Imported[] = [];
  const statements: ts.Statement[] = [];
  const readDefault = (): ts.Expression => factory.createIdentifier(`__default${index}`);
  let hasDefault = false;
  const add = (local: ts.Identifier, exported: ts.ModuleExportName | undefined): void => {
    if (!isValue(local)) return;
    const key = exported?.text ?? "default";
    hasDefault ||= key === "default";
    const read =
      key === "default"
        ? readDefault
        : (): ts.Expression =>
            factory.createElementAccessExpression(
              factory.createIdentifier(namespace),
              factory.createStringLiteral(key),
            );
    names.push({ name: local.text, read });
  };
  if (clause?.name) add(clause.name, undefined);
  const bindings = clause?.namedBindings;
  if (bindings && ts.isNamespaceImport(bindings)) {
    if (isValue(bindings.name))
      names.push({ name: bindings.name.text, read: () => factory.createIdentifier(namespace) });
  } else if (bindings) {
    for (const element of bindings.elements)
      if (!element.isTypeOnly) add(element.name, element.propertyName ?? element.name);
  }
  if (clause && names.length === 0) return { statements: [], names: [] };
  statements.push(constant(namespace, awaitImport(declaration), declaration));
  if (hasDefault)
    statements.push(
      constant(
        `__default${index}`,
        factory.createCallExpression(factory.createIdentifier(defaultFunction), undefined, [
          factory.createIdentifier(namespace),
        ]),
      ),
    );
  return { statements, names };
}

function awaitImport(declaration: ts.ImportDeclaration): ts.Expression {
  const attributes = declaration.attributes?.elements.map((attribute) =>
    factory.createPropertyAssignment(
      ts.isIdentifier(attribute.name) ? factory.createIdentifier(attribute.name.text) : attribute.name,
      attribute.value,
    ),
  );
  const options = attributes
    ? [
        factory.createObjectLiteralExpression([
          factory.createPropertyAssignment("with", factory.createObjectLiteralExpression(attributes)),
        ]),
      ]
    : [];
  const callee = factory.createToken(ts.SyntaxKind.ImportKeyword) as ts.Expression;
  return factory.createAwaitExpression(
    factory.createCallExpression(callee, undefined, [declaration.moduleSpecifier, ...options]),
  );
}

function constant(name: string, value: ts.Expression, original?: ts.Node): ts.Statement {
  const statement = factory.createVariableStatement(
    undefined,
    factory.createVariableDeclarationList(
      [factory.createVariableDeclaration(name, undefined, undefined, value)],
      ts.NodeFlags.Const,
    ),
  );
  return original ? ts.setSourceMapRange(statement, original) : statement;
}
