/** The calls that ask the database: those of an Executor or a Database. */
import ts from 'typescript-js-api';
import { memberDeclarationOf } from './call-targets.ts';
import type { Program } from './program.ts';
import { bare, collect, declarationOf, memberName } from './tree.ts';

const databaseFolder = 'platform/src/db/';
const executorMethods = new Set(['run', 'one', 'maybeOne', 'transaction']);

/** True for a call of the Executor or Database itself. */
export function isQuery(call: ts.CallExpression, program: Program): boolean {
  const declaration = memberDeclarationOf(call, program.checker);
  if (declaration === undefined || !isInDatabase(declaration, program)) return false;
  return executorMethods.has(memberName(bare(call.expression)) ?? '');
}

/** The files of the database are what is asked, and ask nobody. */
export function isInDatabase(node: ts.Node, program: Program): boolean {
  return program.pathOf(node)?.startsWith(databaseFolder) === true;
}

/** What the catalogue entry that a call runs is declared to do. */
export function queryAccess(call: ts.CallExpression, checker: ts.TypeChecker): 'read' | 'write' | undefined {
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
