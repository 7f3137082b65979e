/** The doors to stores and sockets, and who may use them. */
import ts from 'typescript-js-api';
import type { Place } from './code-check.ts';
import type { CodeFile, Program } from './program.ts';
import { bare, calledName, memberName, nodesOf, ownerOf } from './tree.ts';

/** Packages that open a database, a Redis or a socket by themselves, with the folders that may. */
const doors: readonly { readonly packages: RegExp; readonly what: string; readonly places: RegExp; readonly instead: string }[] = [
  {
    packages:
      /^(?:pg|pg-(?:pool|native|cursor|query-stream|promise)|postgres|slonik|knex|kysely|drizzle-orm(?:\/.*)?|@databases\/.*|typeorm|@prisma\/.*)$/,
    what: 'the PostgreSQL driver',
    places: /^platform\/(?:src\/(?:db|jobs)\/|local\/|seed\/)/,
    instead: 'Declare the statement with defineQuery and run it through the Executor.',
  },
  {
    packages: /^(?:ioredis|redis|@redis\/.*|node-redis|iovalkey|@valkey\/.*)$/,
    what: 'the Redis driver',
    places: /^platform\/(?:src\/redis\/|local\/)/,
    instead: 'Declare the key with defineKey and use the store.',
  },
  {
    packages: /^(?:ws|socket\.io|uWebSockets\.js|faye-websocket|@fastify\/websocket)$/,
    what: 'the socket driver',
    places: /^platform\/src\/sockets\//,
    instead: 'Publish through the hub.',
  },
  {
    packages: /^(?:(?:node:)?sqlite|better-sqlite3|sqlite3|mysql2?(?:\/.*)?|mongodb|mongoose|level|lmdb|@libsql\/.*|bun:sql(?:ite)?)$/,
    what: 'another database',
    places: /^$/,
    instead: 'Keep what has to last in PostgreSQL, through the Executor.',
  },
  {
    packages: /^graphile-worker$/,
    what: 'the job runner',
    places: /^platform\/src\/jobs\//,
    instead: 'Enqueue with platform/src/jobs/enqueue.ts.',
  },
];

const doorOf = (specifier: string) => doors.find(({ packages }) => packages.test(specifier));
const isOutside = (path: string, specifier: string) => {
  const door = doorOf(specifier);
  return door !== undefined && !door.places.test(path);
};

const textOf = (node: ts.Node | undefined) => (node !== undefined && ts.isStringLiteralLike(node) ? node.text : undefined);

/** `import`, `export … from`, `import()`, `require()` and `import x = require()`: the specifier, or null when it is put together at run time. */
function loaded(node: ts.Node): string | null | undefined {
  if (ts.isImportDeclaration(node)) return textOf(node.moduleSpecifier);
  if (ts.isExportDeclaration(node)) return node.moduleSpecifier === undefined ? undefined : textOf(node.moduleSpecifier);
  if (ts.isExternalModuleReference(node)) return textOf(node.expression);
  if (ts.isImportTypeNode(node)) return ts.isLiteralTypeNode(node.argument) ? textOf(node.argument.literal) : undefined;
  if (!ts.isCallExpression(node)) return undefined;
  const [first] = node.arguments;
  const loads =
    node.expression.kind === ts.SyntaxKind.ImportKeyword ||
    /^(?:require|getBuiltinModule)$/.test(calledName(node) ?? '') ||
    isMadeRequire(node);
  if (!loads || first === undefined) return undefined;
  return textOf(bare(first)) ?? null;
}

/** `createRequire(import.meta.url)('…')` in one go. */
const isMadeRequire = ({ expression }: ts.CallExpression) => ts.isCallExpression(expression) && calledName(expression) === 'createRequire';

function importPlace(node: ts.Node, path: string): Place | undefined {
  const specifier = loaded(node);
  if (specifier === undefined) return undefined;
  if (specifier === null)
    return {
      node,
      detail: 'A module is loaded under a name that is put together at run time: what it is cannot be seen.',
      fix: 'Import it under its own name.',
    };
  const door = doorOf(specifier);
  if (door === undefined) return undefined;
  if (!door.places.test(path)) return { node, detail: `${specifier} is ${door.what}, used outside its place.`, fix: door.instead };
  if (!ts.isExportDeclaration(node) || node.isTypeOnly) return undefined;
  return { node, detail: `${specifier} is passed on from ${path}: whoever imports that file has ${door.what}.`, fix: door.instead };
}

