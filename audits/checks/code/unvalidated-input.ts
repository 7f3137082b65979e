import ts from 'typescript-js-api';
import { defineCodeCheck, type Place } from '../../src/source/code-check.ts';
import { calledName, memberName, nodesOf, ownerOf, saysWhy } from '../../src/source/tree.ts';

const parts = new Set(['body', 'query', 'params']);
const openShapes = new Set(['any', 'unknown', 'looseObject']);
const letsThrough = new Set(['passthrough', 'loose']);
const bounds = new Set([
  'max',
  'length',
  'regex',
  'enum',
  'email',
  'uuid',
  'url',
  'datetime',
  'refine',
  'transform',
  'pipe',
  'overwrite',
  'check',
  'startsWith',
]);
const isInputName = (name: string) =>
  /(?:body|query|querystring|params?|input|create|update|change|request)(?:Schema|Shape)?$/i.test(name) && !/response|answer/i.test(name);

/** `raw`, `request.raw`, or the framework's own request. */
function isRaw(node: ts.Expression, checker: ts.TypeChecker): boolean {
  const name = ts.isIdentifier(node) ? node.text : memberName(node);
  return name === 'raw' || checker.getTypeAtLocation(node).symbol?.name === 'FastifyRequest';
}

/** The shape belongs to an answer, which we write ourselves. */
function isAnswer(node: ts.Node): boolean {
  for (let one: ts.Node = node; one.parent !== undefined; one = one.parent)
    if ((ts.isPropertyAssignment(one) || ts.isVariableDeclaration(one)) && /response|answer|(?:^|[a-z])row$/i.test(one.name.getText()))
      return true;
  return false;
}

/** The names of the constants and fields that a shape is given to. */
function isInput(node: ts.Node): boolean {
  for (let one: ts.Node = node; one.parent !== undefined; one = one.parent) {
    if (ts.isVariableDeclaration(one)) return isInputName(one.name.getText());
    if (ts.isPropertyAssignment(one) && isFieldOf(one.parent, 'schema')) return isInputName(one.name.getText());
  }
  return false;
}

const isFieldOf = (object: ts.Node, name: string) => ts.isPropertyAssignment(object.parent) && object.parent.name.getText() === name;

function isBoundedText(call: ts.CallExpression): boolean {
  for (let one: ts.Node = call; one.parent !== undefined; one = one.parent.parent) {
    if (ownerOf(one.parent) !== one || !ts.isCallExpression(one.parent.parent)) return false;
    if (bounds.has(memberName(one.parent) ?? '')) return true;
  }
  return false;
}

function shapePlace(node: ts.CallExpression): Place | undefined {
  const owner = ownerOf(node.expression)?.getText();
  const name = calledName(node) ?? '';
  const isZod = owner === 'z' || owner === 'zod';
  if (isAnswer(node)) return undefined;
  if ((isZod && openShapes.has(name)) || letsThrough.has(name))
    return { node, detail: `The shape lets through what nobody described (${name}).` };
  if (isZod && name === 'string' && isInput(node) && !isBoundedText(node))
    return { node, detail: 'A text of a request may be as long as the body.' };
  return undefined;
}

function placeOf(node: ts.Node, path: string, checker: ts.TypeChecker): Place | undefined {
  const owner = ownerOf(node);
  const detail = 'A part of the request is read as it came, past the shape that the route declares.';
  if (owner !== undefined && parts.has(memberName(node) ?? '') && isRaw(owner, checker)) return { node, detail };
  if (ts.isBindingElement(node) && parts.has((node.propertyName ?? node.name).getText())) {
    const declared = node.parent.parent;
    if (ts.isVariableDeclaration(declared) && declared.initializer !== undefined && isRaw(declared.initializer, checker))
      return { node, detail };
    if (ts.isParameter(declared) && checker.getTypeAtLocation(declared).symbol?.name === 'FastifyRequest') return { node, detail };
  }
  return ts.isCallExpression(node) && /\.(?:schema|handlers)\.ts$/.test(path) ? shapePlace(node) : undefined;
}

export default defineCodeCheck({
  id: 'code/unvalidated-input',
  title: 'Input that no shape describes',
  area: 'security',
  severity: 'high',
  requirements: ['SEC-07', 'REV-04'],
  where: (path) => path.startsWith('platform/src/features/'),
  look: ({ tree, path }, { checker }) =>
    [...nodesOf(tree)]
      .map((node) => placeOf(node, path, checker))
      .filter((place) => place !== undefined)
      .filter(({ node }) => !saysWhy(node)),
  risk: 'Fields, types and lengths that nobody thought of reach the rules and the database.',
  impact: 'Errors of the server that a stranger can cause, and changes to fields that were never meant to be set.',
  fix: 'Declare it in the route (schema.body, querystring, params) with z.strictObject and a longest length, and read the parsed part of the request.',
});
