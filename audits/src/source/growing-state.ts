/** State that outlives a call and only grows: nothing takes out what was put in, and nothing counts it. */
import ts from 'typescript-js-api';
import type { Place } from './code-check.ts';
import type { CodeFile, Program } from './program.ts';
import {
  bare,
  calledName,
  collect,
  commentsAt,
  functionAround,
  functionOf,
  isFunction,
  isInside,
  memberName,
  nodesOf,
  ownerOf,
  statementOf,
} from './tree.ts';

type Holder = ts.VariableDeclaration | ts.PropertyDeclaration;

const grows = new Set(['set', 'add', 'push', 'unshift']);
const shrinks = new Set(['delete', 'clear', 'pop', 'shift', 'splice', 'evict', 'prune']);
const assigning = new Set(['assign', 'set', 'defineProperty']);
const keepsFunction = /^(?:setInterval|addHook|addEventListener|subscribe|on|addListener|decorate|register|watch)$/;
const makesThings = /^(?:create|open|start|make|build|watch|install|register|init|use|define)(?:[A-Z]|$)/;
const declaredCap = /\b(?:bounded|at most|no more than|never more than|one (?:\w+ )?per|as many as)\b/i;

const isGrowing = (kind: ts.SyntaxKind) =>
  [ts.SyntaxKind.EqualsToken, ts.SyntaxKind.QuestionQuestionEqualsToken, ts.SyntaxKind.BarBarEqualsToken].includes(kind);
const isComparison = (kind: ts.SyntaxKind) =>
  [
    ts.SyntaxKind.LessThanToken,
    ts.SyntaxKind.LessThanEqualsToken,
    ts.SyntaxKind.GreaterThanToken,
    ts.SyntaxKind.GreaterThanEqualsToken,
  ].includes(kind);

/** A mutable collection or text, by its initial value and type. */
function holds(declaration: Holder, checker: ts.TypeChecker): 'collection' | 'text' | undefined {
  if (declaration.initializer === undefined || !ts.isIdentifier(declaration.name)) return undefined;
  const value = bare(declaration.initializer);
  const isLet = ts.isPropertyDeclaration(declaration) || (ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.Const) === 0;
  if (ts.isStringLiteralLike(value)) return isLet ? 'text' : undefined;
  if (ts.isArrayLiteralExpression(value) || ts.isObjectLiteralExpression(value)) return 'collection';
  if (ts.isCallExpression(value)) return ['create', 'from', 'fromEntries'].includes(calledName(value) ?? '') ? 'collection' : undefined;
  if (!ts.isNewExpression(value)) return undefined;
  const name = calledName(value);
  if (name === 'Array' || name === 'Object') return 'collection';
  if (name !== 'Map' && name !== 'Set') return undefined;
  return hasFewKeys(checker.getTypeAtLocation(declaration.name), checker) ? undefined : 'collection';
}

function hasFewKeys(type: ts.Type, checker: ts.TypeChecker): boolean {
  const [key] = checker.getTypeArguments(type as ts.TypeReference);
  const parts = key === undefined ? [] : key.isUnion() ? key.types : [key];
  return parts.length > 0 && parts.every((part) => (part.flags & (ts.TypeFlags.Literal | ts.TypeFlags.BooleanLiteral)) !== 0);
}

/** Every use of a name, in its own file and, when it is exported, in the others. */
function usesOf(declaration: ts.NamedDeclaration, file: CodeFile, { checker, files }: Program): ts.Identifier[] {
  const name = declaration.name;
  if (name === undefined || !ts.isIdentifier(name)) return [];
  const symbol = checker.getSymbolAtLocation(name);
  const isOpen = ts.isPropertyDeclaration(declaration) || (ts.getCombinedModifierFlags(declaration) & ts.ModifierFlags.Export) !== 0;
  const places = isOpen ? files.filter(({ tree }) => tree.text.includes(name.text)) : [file];
  return places.flatMap(({ tree }) =>
    collect(tree, ts.isIdentifier).filter((one) => {
      if (one === name || one.text !== name.text) return false;
      const found = ts.isShorthandPropertyAssignment(one.parent)
        ? checker.getShorthandAssignmentValueSymbol(one.parent)
        : checker.getSymbolAtLocation(one);
      if (found === undefined) return false;
      return (found.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(found) : found) === symbol;
    }),
  );
}

interface Use {
  readonly kind: 'grows' | 'shrinks' | 'capped' | 'given';
  readonly node: ts.Node;
}

