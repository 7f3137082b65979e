/** What scripts of a page can read back: storage, cookies, addresses, the window's name. And whether a token goes there. */
import ts from 'typescript-js-api';
import type { Place } from './code-check.ts';
import type { Program } from './program.ts';
import { bare, calledName, collect, declarationOf, functionAround, functionOf, isFunction, memberName, nodesOf, ownerOf } from './tree.ts';

const secretName = /token|jwt|bearer|credential|passw|secret|authori[sz]ation|refresh(?:Key|$)|api_?key|session_?id/i;
const notSecret = /^(?:tokens?Max|tokenise|.*At(?:Ms)?|.*ExpiresIn)$/;
const isSecretName = (name: string) => secretName.test(name) && !notSecret.test(name);
const depthMax = 3;
const propertiesMax = 40;

interface Sink {
  readonly node: ts.Node;
  readonly where: string;
  readonly values: readonly ts.Expression[];
}

const typeName = (node: ts.Expression, checker: ts.TypeChecker): string | undefined => checker.getTypeAtLocation(node).symbol?.name;

/** A place that writes to what scripts can read back. */
function sinkOf(node: ts.Node, checker: ts.TypeChecker): Sink | undefined {
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken) {
    const owner = ownerOf(node.left);
    if (owner === undefined) return undefined;
    const type = typeName(owner, checker);
    const member = memberName(node.left) ?? '';
    if (type === 'Storage') return { node, where: 'the storage of the browser', values: [node.right, ...keyOf(node.left)] };
    if (member === 'cookie' && type === 'Document') return { node, where: 'a cookie that scripts can read', values: [node.right] };
    if (member === 'name' && /^(?:window|self|globalThis|top|parent|opener)$/.test(owner.getText()))
      return { node, where: 'the name of the window', values: [node.right] };
    if (type === 'Location' || type === 'URL') return { node, where: 'an address', values: [node.right] };
    return undefined;
  }
  if (!ts.isCallExpression(node)) return undefined;
  const name = calledName(node) ?? '';
  const owner = ownerOf(bare(node.expression));
  const type = owner === undefined ? undefined : typeName(owner, checker);
  const values = node.arguments;
  const [first, ...given] = values;
  if (name === 'assign' && first !== undefined && typeName(first, checker) === 'Storage')
    return { node, where: 'the storage of the browser', values: given };
  if (type === 'Storage' && name === 'setItem') return { node, where: 'the storage of the browser', values };
  if (type === 'IDBObjectStore' && /^(?:put|add)$/.test(name)) return { node, where: 'a database of the browser', values };
  if ((type === 'Cache' && name === 'put') || (type === 'CookieStore' && name === 'set'))
    return { node, where: 'a store of the browser', values };
  if (type === 'URLSearchParams' && /^(?:set|append)$/.test(name)) return { node, where: 'an address', values };
  if ((type === 'Location' && /^(?:assign|replace)$/.test(name)) || (type === 'History' && /^(?:push|replace)State$/.test(name)))
    return { node, where: 'an address', values };
  return undefined;
}

const keyOf = (left: ts.Expression): ts.Expression[] => (ts.isElementAccessExpression(left) ? [left.argumentExpression] : []);

