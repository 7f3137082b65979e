import ts from 'typescript-js-api';
import { defineCodeCheck, type Place } from '../../src/source/code-check.ts';
import { bare, calledName, collect, declarationOf, functionOf, nodesOf } from '../../src/source/tree.ts';

const changes = /POST|PUT|PATCH|DELETE/;
/** Signing in, refreshing and registering: whoever does it is not known yet, and has rate limits of its own. */
const beforeSignIn = /^['"](?:auth|register)['"]$/;
const asksWho = /^(?:reader|requireReader|raw|request|session|account|userId)$/;

/** The fields of a route, those of constants that are spread in included; the last one counts. */
function fieldsOf(object: ts.ObjectLiteralExpression, checker: ts.TypeChecker, depth = 0): Map<string, ts.Node> {
  const fields = new Map<string, ts.Node>();
  for (const property of object.properties) {
    if (ts.isSpreadAssignment(property)) {
      const declaration = declarationOf(bare(property.expression), checker);
      const value =
        declaration !== undefined && ts.isVariableDeclaration(declaration) && declaration.initializer !== undefined
          ? bare(declaration.initializer)
          : bare(property.expression);
      if (ts.isObjectLiteralExpression(value) && depth < 3)
        for (const [name, field] of fieldsOf(value, checker, depth + 1)) fields.set(name, field);
    } else if (property.name !== undefined) fields.set(property.name.getText(), property);
  }
  return fields;
}

const valueOf = (field: ts.Node | undefined): string =>
  field !== undefined && ts.isPropertyAssignment(field) ? bare(field.initializer).getText() : '';

function placeOf(call: ts.CallExpression, checker: ts.TypeChecker): Place | undefined {
  const given = call.arguments[0] === undefined ? undefined : bare(call.arguments[0]);
  if (given === undefined || !ts.isObjectLiteralExpression(given)) return undefined;
  const fields = fieldsOf(given, checker);
  if (!changes.test(valueOf(fields.get('method')))) return undefined;
  const access = fields.get('access');
  if (valueOf(access).includes('public')) {
    if (beforeSignIn.test(valueOf(fields.get('rateLimit')))) return undefined;
    return {
      node: access !== undefined && access.parent === given ? access : call,
      detail: 'A route that changes something may be called by anyone.',
    };
  }
  const field = fields.get('handler');
  const handler =
    field === undefined
      ? undefined
      : ts.isMethodDeclaration(field)
        ? field
        : ts.isPropertyAssignment(field)
          ? functionOf(field.initializer, checker)
          : undefined;
  if (field === undefined || handler?.body === undefined || valueOf(access) === '') return undefined;
  const names = collect(handler.body, ts.isIdentifier).map((one) => one.text);
  return names.some((name) => asksWho.test(name))
    ? undefined
    : {
        node: field,
        detail: 'A route that changes something never looks at who calls it: whoever is signed in changes what belongs to others.',
      };
}

export default defineCodeCheck({
  id: 'code/change-by-anyone',
  title: 'Change that does not ask who makes it',
  area: 'security',
  severity: 'critical',
  requirements: ['SEC-05', 'REV-04'],
  where: (path) => path.startsWith('platform/src/') && !path.endsWith('http/route.ts'),
  look: ({ tree }, { checker }) =>
    [...nodesOf(tree)]
      .filter(ts.isCallExpression)
      .filter((call) => calledName(call) === 'defineRoute')
      .map((call) => placeOf(call, checker))
      .filter((place) => place !== undefined),
  risk: 'Anyone changes or deletes what belongs to others.',
  impact: 'Accounts, posts and sanctums are changed by strangers, and no log says by whom.',
  fix: "Declare access: 'user' (or 'admin'), and hand the reader to the service: requireReader(raw).",
});
