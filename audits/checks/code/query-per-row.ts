import ts from 'typescript-js-api';
import { type Asks, asksOf } from '../../src/source/asks.ts';
import { defineCodeCheck, type Place } from '../../src/source/code-check.ts';
import type { CodeFile, Program } from '../../src/source/program.ts';
import { bare, calledName, declarationOf, functionAround, functionOf, isFunction, nodesOf, saysWhy } from '../../src/source/tree.ts';

const perElement = new Set([
  'map',
  'forEach',
  'flatMap',
  'filter',
  'reduce',
  'reduceRight',
  'some',
  'every',
  'find',
  'findIndex',
  'from',
  'fromAsync',
  'mapAsync',
  'each',
]);
/** The price of a list: one statement; a second one looks the place up. */
const listStatementsMax = 2;

/** The loop, or the call that runs its callback once per element, around a node and inside its own function. */
function loopAround(node: ts.Node): ts.Node | undefined {
  for (let one = node; one.parent !== undefined; one = one.parent) {
    const { parent } = one;
    if (ts.isForStatement(parent) && one !== parent.initializer) return parent;
    if ((ts.isForOfStatement(parent) || ts.isForInStatement(parent)) && one === parent.statement) return parent;
    if (ts.isWhileStatement(parent) || ts.isDoStatement(parent)) return parent;
    if (isFunction(parent)) {
      const call = parent.parent;
      return ts.isCallExpression(call) && call.arguments.some((argument) => argument === parent) && perElement.has(calledName(call) ?? '')
        ? call
        : undefined;
    }
  }
  return undefined;
}

/** A function that calls itself with a rest of the list. */
function isRecursive(call: ts.CallExpression, program: Program, asks: Asks): boolean {
  const around = functionAround(call);
  if (around === undefined || !asks.asks(around) || !ts.isIdentifier(bare(call.expression))) return false;
  return declarationOf(bare(call.expression), program.checker) === (ts.isVariableDeclaration(around.parent) ? around.parent : around);
}

function look({ tree }: CodeFile, program: Program): Place[] {
  const asks = asksOf(program);
  const places: Place[] = [];
  const add = (node: ts.Node, loop: ts.Node, detail: string) => {
    if (!saysWhy(loop) && !saysWhy(node) && !places.some((known) => known.node === node)) places.push({ node, detail });
  };
  for (const node of nodesOf(tree)) {
    if (ts.isPropertyAssignment(node)) raisedBudget(node, add);
    if (!ts.isCallExpression(node)) continue;
    const name = calledName(node) ?? '';
    const loop = loopAround(node);
    if (loop !== undefined && asks.isAsking(node))
      add(node, loop, `The database is asked once per element: ${name} runs a statement each time.`);
    else if (isRecursive(node, program, asks)) add(node, node, `${name} asks the database and calls itself for what is left.`);
    const handed = perElement.has(name)
      ? node.arguments.filter((one) => !isFunction(bare(one))).map((one) => functionOf(one, program.checker))
      : [];
    if (handed.some((func) => func !== undefined && asks.asks(func)))
      add(node, node, `${name} hands every element to a function that asks the database.`);
  }
  return places;
}

function raisedBudget(node: ts.PropertyAssignment, add: (node: ts.Node, loop: ts.Node, detail: string) => void): void {
  if (
    node.name.getText() !== 'statementsMax' ||
    !ts.isNumericLiteral(node.initializer) ||
    Number(node.initializer.text) <= listStatementsMax
  )
    return;
  const method = node.parent.properties.find((one) => ts.isPropertyAssignment(one) && one.name.getText() === 'method');
  if (method === undefined || !/['"]GET['"]/.test(method.getText())) return;
  add(node, node, `A route that only reads may run ${node.initializer.text} statements: a list costs one, whatever its length.`);
}

export default defineCodeCheck({
  id: 'code/query-per-row',
  title: 'Statement once per row',
  area: 'scale',
  severity: 'high',
  requirements: ['DB-09', 'REV-04'],
  where: (path) => /^platform\/src\/(?!db\/|jobs\/)/.test(path),
  look,
  risk: 'The cost of an answer grows with its length.',
  impact: 'Under load the pool is used up by a few long lists, and every other reader waits.',
  fix: 'Ask once for all of them (= any ($1), or a JSON answer built by the statement); where the number is bounded, say by what in a comment on the loop.',
});