/** What one use does to the state. */
function useOf(name: ts.Identifier, kind: 'collection' | 'text', program: Program, depth = 0): Use | undefined {
  let whole: ts.Node = memberName(name.parent) === name.text && ownerOf(name.parent) !== name ? name.parent : name;
  while (ts.isParenthesizedExpression(whole.parent) || ts.isNonNullExpression(whole.parent) || ts.isAsExpression(whole.parent))
    whole = whole.parent;
  const { parent } = whole;
  const use = (what: Use['kind']): Use => ({ kind: what, node: parent });
  if (ownerOf(parent) === whole) {
    const member = memberName(parent) ?? '';
    const { parent: above } = parent;
    if (ts.isDeleteExpression(above)) return use('shrinks');
    if (ts.isCallExpression(above) && above.expression === parent) {
      return grows.has(member) ? use('grows') : shrinks.has(member) ? use('shrinks') : undefined;
    }
    if (member === 'size' || member === 'length') {
      if (ts.isBinaryExpression(above))
        return isComparison(above.operatorToken.kind) ? use('capped') : above.left === parent ? use('shrinks') : undefined;
      return undefined;
    }
    if (!ts.isBinaryExpression(above) || above.left !== parent || !isGrowing(above.operatorToken.kind)) return undefined;
    return isOpenKey(parent, program.checker) ? use('grows') : undefined;
  }
  if (ts.isBinaryExpression(parent) && parent.left === whole) return assigned(parent, name, kind);
  if (ts.isCallExpression(parent)) return given(parent, whole, program, depth);
  if (ts.isReturnStatement(parent) || ts.isShorthandPropertyAssignment(parent) || ts.isPropertyAssignment(parent)) return use('given');
  return ts.isArrowFunction(parent) && parent.body === whole ? use('given') : undefined;
}

/** `state[key]` under a key that may be anything. */
function isOpenKey(access: ts.Node, checker: ts.TypeChecker): boolean {
  if (!ts.isElementAccessExpression(access)) return false;
  const key = access.argumentExpression;
  if (collect(key, ts.isBinaryExpression).some(({ operatorToken }) => operatorToken.kind === ts.SyntaxKind.PercentToken)) return false;
  const type = checker.getTypeAtLocation(key);
  if (checker.isArrayType(checker.getTypeAtLocation(access.expression))) return memberName(key) === 'length';
  return (type.flags & (ts.TypeFlags.String | ts.TypeFlags.Number | ts.TypeFlags.Any | ts.TypeFlags.TemplateLiteral)) !== 0;
}

function assigned(node: ts.BinaryExpression, name: ts.Identifier, kind: 'collection' | 'text'): Use | undefined {
  const again = collect(node.right, ts.isIdentifier).some((one) => one.text === name.text);
  if (node.operatorToken.kind === ts.SyntaxKind.PlusEqualsToken) return kind === 'text' ? { kind: 'grows', node } : undefined;
  if (node.operatorToken.kind !== ts.SyntaxKind.EqualsToken) return undefined;
  if (!again) return { kind: 'shrinks', node };
  const cut = collect(node.right, ts.isCallExpression).some((call) =>
    ['slice', 'filter', 'substring', 'splice', 'at'].includes(calledName(call) ?? ''),
  );
  return { kind: cut ? 'shrinks' : 'grows', node };
}

const depthMax = 2;

/** Handed to a function: one of our own is read, one of the language changes nothing, any other may take things out. */
function given(call: ts.CallExpression, whole: ts.Node, program: Program, depth: number): Use | undefined {
  const position = call.arguments.findIndex((one) => one === whole);
  if (position < 0) return undefined;
  const owner = ownerOf(call.expression);
  if (position === 0 && owner !== undefined && ts.isIdentifier(owner) && ['Object', 'Reflect'].includes(owner.text))
    return assigning.has(calledName(call) ?? '') ? { kind: 'grows', node: call } : undefined;
  const called = functionOf(call.expression, program.checker);
  const path = called === undefined ? undefined : program.pathOf(called);
  if (called === undefined || path === undefined) {
    const declared = program.checker.getResolvedSignature(call)?.declaration?.getSourceFile();
    return declared?.fileName.includes('typescript-js-api/lib/') === true ? undefined : { kind: 'given', node: call };
  }
  const parameter = called.parameters[position];
  if (parameter === undefined || !ts.isIdentifier(parameter.name) || depth >= depthMax) return { kind: 'given', node: call };
  const file = program.files.find((one) => one.path === path);
  const uses = file === undefined ? [] : usesOf(parameter, file, program).map((one) => useOf(one, 'collection', program, depth + 1));
  const worst = ['shrinks', 'capped', 'given', 'grows'] as const;
  const kind = worst.find((what) => uses.some((one) => one?.kind === what));
  return kind === undefined ? undefined : { kind, node: call };
}

type Func = NonNullable<ReturnType<typeof functionAround>>;

