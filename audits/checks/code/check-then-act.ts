import ts from 'typescript-js-api';
import { type Asks, asksOf } from '../../src/source/asks.ts';
import { defineCodeCheck, type Place } from '../../src/source/code-check.ts';
import type { CodeFile, Program } from '../../src/source/program.ts';
import { calledName, collect, declarationOf, functionAround, isFunction, isInside, nodesOf, saysWhy } from '../../src/source/tree.ts';

type Func = NonNullable<ReturnType<typeof functionAround>>;

const isWrite = (kind: ts.SyntaxKind) => kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;
const waitsIn = (node: ts.Node) => collect(node, ts.isAwaitExpression);
const names = (node: ts.Node, name: string) => collect(node, ts.isIdentifier).some((one) => one.text === name);

/** A `let` outside the function that writes it: others write it while this one waits. */
function sharedBy(left: ts.Expression, func: Func, checker: ts.TypeChecker): ts.VariableDeclaration | undefined {
  const declaration = ts.isIdentifier(left) ? declarationOf(left, checker) : undefined;
  return declaration !== undefined && ts.isVariableDeclaration(declaration) && !isInside(declaration, func) ? declaration : undefined;
}

/** Values read before a wait and written after it. */
function lostUpdate(node: ts.BinaryExpression, checker: ts.TypeChecker): string | undefined {
  const func = functionAround(node);
  if (func === undefined || !isWrite(node.operatorToken.kind)) return undefined;
  const shared = sharedBy(node.left, func, checker);
  if (shared === undefined) return undefined;
  const name = shared.name.getText();
  const { kind } = node.operatorToken;
  const waits = waitsIn(node.right).length > 0;
  if (waits && kind !== ts.SyntaxKind.EqualsToken)
    return `"${name}" is read, then waited for, then written: what others wrote in between is lost.`;
  if (waits && names(node.right, name)) return `"${name}" is read, then waited for, then written: what others wrote in between is lost.`;
  if (waits && isGuarded(node, name, func))
    return `"${name}" is looked at, then waited for, then written: everyone who comes in between finds it empty as well.`;
  const copy = collect(func.body, ts.isVariableDeclaration).find(
    (one) =>
      one.initializer !== undefined &&
      names(one.initializer, name) &&
      waitsIn(one.initializer).length === 0 &&
      one.end < node.pos &&
      ts.isIdentifier(one.name) &&
      names(node.right, one.name.text),
  );
  const between = copy !== undefined && waitsIn(func.body).some((wait) => wait.pos >= copy.end && wait.end <= node.pos);
  return between
    ? `"${name}" is copied before a wait and written from the copy after it: what others wrote in between is lost.`
    : undefined;
}

/** Written only where a condition found it empty. */
function isGuarded(node: ts.Node, name: string, func: Func): boolean {
  for (let one = node; one.parent !== undefined && one !== func; one = one.parent)
    if (ts.isIfStatement(one.parent) && one === one.parent.thenStatement && names(one.parent.expression, name)) return true;
  return false;
}

/** Calls inside a transaction belong to it: its locks and its isolation decide. */
function isInTransaction(call: ts.CallExpression): boolean {
  if (call.arguments.some((one) => ts.isIdentifier(one) && /^tx$|transaction/i.test(one.text))) return true;
  if (call.expression.getText().startsWith('tx.')) return true;
  for (let one: ts.Node = call; one.parent !== undefined; one = one.parent)
    if (
      isFunction(one) &&
      ts.isCallExpression(one.parent) &&
      /transaction|inTransaction|runText|runJson/.test(calledName(one.parent) ?? '')
    )
      return true;
  return false;
}

const only = (set: ReadonlySet<string>, what: string) => set.size === 1 && set.has(what);

/** Asked in one statement, decided in the program, written in another one. */
function asksThenWrites(func: Func, asks: Asks): ts.CallExpression | undefined {
  const calls = collect(func.body, ts.isCallExpression).filter(
    (call) => functionAround(call) === func && asks.isAsking(call) && !isInTransaction(call),
  );
  const reads = calls.filter((call) => only(asks.accessOf(call), 'read'));
  const writes = calls.filter((call) => asks.accessOf(call).has('write'));
  for (const read of reads) {
    const holder = collect(func.body, ts.isVariableDeclaration).find(
      (one) => one.initializer !== undefined && isInside(read, one.initializer),
    );
    const decision = collect(func.body, ts.isIfStatement).find((one) => {
      const leaves =
        collect(
          one.thenStatement,
          (node): node is ts.ThrowStatement | ts.ReturnStatement => ts.isThrowStatement(node) || ts.isReturnStatement(node),
        ).length > 0;
      const looks =
        isInside(read, one.expression) ||
        (holder !== undefined && ts.isIdentifier(holder.name) && one.pos > read.end && names(one.expression, holder.name.text));
      return leaves && looks;
    });
    if (decision === undefined) continue;
    const write = writes.find((call) => call.pos > decision.pos);
    if (write !== undefined) return write;
  }
  return undefined;
}

function look({ tree, path }: CodeFile, program: Program): Place[] {
  const asks = asksOf(program);
  const places: Place[] = [];
  const isServer = path.startsWith('platform/src/features/');
  for (const node of nodesOf(tree)) {
    const lost = ts.isBinaryExpression(node) ? lostUpdate(node, program.checker) : undefined;
    if (lost !== undefined && !saysWhy(node)) places.push({ node, detail: lost });
    const write = isServer && isFunction(node) ? asksThenWrites(node, asks) : undefined;
    if (write !== undefined && !saysWhy(write))
      places.push({
        node: write,
        detail: 'The database is asked, the program decides, and another statement writes: between the two, others do the same.',
      });
  }
  return places;
}

export default defineCodeCheck({
  id: 'code/check-then-act',
  title: 'Looked at first, changed later',
  area: 'critical-paths',
  severity: 'high',
  requirements: ['DB-11', 'TEST-03', 'REV-04'],
  where: (path) => path.startsWith('platform/src/'),
  look,
  risk: 'Two requests at once both find it free and both take it; of two sums one is lost.',
  impact: 'Limits are passed, things are made twice, counts drift: rarely, and only under load.',
  fix: 'Write first and let a constraint or a where clause decide, lock the row in one transaction, or keep the promise instead of its value; where it cannot happen, say why in a comment on the statement.',
});
