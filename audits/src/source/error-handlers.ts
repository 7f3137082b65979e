/** Handlers of errors after which nobody can tell that something failed. */
import ts from 'typescript-js-api';
import type { Place } from './code-check.ts';
import { emptiness, isNothing, mayGive, promisedType } from './promises.ts';
import { bare, calledName, collect, functionOf, isFunction, memberName, nodesOf, ownerOf, saysWhy } from './tree.ts';

const quiet = /^(?:debug|trace|silly|verbose)$/;

type Handler = NonNullable<ReturnType<typeof functionOf>>;

/** Nothing in these statements tells anyone: no throw, no call but a quiet one, nothing written down. */
function tellsNobody(node: ts.Node): boolean {
  for (const one of nodesOf(node)) {
    if (ts.isThrowStatement(one) || (ts.isNewExpression(one) && emptiness(one) === undefined) || ts.isDeleteExpression(one)) return false;
    if (ts.isCallExpression(one) && !quiet.test(calledName(one) ?? '')) return false;
    if (
      ts.isBinaryExpression(one) &&
      one.operatorToken.kind >= ts.SyntaxKind.FirstAssignment &&
      one.operatorToken.kind <= ts.SyntaxKind.LastAssignment
    )
      return false;
    if ((ts.isPostfixUnaryExpression(one) || ts.isPrefixUnaryExpression(one)) && one.operator !== ts.SyntaxKind.ExclamationToken) {
      if (one.operator === ts.SyntaxKind.PlusPlusToken || one.operator === ts.SyntaxKind.MinusMinusToken) return false;
    }
  }
  return true;
}

/** The values with which a block ends early. */
function returnsOf(block: ts.Node): ts.ReturnStatement[] {
  const found: ts.ReturnStatement[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isReturnStatement(node)) found.push(node);
    if (!isFunction(node)) ts.forEachChild(node, visit);
  };
  ts.forEachChild(block, visit);
  return found;
}

function waits(block: ts.Node): boolean {
  let found = false;
  const visit = (node: ts.Node): void => {
    if (ts.isAwaitExpression(node) || (ts.isForOfStatement(node) && node.awaitModifier !== undefined)) found = true;
    if (!isFunction(node)) ts.forEachChild(node, visit);
  };
  ts.forEachChild(block, visit);
  return found;
}

/** What success gives where a failure gives `empty`; true when the two cannot be told apart. */
function looksLikeSuccess(clause: ts.CatchClause, checker: ts.TypeChecker): boolean {
  const failed = returnsOf(clause.block);
  const tried = clause.parent.tryBlock;
  // Nothing is returned: the function goes on as if nothing had happened.
  if (failed.length === 0) return true;
  const successes = returnsOf(tried);
  const around = nearestFunction(clause);
  return failed.every(({ expression }) => {
    const empty = emptiness(expression);
    if (empty === undefined) return false;
    if (successes.length === 0) return empty === 'nullish' && (around === undefined || givesNothing(around, checker));
    return successes.some((success) => {
      if (success.expression === undefined) return empty === 'nullish';
      const type = checker.getTypeAtLocation(success.expression);
      return mayGive(checker.getAwaitedType(type) ?? type, empty, checker);
    });
  });
}

function nearestFunction(node: ts.Node): Handler | undefined {
  for (let one: ts.Node | undefined = node.parent; one !== undefined; one = one.parent) if (isFunction(one)) return one;
  return undefined;
}

function givesNothing(around: Handler, checker: ts.TypeChecker): boolean {
  const signature = checker.getSignatureFromDeclaration(around);
  if (signature === undefined) return false;
  const type = checker.getReturnTypeOfSignature(signature);
  return isNothing(checker.getAwaitedType(type) ?? type);
}

export function ignoredByCatch(clause: ts.CatchClause, checker: ts.TypeChecker): boolean {
  if (saysWhy(clause.block, clause)) return false;
  if (clause.block.statements.length === 0) return true;
  if (!tellsNobody(clause.block)) return false;
  // Text that does not parse is an answer; a store that does not answer is not.
  return looksLikeSuccess(clause, checker) && (waits(clause.parent.tryBlock) || returnsOf(clause.block).length === 0);
}

/** The value that an empty handler stands for; `'other'` when it does something. */
function answerOf(handler: Handler): ts.Expression | undefined | 'other' {
  if (!ts.isBlock(handler.body)) return tellsNobody(handler.body) ? handler.body : 'other';
  if (!tellsNobody(handler.body)) return 'other';
  const [first, second] = handler.body.statements;
  if (first === undefined) return undefined;
  return second === undefined && ts.isReturnStatement(first)
    ? first.expression
    : collect(handler.body, ts.isReturnStatement).length > 0
      ? 'other'
      : undefined;
}

