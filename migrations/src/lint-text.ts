import { parseDirectives } from './directives.ts';
import type { Directives } from './directives.ts';
import { calledFunctions } from './lint-nodes.ts';
import { namesOf } from './nodes.ts';
import type { ParsedStatement, SqlParser } from './parser.ts';
import { splitStatements } from './statements.ts';
import { readTextOf } from './files.ts';
import type { LintStatement } from './lint-statement.ts';
import { foreignDirectives, forwardText } from './sections.ts';
import type { SqlStatement } from './statements.ts';
import type { MigrationFile } from './types.ts';

export interface LintText {
  readonly file: MigrationFile;
  readonly text: string;
  readonly directives: Directives;
  /** In file order, statements of bodies after the statement that holds them. */
  readonly statements: readonly LintStatement[];
  /** Lines of bodies that could not be looked into, with the reason. */
  readonly unseen: readonly { readonly line: number; readonly statement: LintStatement; readonly reason: string }[];
}

/** Reads and divides one file; a statement that does not parse hides no other. */
export function readLintText(parser: SqlParser, file: MigrationFile, isForeign = false): LintText {
  const whole = readTextOf(file.path) ?? '';
  const text = forwardText(whole);
  const statements: LintStatement[] = [];
  const unseen: { line: number; statement: LintStatement; reason: string }[] = [];
  for (const raw of splitStatements(parser, text).statements) {
    const statement = lintStatement(parser, raw, 'file');
    statements.push(statement);
    for (const parsed of statement.parsed) {
      const body = lookInside(parser, statement, parsed);
      statements.push(...body.statements);
      unseen.push(...body.reasons.map(({ line, reason }) => ({ line, statement, reason })));
    }
  }
  const directives = isForeign ? foreignDirectives(parseDirectives(text), whole, statements) : parseDirectives(text);
  return { file, text, directives, statements: withCalledBodies(statements), unseen };
}

/** What a function does that the same file calls happens with the migration, like the statements of a block. */
function withCalledBodies(statements: readonly LintStatement[]): LintStatement[] {
  const called = new Set(
    statements
      .filter(({ within }) => within !== 'function')
      .flatMap(({ parsed }) => parsed.filter((one) => one.type !== 'CreateTrigStmt').flatMap(calledFunctions)),
  );
  const running = new Set<number>();
  for (const { parsed, start, within } of statements) {
    const name = within === 'file' && parsed[0]?.type === 'CreateFunctionStmt' ? namesOf(parsed[0].node['funcname']).at(-1) : undefined;
    if (name !== undefined && called.has(name)) running.add(start);
  }
  return statements.map((statement) =>
    statement.within === 'function' && running.has(statement.start) ? { ...statement, within: 'do' } : statement,
  );
}

function lintStatement(parser: SqlParser, raw: SqlStatement, within: LintStatement['within']): LintStatement {
  const parsed = parser.parse(raw.text);
  return {
    ...raw,
    within,
    parsed: 'statements' in parsed ? parsed.statements : [],
    error: 'error' in parsed ? parsed.error : null,
    lastLine: raw.line + raw.text.split('\n').length - 1,
  };
}

interface Inside {
  readonly statements: readonly LintStatement[];
  readonly reasons: readonly { readonly line: number; readonly reason: string }[];
}

const nothingInside: Inside = { statements: [], reasons: [] };

function lookInside(parser: SqlParser, outer: LintStatement, parsed: ParsedStatement): Inside {
  if (parsed.type !== 'DoStmt' && parsed.type !== 'CreateFunctionStmt') return nothingInside;
  const options = JSON.stringify(parsed.node['options'] ?? parsed.node['args'] ?? []);
  const language = /"language","arg":\{"String":\{"sval":"(\w+)"/i.exec(options)?.[1]?.toLowerCase();
  const within = parsed.type === 'DoStmt' ? 'do' : 'function';
  const first = outer.line + linesBeforeBody(outer.text);
  if (language === undefined ? within === 'do' : language === 'plpgsql') return insidePlpgsql(parser, outer, within, first);
  if (language === 'sql') return insideSql(parser, outer, within, first);
  return language === undefined || language === 'internal' || language === 'c'
    ? nothingInside
    : { statements: [], reasons: [{ line: outer.line, reason: `its body is written in ${language}` }] };
}

function insidePlpgsql(parser: SqlParser, outer: LintStatement, within: LintStatement['within'], first: number): Inside {
  const bodies = parser.bodyTexts(outer.text);
  if (bodies === null) return { statements: [], reasons: [{ line: outer.line, reason: 'its PL/pgSQL body does not parse' }] };
  const statements: LintStatement[] = [];
  const reasons: { line: number; reason: string }[] = [];
  for (const body of bodies) {
    const line = first + body.line - 1;
    const sql = body.isDynamic ? constantOf(body.sql) : body.sql;
    if (sql === null) reasons.push({ line, reason: 'it executes a statement that is built while it runs' });
    else statements.push(...statementsOf(parser, outer, sql, line, within));
  }
  return { statements, reasons };
}

function insideSql(parser: SqlParser, outer: LintStatement, within: LintStatement['within'], first: number): Inside {
  const body = /\bas\s+(\$\w*\$)([\s\S]*?)\1/i.exec(outer.text)?.[2];
  return body === undefined ? nothingInside : { statements: statementsOf(parser, outer, body, first, within), reasons: [] };
}

function statementsOf(
  parser: SqlParser,
  outer: LintStatement,
  sql: string,
  line: number,
  within: LintStatement['within'],
): LintStatement[] {
  return splitStatements(parser, sql).statements.map((raw) => {
    const statement = lintStatement(parser, raw, within);
    const shift = line - 1;
    return { ...statement, line: raw.line + shift, lastLine: statement.lastLine + shift, start: outer.start, end: outer.end };
  });
}

/** A body's first line is the line of its opening quote. */
function linesBeforeBody(text: string): number {
  const at = text.search(/\$\w*\$|'/);
  return at === -1 ? 0 : text.slice(0, at).split('\n').length - 1;
}

/** The text of an `execute` whose argument is one plain string; null when it is built from parts. */
function constantOf(expression: string): string | null {
  const plain = /^\s*'((?:[^']|'')*)'\s*$/.exec(expression)?.[1];
  return plain === undefined ? (/^\s*(\$\w*\$)([\s\S]*)\1\s*$/.exec(expression)?.[2] ?? null) : plain.replaceAll("''", "'");
}

/** The file with the given statements blanked, every other byte and line number unchanged. */
export function blanked(text: string, statements: readonly SqlStatement[]): string {
  const bytes = Buffer.from(text, 'utf8');
  for (const { start, end } of statements) {
    for (let at = start; at < end; at += 1) if (bytes[at] !== 0x0a) bytes[at] = 0x20;
  }
  return bytes.toString('utf8');
}

/** The statements of `do` blocks as a text of their own, each on the line where it stands in the file. */
export function doBlockText(statements: readonly LintStatement[]): string {
  let text = '';
  let line = 1;
  for (const statement of statements) {
    if (statement.within !== 'do' || statement.error !== null) continue;
    while (line < statement.line) {
      text += '\n';
      line += 1;
    }
    text += `${statement.text}; `;
    line += statement.text.split('\n').length - 1;
  }
  return text;
}
