/** Which functions ask the database: by themselves, or through what they call. */
import ts from 'typescript-js-api';
import type { Program } from './program.ts';
import type { functionAround } from './tree.ts';
import { bare, calledName, collect, declarationOf, functionOf, isFunction, memberName, nodesOf, ownerOf } from './tree.ts';

type Func = NonNullable<ReturnType<typeof functionAround>>;

const executorFile = 'platform/src/db/database.ts';
const executorMethods = new Set(['run', 'one', 'maybeOne', 'transaction']);

export interface Asks {
  /** True for a call of the Executor or Database itself. */
  isQuery(call: ts.CallExpression): boolean;
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
  const { checker } = program;
  const verdicts = new Map<Func, boolean>();
  const accesses = new Map<Func, Set<'read' | 'write'>>();
  let implementations: Map<string, Func[]> | undefined;

  function isQuery(call: ts.CallExpression): boolean {
    const callee = bare(call.expression);
    const owner = ownerOf(callee);
    if (owner === undefined || !executorMethods.has(memberName(callee) ?? '')) return false;
    const property = checker.getPropertyOfType(checker.getTypeAtLocation(owner), memberName(callee) ?? '');
    const declaration = property?.declarations?.[0];
    return declaration !== undefined && program.pathOf(declaration) === executorFile;
  }

  /** Functions of our code that may stand behind a call, through interfaces by the name of the member. */
  function targetsOf(call: ts.CallExpression): Func[] {
    const own = functionOf(call.expression, checker);
    if (own !== undefined) return [own];
    const name = memberName(bare(call.expression));
    const owner = ownerOf(bare(call.expression));
    if (name === undefined || owner === undefined) return [];
    const property = checker.getPropertyOfType(checker.getTypeAtLocation(owner), name);
    const declaration = property?.declarations?.[0];
    if (declaration === undefined || program.pathOf(declaration) === undefined) return [];
    if (!ts.isMethodSignature(declaration) && !ts.isPropertySignature(declaration)) return [];
    const type = ts.isInterfaceDeclaration(declaration.parent) ? declaration.parent.name.text : undefined;
    return (byMember().get(name) ?? []).filter((func) => type === undefined || implementsType(func, type));
  }

  /** The object literal that holds a method is what its function, or its constant, is said to be. */
  function implementsType(func: Func, type: string): boolean {
    let node: ts.Node = ts.isMethodDeclaration(func) ? func.parent : func.parent.parent;
    while (ts.isParenthesizedExpression(node.parent) || ts.isAsExpression(node.parent) || ts.isSatisfiesExpression(node.parent))
      node = node.parent;
    if (!ts.isObjectLiteralExpression(node) && !ts.isExpression(node)) return false;
    const wanted = checker.getContextualType(node as ts.Expression);
    return (
      wanted === undefined ||
      [wanted, ...(wanted.isUnion() ? wanted.types : [])].some(
        ({ symbol, aliasSymbol }) => symbol?.name === type || aliasSymbol?.name === type,
      )
    );
  }

  function byMember(): Map<string, Func[]> {
    if (implementations !== undefined) return implementations;
    implementations = new Map();
    for (const { path, tree } of program.files) {
      if (!path.startsWith('platform/src/')) continue;
      for (const node of nodesOf(tree)) {
        const member = ts.isMethodDeclaration(node)
          ? node
          : ts.isPropertyAssignment(node) && isFunction(node.initializer)
            ? node.initializer
            : undefined;
        const name = ts.isMethodDeclaration(node) || ts.isPropertyAssignment(node) ? node.name.getText() : '';
        if (member === undefined || !isFunction(member)) continue;
        implementations.set(name, [...(implementations.get(name) ?? []), member]);
      }
    }
    return implementations;
  }

  function asks(func: Func): boolean {
    const known = verdicts.get(func);
    if (known !== undefined) return known;
    verdicts.set(func, false);
    const verdict = program.pathOf(func) !== executorFile && callsOf(func).some(isAsking);
    verdicts.set(func, verdict);
    return verdict;
  }

  const isAsking = (call: ts.CallExpression): boolean => isQuery(call) || targetsOf(call).some(asks);

  function queryAccess(call: ts.CallExpression): 'read' | 'write' | undefined {
    const [query] = call.arguments;
    if (query === undefined) return undefined;
    const inner = bare(query);
    const name = ts.isPropertyAccessExpression(inner) ? inner.name : inner;
    const declaration = declarationOf(name, checker);
    if (declaration === undefined) return undefined;
    const access = collect(declaration, ts.isPropertyAssignment).find((one) => one.name.getText() === 'access')?.initializer;
    return access !== undefined && ts.isStringLiteralLike(access) && access.text === 'write'
      ? 'write'
      : access === undefined
        ? undefined
        : 'read';
  }

  function accessOf(call: ts.CallExpression): Set<'read' | 'write'> {
    if (isQuery(call) && calledName(call) !== 'transaction') {
      const access = queryAccess(call);
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

  return { isQuery, isAsking, asks, accessOf };
}
