/** Names that stand for constants. */
import ts from 'typescript-js-api';
import type { Func } from './call-targets.ts';
import { collect, declarationOf, functionAround, isFunction } from './tree.ts';

/** What a walk over one program asks of the rest of it. */
export interface Walk {
  readonly checker: ts.TypeChecker;
  isConstant(expression: ts.Expression, depth: number): boolean;
  mayRunLater(func: Func): boolean;
}

export function isConstantName(name: ts.Identifier, depth: number, walk: Walk): boolean {
  if (/^(?:Object|Array|Number|Math|JSON|undefined|String)$/.test(name.text)) return true;
  if (name.text === 'process' || name.text === 'globalThis') return false;
  const symbol = ts.isShorthandPropertyAssignment(name.parent)
    ? walk.checker.getShorthandAssignmentValueSymbol(name.parent)?.valueDeclaration
    : undefined;
  const declaration = symbol ?? declarationOf(name, walk.checker);
  return declaration !== undefined && isConstantDeclaration(declaration, depth, walk);
}

function isConstantDeclaration(declaration: ts.Declaration, depth: number, walk: Walk): boolean {
  if (
    ts.isFunctionDeclaration(declaration) ||
    ts.isEnumDeclaration(declaration) ||
    ts.isModuleDeclaration(declaration) ||
    ts.isSourceFile(declaration)
  )
    return true;
  if (ts.isBindingElement(declaration)) {
    let outer: ts.Node = declaration.parent;
    while (ts.isObjectBindingPattern(outer) || ts.isArrayBindingPattern(outer) || ts.isBindingElement(outer)) outer = outer.parent;
    return isConstantDeclaration(outer as ts.Declaration, depth, walk);
  }
  if (ts.isParameter(declaration)) return isFunction(declaration.parent) && !walk.mayRunLater(declaration.parent);
  if (!ts.isVariableDeclaration(declaration)) return false;
  if (ts.isForOfStatement(declaration.parent.parent)) return walk.isConstant(declaration.parent.parent.expression, depth);
  if ((ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.Const) === 0) return isLocalText(declaration, depth, walk);
  return declaration.initializer !== undefined && walk.isConstant(declaration.initializer, depth);
}

/** A `let` inside a function that only runs while modules load, or that is only given constants. */
function isLocalText(declaration: ts.VariableDeclaration, depth: number, walk: Walk): boolean {
  const around = functionAround(declaration);
  if (around === undefined) return false;
  const writes = collect(around, ts.isBinaryExpression).filter(
    ({ left, operatorToken }) =>
      ts.isIdentifier(left) &&
      left.text === declaration.name.getText() &&
      operatorToken.kind >= ts.SyntaxKind.FirstAssignment &&
      operatorToken.kind <= ts.SyntaxKind.LastAssignment,
  );
  return [declaration.initializer, ...writes.map(({ right }) => right)].every((one) => one === undefined || walk.isConstant(one, depth));
}
