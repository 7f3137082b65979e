/** Which functions ask the database: by themselves, or through what they call. */
import ts from 'typescript-js-api';
import { createCallTargets, type Func } from './call-targets.ts';
import { isInDatabase, isQuery, queryAccess } from './database-calls.ts';
import type { Program } from './program.ts';
import { calledName, isFunction } from './tree.ts';

export interface Asks {
  /** True for a call that ends at the database, however many functions lie between. */
  isAsking(call: ts.CallExpression): boolean;
  /** True for a function that asks when it is called. */
  asks(func: Func): boolean;
  /** The catalogue entries that a call may run, as `read` and `write`. */
  accessOf(call: ts.CallExpression): ReadonlySet<'read' | 'write'>;
}

const later = /^(?:setInterval|setTimeout|setImmediate|queueMicrotask|on|once|addListener|addHook|addEventListener|subscribe|use)$/;

/** The calls that happen when a function is called: those of callbacks too, but not of functions that it only makes. */
function callsOf(func: Func): ts.CallExpression[] {
  const calls: ts.CallExpression[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node)) calls.push(node);
    if (isFunction(node)) {
      const { parent } = node;
      const isCallback = ts.isCallExpression(parent) && !later.test(calledName(parent) ?? '');
      const isCalledAtOnce = ts.isParenthesizedExpression(parent) && ts.isCallExpression(parent.parent);
      if (!isCallback && !isCalledAtOnce) return;
    }
    ts.forEachChild(node, visit);
  };
  visit(func.body);
  return calls;
}

const perProgram = new WeakMap<Program, Asks>();

export function asksOf(program: Program): Asks {
  const known = perProgram.get(program) ?? createAsks(program);
  perProgram.set(program, known);
  return known;
}

function createAsks(program: Program): Asks {
  const verdicts = new Map<Func, boolean>();
  const accesses = new Map<Func, Set<'read' | 'write'>>();
  const targetsOf = createCallTargets(program);

  function asks(func: Func): boolean {
    const known = verdicts.get(func);
    if (known !== undefined) return known;
    verdicts.set(func, false);
    const verdict = !isInDatabase(func, program) && callsOf(func).some(isAsking);
    verdicts.set(func, verdict);
    return verdict;
  }

  const isAsking = (call: ts.CallExpression): boolean => isQuery(call, program) || targetsOf(call).some(asks);

  function accessOf(call: ts.CallExpression): Set<'read' | 'write'> {
    if (isQuery(call, program) && calledName(call) !== 'transaction') {
      const access = queryAccess(call, program.checker);
      return new Set(access === undefined ? [] : [access]);
    }
    const all = new Set<'read' | 'write'>();
    for (const func of targetsOf(call)) for (const access of accessInside(func)) all.add(access);
    return all;
  }

  function accessInside(func: Func): Set<'read' | 'write'> {
    const known = accesses.get(func);
    if (known !== undefined) return known;
    const all = new Set<'read' | 'write'>();
    accesses.set(func, all);
    for (const call of callsOf(func)) for (const access of accessOf(call)) all.add(access);
    return all;
  }

  return { isAsking, asks, accessOf };
}
