import ts from "#typescript";

const { factory } = ts;

/** Says where the value of a symbol is to be read when that is not a variable of this cell. */
export type Elsewhere = (symbol: ts.Symbol) => ts.Expression | undefined;

/**
 * Replaces each use of a name that lives outside the cell's own function (declared by an earlier cell, or imported)
 * by the expression that reads it there, and lets each `await` answer to an interrupt.
 */
export function rewriteReferences(
  context: ts.TransformationContext,
  checker: ts.TypeChecker,
  elsewhere: Elsewhere,
): ts.Visitor {
  const placeOf = (node: ts.Node): ts.Expression | undefined => {
    if (!ts.isIdentifier(node)) return undefined;
    const symbol = checker.getSymbolAtLocation(node);
    const place = symbol && elsewhere(symbol);
    return place && ts.setSourceMapRange(place, node);
  };
  // `f()` must not become `scope.f()`, which would hand the scope over as `this`
  const withoutThis = (place: ts.Expression): ts.Expression =>
    factory.createParenthesizedExpression(factory.createComma(factory.createNumericLiteral(0), place));
  const call = (name: string, argument: ts.Expression): ts.Expression =>
    ts.setTextRange(factory.createCallExpression(factory.createIdentifier(name), undefined, [argument]), argument);
  const visit: ts.Visitor = (node) => {
    if (ts.isTypeNode(node) && !ts.isExpressionWithTypeArguments(node)) return node;
    if (ts.isIdentifier(node)) return placeOf(node) ?? node;
    if (ts.isMetaProperty(node) && node.keywordToken === ts.SyntaxKind.ImportKeyword)
      return factory.createIdentifier("__meta");
    if (ts.isShorthandPropertyAssignment(node)) return shorthand(node);
    if (ts.isAwaitExpression(node))
      return factory.updateAwaitExpression(node, call("__wait", ts.visitNode(node.expression, visit) as ts.Expression));
    if (ts.isForOfStatement(node) && node.awaitModifier) {
      const visited = ts.visitEachChild(node, visit, context);
      const { awaitModifier, initializer, expression, statement } = visited;
      return factory.updateForOfStatement(visited, awaitModifier, initializer, call("__each", expression), statement);
    }
    if (ts.isPropertyAccessExpression(node))
      return factory.updatePropertyAccessExpression(
        node,
        ts.visitNode(node.expression, visit) as ts.Expression,
        node.name,
      );
    if (ts.isCallExpression(node)) {
      const place = placeOf(node.expression);
      if (place)
        return factory.updateCallExpression(
          node,
          withoutThis(place),
          undefined,
          ts.visitNodes(node.arguments, visit) as ts.NodeArray<ts.Expression>,
        );
    }
    if (ts.isTaggedTemplateExpression(node)) {
      const place = placeOf(node.tag);
      if (place)
        return factory.updateTaggedTemplateExpression(
          node,
          withoutThis(place),
          undefined,
          ts.visitNode(node.template, visit) as ts.TemplateLiteral,
        );
    }
    return ts.visitEachChild(node, visit, context);
  };
  const shorthand = (node: ts.ShorthandPropertyAssignment): ts.Node => {
    const symbol = checker.getShorthandAssignmentValueSymbol(node);
    const place = symbol && elsewhere(symbol);
    if (!place) return ts.visitEachChild(node, visit, context);
    const initializer = node.objectAssignmentInitializer;
    return factory.createPropertyAssignment(
      factory.createIdentifier(node.name.text),
      initializer ? factory.createAssignment(place, ts.visitNode(initializer, visit) as ts.Expression) : place,
    );
  };
  return visit;
}