/** True when an expression is, holds or names a credential. */
function isSecret(expression: ts.Node, checker: ts.TypeChecker, depth = 0): boolean {
  if (depth > depthMax) return false;
  for (const node of nodesOf(expression)) {
    if (ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddle(node)) {
      if (/(?:^|[?&#_.-])(?:access_?|refresh_?|id_?|auth_?)?(?:token|jwt|credentials?|password|secret)(?:$|=)/i.test(node.text))
        return true;
    }
    if (!ts.isIdentifier(node)) continue;
    if (isSecretName(node.text) && !isOnlyOwner(node)) return true;
    if (isOnlyOwner(node) || !isValue(node)) continue;
    if (holdsSecret(checker.getTypeAtLocation(node), checker)) return true;
    const declaration = declarationOf(node, checker);
    if (declaration === undefined) continue;
    if (ts.isBindingElement(declaration) && declaration.propertyName !== undefined && isSecretName(declaration.propertyName.getText()))
      return true;
    if (
      ts.isVariableDeclaration(declaration) &&
      declaration.initializer !== undefined &&
      !isFunction(bare(declaration.initializer)) &&
      isSecret(declaration.initializer, checker, depth + 1)
    )
      return true;
  }
  return false;
}

const isOnlyOwner = (node: ts.Identifier) => ownerOf(node.parent) === node;
const isValue = (node: ts.Identifier) =>
  !(ts.isCallExpression(node.parent) && node.parent.expression === node) && memberName(node.parent) !== node.text;

function holdsSecret(type: ts.Type, checker: ts.TypeChecker): boolean {
  if ((type.flags & ts.TypeFlags.Object) === 0 || checker.isArrayType(type)) return false;
  const properties = type.getProperties();
  return (
    properties.length <= propertiesMax &&
    properties.some(({ name, declarations }) => isSecretName(name) && declarations?.[0]?.getSourceFile().isDeclarationFile === false)
  );
}

interface Wrapper {
  readonly func: ts.Node;
  readonly position: number;
  readonly where: string;
}

/** Functions that hand a parameter on to such a place. */
function wrapperOf(values: readonly ts.Expression[], where: string, checker: ts.TypeChecker): Wrapper[] {
  return values.flatMap((value) =>
    collect(value, ts.isIdentifier).flatMap((name) => {
      const declaration = declarationOf(name, checker);
      if (declaration === undefined || !ts.isParameter(declaration) || !isFunction(declaration.parent)) return [];
      return [{ func: declaration.parent, position: declaration.parent.parameters.indexOf(declaration), where }];
    }),
  );
}

/** The function that a call reaches; a member of an interface reaches the method of that name that its object literal has. */
function reaches(call: ts.CallExpression, func: ts.Node, checker: ts.TypeChecker): boolean {
  const own = functionOf(call.expression, checker);
  if (own !== undefined) return own === func;
  const name = memberName(call.expression);
  const owner = ownerOf(call.expression);
  const member = ts.isMethodDeclaration(func) ? func : ts.isPropertyAssignment(func.parent) ? func.parent : undefined;
  if (name === undefined || owner === undefined || member === undefined || member.name.getText() !== name) return false;
  if (!ts.isObjectLiteralExpression(member.parent)) return false;
  const declared = checker.getContextualType(member.parent)?.getProperty(name)?.declarations?.[0];
  return declared !== undefined && checker.getPropertyOfType(checker.getTypeAtLocation(owner), name)?.declarations?.[0] === declared;
}

const persists =
  /^(?:persist|persistReducer|persistQueryClient|experimental_createPersister|create\w*Persister|atomWithStorage|persistStore|useLocalStorage)$/i;

export function browserTokens(program: Program, isJudged: (path: string) => boolean): Map<string, Place[]> {
  const { checker } = program;
  const found = new Map<string, Place[]>();
  const add = (path: string, node: ts.Node, detail: string) => {
    const places = found.get(path) ?? [];
    if (!places.some((known) => known.node === node)) found.set(path, [...places, { node, detail }]);
  };
  const files = program.files.filter(({ path }) => isJudged(path));
  const wrappers: Wrapper[] = [];
  const calls: { path: string; call: ts.CallExpression }[] = [];
  for (const { path, tree } of files) {
    for (const node of nodesOf(tree)) {
      if (ts.isCallExpression(node)) calls.push({ path, call: node });
      if (ts.isCallExpression(node) && persists.test(calledName(node) ?? ''))
        add(path, node, 'A whole state is kept in the storage of the browser: accounts, tokens and private answers with it.');
      const sink = sinkOf(node, checker);
      if (sink === undefined) continue;
      if (sink.values.some((value) => isSecret(value, checker))) {
        const own = wrapperOf(sink.values, sink.where, checker);
        add(path, node, `A credential is written to ${sink.where}.`);
        if (own.length === 0) continue;
      }
      wrappers.push(...wrapperOf(sink.values, sink.where, checker));
    }
  }
  for (let round = 0; round < depthMax; round += 1) {
    const further: Wrapper[] = [];
    for (const { path, call } of calls) {
      for (const wrapper of wrappers) {
        const value = call.arguments[wrapper.position];
        if (value === undefined || !reaches(call, wrapper.func, checker)) continue;
        if (isSecret(value, checker))
          add(path, call, `A credential is written to ${wrapper.where}, through ${calledName(call) ?? 'a function'}.`);
        if (functionAround(call) !== wrapper.func) further.push(...wrapperOf([value], wrapper.where, checker));
      }
    }
    if (further.length === 0) break;
    wrappers.splice(0, wrappers.length, ...further);
  }
  return found;
}