/** The package whose declarations a type comes from. */
function packageOf(type: ts.Type): string | undefined {
  const file = type.symbol?.declarations?.[0]?.getSourceFile().fileName ?? '';
  return /node_modules\/(?:@types\/)?((?:@[^/]+\/)?[^/]+)\/(?!.*node_modules)/.exec(file)?.[1];
}

const driverMethods = new Set(['query', 'exec', 'prepare', 'execute', 'unsafe', '$queryRawUnsafe', '$executeRawUnsafe']);

/** A value whose type is the driver's, or whose `query` takes a statement as text. */
function calledPlace(node: ts.Node, { path }: CodeFile, checker: ts.TypeChecker): Place | undefined {
  if (ts.isCallExpression(node) || ts.isNewExpression(node)) {
    const callee = bare(node.expression);
    const owner = ownerOf(callee);
    if (owner === undefined) return undefined;
    const from = packageOf(checker.getTypeAtLocation(owner));
    if (from !== undefined && isOutside(path, from)) {
      const door = doorOf(from);
      return {
        node,
        detail: `A method of ${from} is called outside the place of ${door?.what ?? 'the driver'}.`,
        fix: door?.instead ?? '',
      };
    }
    if (memberName(callee) === 'query' && takesText(checker.getTypeAtLocation(callee), checker, callee)) return handedIn(node);
  }
  if (ts.isBindingElement(node)) {
    const name = node.propertyName ?? node.name;
    if (ts.isIdentifier(name) && driverMethods.has(name.text) && takesText(checker.getTypeAtLocation(node.name), checker, node))
      return handedIn(node);
  }
  return undefined;
}

const handedIn = (node: ts.Node): Place => ({
  node,
  detail: 'A client that was handed in is asked with a statement as text: no catalogue names it, no budget holds it.',
  fix: 'Take an Executor instead, and run an entry of the catalogue.',
});

function takesText(type: ts.Type, checker: ts.TypeChecker, at: ts.Node): boolean {
  return type.getCallSignatures().some((signature) => {
    const [first] = signature.parameters;
    return first !== undefined && (checker.getTypeOfSymbolAtLocation(first, at).flags & ts.TypeFlags.String) !== 0;
  });
}

/** `export const Pool = pg.Pool`: a door held open for others. */
function passedOn(node: ts.Node, { path }: CodeFile, checker: ts.TypeChecker): Place | undefined {
  const exported =
    ts.isVariableDeclaration(node) &&
    ts.isVariableStatement(node.parent.parent) &&
    ts.getCombinedModifierFlags(node) & ts.ModifierFlags.Export
      ? node.initializer
      : ts.isExportAssignment(node)
        ? node.expression
        : undefined;
  if (exported === undefined) return undefined;
  const value = bare(exported);
  const from = [value, ownerOf(value)]
    .filter((one) => one !== undefined)
    .map((one) => packageOf(checker.getTypeAtLocation(one)))
    .find((name) => name !== undefined && doorOf(name) !== undefined);
  // An instance is asked through its methods, and whoever calls one elsewhere is named there.
  if (from === undefined || ts.isFunctionLike(value) || ts.isNewExpression(value)) return undefined;
  const door = doorOf(from);
  return {
    node,
    detail: `${path} exports a piece of ${from}: whoever imports it has ${door?.what ?? 'the driver'}.`,
    fix: door?.instead ?? '',
  };
}

export function driverPlaces(file: CodeFile, { checker }: Program): Place[] {
  const places: Place[] = [];
  for (const node of nodesOf(file.tree)) {
    const place =
      importPlace(node, file.path) ??
      passedOn(node, file, checker) ??
      (doors[0]?.places.test(file.path) === true ? undefined : calledPlace(node, file, checker));
    if (place !== undefined && !places.some((known) => known.node.getStart() === place.node.getStart())) places.push(place);
  }
  return places;
}