/** True when nobody looks at what the promise gives. */
function isDropped(call: ts.Expression): boolean {
  let node: ts.Node = call;
  while (ts.isAwaitExpression(node.parent) || ts.isParenthesizedExpression(node.parent) || ts.isVoidExpression(node.parent))
    node = node.parent;
  return ts.isExpressionStatement(node.parent);
}

/** What the first handler of `.then` gives. */
function successType(call: ts.CallExpression, checker: ts.TypeChecker): ts.Type | undefined {
  const [given] = call.arguments;
  const handler = given === undefined ? undefined : functionOf(given, checker);
  if (handler === undefined || ts.isBlock(handler.body)) return undefined;
  return checker.getAwaitedType(checker.getTypeAtLocation(handler.body));
}

/** `.catch(handler)` and `.then(ok, handler)` whose handler leaves no trace. */
export function ignoredByHandler(call: ts.CallExpression, checker: ts.TypeChecker): ts.Node | undefined {
  const name = memberName(call.expression);
  const owner = ownerOf(call.expression);
  const given = name === 'catch' ? call.arguments[0] : name === 'then' ? call.arguments[1] : undefined;
  if (owner === undefined || given === undefined) return undefined;
  const begun = promisedType(owner, checker);
  if (begun === undefined) return undefined;
  const promised = name === 'then' ? (successType(call, checker) ?? begun) : begun;
  const silent = ts.isIdentifier(given) && ['Boolean', 'Object', 'String'].includes(given.text);
  const handler = functionOf(given, checker);
  if ((handler === undefined && !silent) || saysWhy(call, handler ?? call) || saysWhy(given)) return undefined;
  if (silent) return isDropped(call) ? call : undefined;
  if (handler === undefined) return undefined;
  const answer = answerOf(handler);
  if (answer === 'other') return undefined;
  const empty = emptiness(answer);
  if (isDropped(call)) return call;
  // "Is it there?": yes or no is the whole question.
  if (name === 'then' && empty === 'false') return undefined;
  const told = empty === undefined || !(isNothing(promised) || mayGive(promised, empty, checker));
  // Of a promise whose type is not known, only a handler without any value is judged.
  return told && !(answer === undefined && ts.isBlock(handler.body)) ? undefined : call;
}

const listens = /^(?:on|once|addListener|prependListener|addEventListener)$/;
const failures = /^(?:error|uncaughtException|unhandledRejection|uncaughtExceptionMonitor|clientError|messageerror|tlsClientError)$/;

/** Empty listeners of errors, callbacks that drop theirs, settled results that nobody reads. */
export function ignoredByCallee(call: ts.CallExpression, checker: ts.TypeChecker): Place | undefined {
  const name = calledName(call) ?? '';
  const last = call.arguments.at(-1);
  if (name === 'allSettled' && isDropped(call) && !saysWhy(call))
    return { node: call, detail: 'Promise.allSettled keeps every failure in its results, and nobody reads them.' };
  const handler = last === undefined ? undefined : functionOf(last, checker);
  if (last === undefined || handler === undefined || !tellsNobody(handler.body)) return undefined;
  if (saysWhy(call, handler)) return undefined;
  const [first] = call.arguments;
  if (listens.test(name) && first !== undefined && ts.isStringLiteralLike(first) && failures.test(first.text))
    return { node: call, detail: `The listener of "${first.text}" does nothing: the error is neither handled nor logged.` };
  if (isFunction(bare(last)) && ts.isBlock(handler.body) && handler.body.statements.length === 0 && takesError(last, checker))
    return { node: call, detail: `The callback of ${name} gets an error and does nothing with it.` };
  return undefined;
}

/** The function that is wanted here gets an error first, as Node's callbacks do. */
function takesError(callback: ts.Expression, checker: ts.TypeChecker): boolean {
  const signature = checker.getContextualType(callback)?.getCallSignatures()[0];
  const parameter = signature?.parameters[0];
  if (parameter === undefined) return false;
  const type = checker.getTypeOfSymbolAtLocation(parameter, callback);
  const parts = type.isUnion() ? type.types : [type];
  return parts.some((part) => ['Error', 'ErrnoException', 'ExecException'].includes(part.symbol?.name ?? ''));
}
