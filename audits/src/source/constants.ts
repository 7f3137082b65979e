/** What is known before the first request: constants, what is made of them, and functions that only run while modules load. */
import ts from 'typescript-js-api';
import { isConstantName, type Walk } from './constant-names.ts';
import { createLoadTime } from './load-time.ts';
import type { Program } from './program.ts';
import { bare, calledName, functionOf, isFunction, ownerOf } from './tree.ts';

const depthMax = 24;
const literal = ts.TypeFlags.Literal | ts.TypeFlags.BooleanLiteral | ts.TypeFlags.Null | ts.TypeFlags.Undefined;

export interface Constants {
  isConstant(expression: ts.Expression): boolean;
}

/** `loadTime` says which files hold functions that put texts together while modules load. */
export function createConstants(program: Program, loadTime: (path: string) => boolean): Constants {
  const verdicts = new Map<ts.Node, boolean>();
  const mayRunLater = createLoadTime({ program, loadTime, isConstant });
  const walk: Walk = { checker: program.checker, isConstant, mayRunLater };

  function isConstant(expression: ts.Expression, depth = 0): boolean {
    const node = bare(expression);
    const known = verdicts.get(node);
    if (known !== undefined) return known;
    if (depth > depthMax) return false;
    verdicts.set(node, true); // A circle adds nothing.
    const verdict = judge(node, depth + 1, walk);
    verdicts.set(node, verdict);
    return verdict;
  }

  return { isConstant: (expression) => isConstant(expression) };
}

function isLiteralType(node: ts.Node, checker: ts.TypeChecker): boolean {
  const type = checker.getTypeAtLocation(node);
  return (type.isUnion() ? type.types : [type]).every((part) => (part.flags & literal) !== 0);
}

function judge(node: ts.Expression, depth: number, walk: Walk): boolean {
  const all = (parts: readonly ts.Expression[]) => parts.every((part) => walk.isConstant(part, depth));
  if (ts.isStringLiteralLike(node) || ts.isNumericLiteral(node) || isFunction(node) || node.kind === ts.SyntaxKind.NullKeyword) return true;
  if (node.kind === ts.SyntaxKind.TrueKeyword || node.kind === ts.SyntaxKind.FalseKeyword || ts.isRegularExpressionLiteral(node))
    return true;
  if (ts.isTemplateExpression(node)) return all(node.templateSpans.map((span) => span.expression));
  if (ts.isBinaryExpression(node)) return all([node.left, node.right]);
  if (ts.isConditionalExpression(node)) return all([node.whenTrue, node.whenFalse]);
  if (ts.isPrefixUnaryExpression(node)) return all([node.operand]);
  if (ts.isSpreadElement(node)) return all([node.expression]);
  if (ts.isArrayLiteralExpression(node)) return all(node.elements);
  if (ts.isObjectLiteralExpression(node)) return node.properties.every((property) => isConstantProperty(property, depth, walk));
  if (isLiteralType(node, walk.checker)) return true;
  if (ts.isIdentifier(node)) return isConstantName(node, depth, walk);
  const owner = ownerOf(node);
  if (owner !== undefined) return walk.isConstant(owner, depth);
  if (ts.isCallExpression(node) || ts.isNewExpression(node)) return isConstantCall(node, depth, walk);
  return false;
}

function isConstantProperty(property: ts.ObjectLiteralElementLike, depth: number, walk: Walk): boolean {
  if (ts.isPropertyAssignment(property)) return walk.isConstant(property.initializer, depth);
  if (ts.isSpreadAssignment(property)) return walk.isConstant(property.expression, depth);
  if (ts.isShorthandPropertyAssignment(property)) return walk.isConstant(property.name, depth);
  return true;
}

function isConstantCall(node: ts.CallExpression | ts.NewExpression, depth: number, walk: Walk): boolean {
  const given = (node.arguments ?? []).every((argument) => walk.isConstant(argument, depth));
  if (!given) return false;
  const owner = ownerOf(node.expression);
  if (functionOf(node.expression, walk.checker) !== undefined) return true;
  if (owner !== undefined) return walk.isConstant(owner, depth);
  if (!ts.isIdentifier(node.expression)) return false;
  if (/^(?:String|Number|Map|Set|Array|Object)$/.test(calledName(node) ?? '')) return true;
  return isConstantName(node.expression, depth, walk);
}