/** The function below `outer` that holds a node; undefined when none lies between. */
function functionBelow(node: ts.Node, outer: ts.Node): Func | undefined {
  let found: Func | undefined;
  for (let one: ts.Node | undefined = node.parent; one !== undefined && one !== outer; one = one.parent) if (isFunction(one)) found = one;
  return found;
}

/** True when a value at this place stays reachable after the function around it has returned. */
function isKept(value: ts.Node, owner: Func): boolean {
  for (let node: ts.Node = value; node.parent !== undefined; node = node.parent) {
    const { parent } = node;
    if (ts.isReturnStatement(parent) || (parent === owner && owner.body === node)) return true;
    if (ts.isCallExpression(parent) && parent.expression !== node) {
      const name = calledName(parent) ?? '';
      if (keepsFunction.test(name)) return name === 'setInterval' || makesThings.test(nameOf(owner) ?? '');
      if (!/^(?:freeze|assign|defineProperties)$/.test(name)) return false;
    } else if (isFunction(parent) || ts.isStatement(parent)) return false;
  }
  return false;
}

function nameOf(node: ts.Node): string | undefined {
  if (ts.isFunctionDeclaration(node) || ts.isMethodDeclaration(node)) return node.name?.getText();
  return ts.isVariableDeclaration(node.parent) ? node.parent.name.getText() : undefined;
}

function outlives(inner: Func, owner: Func, file: CodeFile, program: Program, seen = new Set<ts.Node>()): boolean {
  if (seen.has(inner)) return false;
  seen.add(inner);
  if (isKept(inner, owner)) return true;
  const named = ts.isFunctionDeclaration(inner) ? inner : ts.isVariableDeclaration(inner.parent) ? inner.parent : undefined;
  if (named === undefined) return false;
  return usesOf(named, file, program).some((use) => {
    const around = functionBelow(use, owner);
    if (around !== undefined) return around !== inner && outlives(around, owner, file, program, seen);
    return !(ts.isCallExpression(use.parent) && use.parent.expression === use) && isKept(use, owner);
  });
}

/** Only called while the module loads. */
function runsAtLoad(outermost: Func, file: CodeFile, program: Program): boolean {
  if (!ts.isFunctionDeclaration(outermost) && !ts.isVariableDeclaration(outermost.parent)) return false;
  const named = ts.isFunctionDeclaration(outermost) ? outermost : (outermost.parent as ts.VariableDeclaration);
  if (ts.getCombinedModifierFlags(named) & ts.ModifierFlags.Export) return false;
  const uses = usesOf(named, file, program);
  return uses.length > 0 && uses.every((use) => functionAround(use) === undefined);
}

function judge(declaration: Holder, file: CodeFile, program: Program): Place | undefined {
  const kind = holds(declaration, program.checker);
  if (kind === undefined || commentsAt(statementOf(declaration)).some((text) => declaredCap.test(text))) return undefined;
  const owner = functionAround(declaration);
  const found = usesOf(declaration, file, program).map((use) => useOf(use, kind, program));
  if (found.some((use) => use !== undefined && use.kind !== 'grows')) return undefined;
  const growth = found.find((use) => {
    if (use === undefined) return false;
    if (ts.isPropertyDeclaration(declaration)) return true;
    if (owner === undefined) {
      const outermost = functionBelow(use.node, file.tree);
      return program.pathOf(use.node) !== file.path || (outermost !== undefined && !runsAtLoad(outermost, file, program));
    }
    const inner = isInside(use.node, owner) ? functionBelow(use.node, owner) : undefined;
    return inner !== undefined && outlives(inner, owner, file, program);
  });
  if (growth === undefined) return undefined;
  return {
    node: declaration,
    detail: `"${declaration.name.getText()}" outlives the call that fills it (line ${program.lineOf(growth.node)}), and nothing takes anything out of it or counts it.`,
  };
}

/** `new LRUCache()` and its like without any bound. */
function unboundedCache(node: ts.Node): Place | undefined {
  if (!ts.isNewExpression(node) || !/^(?:LRUCache|LRU|QuickLRU|TTLCache|NodeCache)$/.test(calledName(node) ?? '')) return undefined;
  const [given] = node.arguments ?? [];
  if (given !== undefined && !ts.isObjectLiteralExpression(given)) return undefined;
  const names = given?.properties.map((property) => property.name?.getText() ?? '...') ?? [];
  if (names.some((name) => /^(?:max|maxSize|maxKeys|\.\.\.)$/.test(name))) return undefined;
  return { node, detail: 'A cache is made without a largest number of entries.' };
}

export function growingState(file: CodeFile, program: Program): Place[] {
  const places: Place[] = [];
  for (const node of nodesOf(file.tree)) {
    const place = ts.isVariableDeclaration(node) || ts.isPropertyDeclaration(node) ? judge(node, file, program) : unboundedCache(node);
    if (place !== undefined) places.push(place);
  }
  return places;
}
