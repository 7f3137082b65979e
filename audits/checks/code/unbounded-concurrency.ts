import ts from 'typescript-js-api';
import { defineCodeCheck, type Place } from '../../src/source/code-check.ts';
import { promisedType } from '../../src/source/promises.ts';
import { bare, calledName, collect, declarationOf, functionAround, memberName, nodesOf, ownerOf, saysWhy } from '../../src/source/tree.ts';

const combinators = new Set(['all', 'allSettled', 'any', 'race']);
const limiters = /^(?:pLimit|pMap|limitConcurrency|Semaphore|PQueue|throat|bulkhead)$/;
const endless = /^(?:Number\.)?(?:Infinity|POSITIVE_INFINITY|MAX_SAFE_INTEGER|MAX_VALUE)$/;
const keepsLength = new Set(['map', 'filter', 'toSorted', 'toReversed', 'flatMap', 'values', 'keys', 'entries', 'concat', 'flat']);

/** True when a list has as many entries as the program says, and not as many as a request brings. */
function isBounded(list: ts.Expression, checker: ts.TypeChecker): boolean {
  const node = bare(list);
  if (ts.isArrayLiteralExpression(node))
    return node.elements.every((one) => !ts.isSpreadElement(one) || isBounded(one.expression, checker));
  if (ts.isObjectLiteralExpression(node)) return node.properties.every((one) => !ts.isSpreadAssignment(one));
  if (ts.isIdentifier(node)) {
    if (checker.isTupleType(checker.getTypeAtLocation(node))) return true;
    const declaration = declarationOf(node, checker);
    if (declaration === undefined || !ts.isVariableDeclaration(declaration) || declaration.initializer === undefined) return false;
    return isBounded(declaration.initializer, checker) && !isFilledLater(declaration, checker);
  }
  if (!ts.isCallExpression(node)) return false;
  const name = calledName(node) ?? '';
  const owner = ownerOf(node.expression);
  const [first] = node.arguments;
  if (name === 'slice') return node.arguments.length === 2;
  if (owner?.getText() === 'Object' && first !== undefined) return isBounded(first, checker);
  if (name === 'from' && first !== undefined) return ts.isObjectLiteralExpression(bare(first)) || isBounded(first, checker);
  return owner !== undefined && keepsLength.has(name) && isBounded(owner, checker);
}

function isFilledLater(declaration: ts.VariableDeclaration, checker: ts.TypeChecker): boolean {
  const around = functionAround(declaration) ?? declaration.getSourceFile();
  return collect(around, ts.isCallExpression).some((call) => {
    const owner = ownerOf(call.expression);
    return (
      owner !== undefined &&
      ['push', 'unshift', 'add', 'set'].includes(calledName(call) ?? '') &&
      ts.isIdentifier(owner) &&
      declarationOf(owner, checker) === declaration
    );
  });
}

/** A list of promises that were begun all at once. */
function begunAtOnce(list: ts.Expression, checker: ts.TypeChecker): boolean {
  const element = checker.getIndexTypeOfType(checker.getTypeAtLocation(list), ts.IndexKind.Number);
  if (element !== undefined && element.flags & ts.TypeFlags.Any) return true;
  return element === undefined || checker.getPropertyOfType(element, 'then') !== undefined;
}

function placeOf(node: ts.Node, checker: ts.TypeChecker): Place | undefined {
  if (ts.isPropertyAssignment(node) && /concurrency$/i.test(node.name.getText()) && endless.test(node.initializer.getText()))
    return { node, detail: 'A limit of concurrent work is set to no limit.' };
  if (!ts.isCallExpression(node) && !ts.isNewExpression(node)) return undefined;
  const [first] = node.arguments ?? [];
  if (first === undefined) return undefined;
  if (limiters.test(calledName(node) ?? '') && (node.arguments ?? []).some((one) => endless.test(one.getText())))
    return { node, detail: 'A limit of concurrent work is set to no limit.' };
  if (
    !ts.isCallExpression(node) ||
    ownerOf(node.expression)?.getText() !== 'Promise' ||
    !combinators.has(memberName(node.expression) ?? '')
  )
    return undefined;
  if (promisedType(node, checker) === undefined || isBounded(first, checker) || !begunAtOnce(first, checker) || saysWhy(node))
    return undefined;
  return {
    node,
    detail: `Promise.${memberName(node.expression)} begins as many things at once as its list is long, and nothing bounds the list.`,
  };
}

export default defineCodeCheck({
  id: 'code/unbounded-concurrency',
  title: 'As many things at once as a list is long',
  area: 'resources',
  severity: 'high',
  requirements: ['ARCH-02', 'REV-04'],
  where: (path) => path.startsWith('platform/src/') || path.startsWith('platform/web/src/'),
  look: ({ tree }, { checker }) => [...nodesOf(tree)].map((node) => placeOf(node, checker)).filter((place) => place !== undefined),
  risk: 'One long list takes every connection, file handle or core at once.',
  impact: 'Other readers wait or are refused while it lasts.',
  fix: 'Take a slice, ask once for all of them, or let a fixed crew of workers take one after the other; where the list is bounded, say by what in a comment on the statement.',
});
