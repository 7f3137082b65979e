import { type CallExpression, type ObjectExpression, Visitor } from 'oxc-parser';
import { defineCheck, fingerprint, type Finding } from '../../src/check.ts';
import { isTest, serverSources, type SourceFile } from '../../src/source/typescript.ts';

/** The one file that may register a route with the framework: it puts the guards in front. */
const registrar = 'platform/src/http/routes/register-routes.ts';
const registeringMethods = new Set(['get', 'post', 'put', 'patch', 'delete', 'route', 'all']);
const applicationNames = new Set(['app', 'fastify', 'instance', 'server', 'scope']);

interface Place {
  readonly offset: number;
  readonly subject: string;
  readonly detail: string;
}

/** Property names of an object literal, those of spread constants of the same file included. */
function propertyNames(object: ObjectExpression, constants: ReadonlyMap<string, ObjectExpression>): string[] {
  return object.properties.flatMap((property) => {
    if (property.type === 'Property') return property.key.type === 'Identifier' ? [property.key.name] : [];
    const spread = property.argument.type === 'Identifier' ? constants.get(property.argument.name) : undefined;
    return spread === undefined || spread === object ? [] : propertyNames(spread, constants);
  });
}

/** `const name = { … }`, also with `as const` behind it. */
function constantObjects(file: SourceFile): Map<string, ObjectExpression> {
  const constants = new Map<string, ObjectExpression>();
  new Visitor({
    VariableDeclarator: ({ id, init }) => {
      const value = init?.type === 'TSAsExpression' || init?.type === 'TSSatisfiesExpression' ? init.expression : init;
      if (id.type === 'Identifier' && value?.type === 'ObjectExpression') constants.set(id.name, value);
    },
  }).visit(file.tree.program);
  return constants;
}

function routesOf(file: SourceFile): { examined: number; unguarded: Place[] } {
  const constants = constantObjects(file);
  let examined = 0;
  const unguarded: Place[] = [];

  const lookAtDeclaration = (node: CallExpression) => {
    examined += 1;
    const declaration = node.arguments[0];
    if (declaration?.type === 'ObjectExpression' && propertyNames(declaration, constants).includes('access')) return;
    unguarded.push({ offset: node.start, subject: file.path, detail: 'A route does not state who may call it.' });
  };
  const lookAtRegistration = ({ callee, arguments: [url], start }: CallExpression) => {
    if (file.path === registrar || callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier') return;
    if (callee.object.type !== 'Identifier' || !applicationNames.has(callee.object.name) || !registeringMethods.has(callee.property.name))
      return;
    if (url?.type !== 'Literal' && url?.type !== 'ObjectExpression') return;
    examined += 1;
    unguarded.push({
      offset: start,
      subject: file.path,
      detail: `A route is registered past ${registrar}, so no guard, limit or statement budget holds for it.`,
    });
  };
  new Visitor({
    CallExpression: (node) => {
      if (node.callee.type === 'Identifier' && node.callee.name === 'defineRoute') lookAtDeclaration(node);
      else lookAtRegistration(node);
    },
  }).visit(file.tree.program);
  return { examined, unguarded };
}

export default defineCheck({
  id: 'code/route-without-access',
  title: 'Route that does not state who may call it',
  area: 'security',
  severity: 'critical',
  needs: ['repository'],
  requirements: ['SEC-05', 'REV-04'],
  timeoutMs: 20_000,
  run: async ({ repository }) => {
    const sources = (await serverSources(repository)).filter((file) => file.path.startsWith('platform/src/') && !isTest(file.path));
    let examined = 0;
    const findings: Finding[] = [];
    for (const file of sources) {
      const found = routesOf(file);
      examined += found.examined;
      for (const place of found.unguarded) {
        const location = `${file.path}:${file.lineOf(place.offset)}`;
        findings.push({
          subject: place.subject,
          detail: place.detail,
          location,
          risk: 'Anyone may call it.',
          impact: 'Private posts, accounts or operations reach people they are not for.',
          fix: `Declare it with defineRoute({ access: 'public' | 'user' | 'admin' | 'operations', … }) at ${location} and return it from the feature's create…Routes.`,
          fingerprint: fingerprint('route', file.path, file.text.slice(place.offset, place.offset + 80)),
        });
      }
    }
    return { examined, findings };
  },
});
