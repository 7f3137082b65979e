import ts from 'typescript-js-api';
import { defineCodeCheck, type Place } from '../../src/source/code-check.ts';
import { createConstants } from '../../src/source/constants.ts';
import type { CodeFile, Program } from '../../src/source/program.ts';
import { isSqlPiece, joinedSql } from '../../src/source/sql-pieces.ts';
import { calledName, commentsAt, functionAround, nodesOf, ownerOf, statementOf } from '../../src/source/tree.ts';

const isQueries = (path: string) => path.endsWith('.queries.ts');
/** The server puts a statement together by itself: `execute format('… %s')`, `execute '…' || name`. */
const dynamic = /\bexecute\s+(?:format\s*\(\s*E?'(?:[^']|'')*%[^IL%](?:[^']|'')*'|E?'(?:[^']|'')*'\s*\|\|)/i;
const constantsOf = new WeakMap<Program, ReturnType<typeof createConstants>>();

function constantsIn(program: Program) {
  const known = constantsOf.get(program) ?? createConstants(program, isQueries);
  constantsOf.set(program, known);
  return known;
}

/** DDL takes no parameters: what the server itself has quoted may stand in it, where a comment says that it has. */
const isQuoted = (node: ts.Node) =>
  [node, functionAround(node) ?? node, node.getSourceFile().statements[0] ?? node].some((one) =>
    commentsAt(statementOf(one)).some((text) => /\bquot(?:ed|es)\b/i.test(text)),
  );

/** Text of an error, a name or a comment is no statement. */
function isForPeople(node: ts.Node): boolean {
  for (let one: ts.Node | undefined = node.parent; one !== undefined && !ts.isStatement(one); one = one.parent)
    if (ts.isNewExpression(one) && (calledName(one) ?? '').endsWith('Error')) return true;
  return false;
}

function look({ tree }: CodeFile, program: Program): Place[] {
  const { isConstant } = constantsIn(program);
  const places: Place[] = [];
  for (const node of nodesOf(tree)) {
    if (ts.isStringLiteralLike(node) && dynamic.test(node.text))
      places.push({ node, detail: 'The server puts a statement together from a text that is given to it, and runs it.' });
    const replaced =
      ts.isCallExpression(node) && /^replace(?:All)?$/.test(calledName(node) ?? '') ? replacement(node, isConstant) : undefined;
    const joined = joinedSql(node);
    const parts = joined?.parts ?? (replaced === undefined ? [] : [replaced]);
    const given = parts.find((part) => !isConstant(part) && joinedSql(part) === undefined);
    if (given === undefined || isForPeople(node) || isQuoted(node)) continue;
    const shown = given.getText().replaceAll(/\s+/g, ' ').slice(0, 60);
    places.push({
      node,
      detail: `"${shown}" is put into the text of a statement after the modules were loaded; it may be anything that a request brought.`,
    });
  }
  return places;
}

/** What is put into a statement in place of a piece of its text. */
function replacement(call: ts.CallExpression, isConstant: (expression: ts.Expression) => boolean): ts.Expression | undefined {
  const owner = ownerOf(call.expression);
  const [, by] = call.arguments;
  if (owner === undefined || by === undefined || !isConstant(owner)) return undefined;
  const texts = [...nodesOf(call)].filter(ts.isStringLiteralLike).map(({ text }) => text);
  const named = ts.isIdentifier(owner)
    ? [...nodesOf(call.getSourceFile())].filter(ts.isVariableDeclaration).find(({ name }) => name.getText() === owner.text)
    : undefined;
  const source = named?.initializer !== undefined && ts.isStringLiteralLike(named.initializer) ? [named.initializer.text] : [];
  return [...texts, ...source].some(isSqlPiece) ? by : undefined;
}

export default defineCodeCheck({
  id: 'code/sql-from-input',
  title: 'Statement put together from input',
  area: 'security',
  severity: 'critical',
  requirements: ['SEC-07', 'REV-04'],
  where: isQueries,
  look,
  risk: 'Whoever chooses that text chooses what the database does.',
  impact: 'All data can be read, changed or dropped by one request.',
  fix: 'Give the value as a parameter ($1); for a column or a direction, declare one entry per choice and pick the entry by name. DDL takes no parameters: let the server quote the name (quote_ident), and say so in a comment.',
});
