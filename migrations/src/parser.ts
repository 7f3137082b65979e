import { createRequire } from 'node:module';
import type * as LibPgQuery from 'libpg-query';

export interface ScanToken {
  /** Byte offsets into the UTF-8 text. */
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly isComment: boolean;
  /** Keyword or unquoted identifier, whose case PostgreSQL folds. */
  readonly isWord: boolean;
}

/** A node of PostgreSQL's parse tree as plain data: `{ DropStmt: { … } }`. */
export type ParseNode = Readonly<Record<string, unknown>>;

export interface ParsedStatement {
  /** Node name: `IndexStmt`. */
  readonly type: string;
  readonly node: ParseNode;
}

export interface SyntaxProblem {
  readonly message: string;
  /** 0-based offset into the statement's text in characters, null when the parser does not know. */
  readonly offset: number | null;
}

/** PostgreSQL's own scanner and parser (WASM). */
export interface SqlParser {
  /** Tokens in order, or null when the text cannot be scanned (an unterminated quote or comment). */
  scan(text: string): readonly ScanToken[] | null;
  /** The statements of a text, or the syntax error. */
  parse(text: string): { statements: readonly ParsedStatement[] } | { error: SyntaxProblem };
  /** Every SQL text inside a PL/pgSQL `do` or `create function` statement, or null when it does not parse. */
  bodyTexts(statement: string): readonly BodyText[] | null;
}

export interface BodyText {
  readonly sql: string;
  /** 1-based line inside the body. */
  readonly line: number;
  /** True when `sql` is the expression of an `execute`: the statement is built while it runs. */
  readonly isDynamic: boolean;
}

type Library = typeof LibPgQuery;
// The package's ES module entry is not marked as one; its CommonJS entry loads everywhere.
const require = createRequire(import.meta.url);

const bodyNodesMax = 100_000;

/**
 * Loads the parser (about 20 ms). Callers load it only when they need it: a start with matching byte hashes never does.
 */
export async function loadParser(): Promise<SqlParser> {
  const library: Library = require('libpg-query');
  await library.loadModule();
  return {
    scan: (text) => scanWith(library, text),
    parse: (text) => parseWith(library, text),
    bodyTexts: (statement) => bodyTextsWith(library, statement),
  };
}

/** Steps of the scanner that take about two seconds. */
const operatorStepsMax = 100_000_000;

/**
 * PostgreSQL's scanner reads a run of operator characters anew from each of its places: fifty kilobytes of comment marks in a
 * row take fifteen seconds, a megabyte takes days. True for a text that would.
 */
function isTooCostly(text: string): boolean {
  let steps = 0;
  for (const [run] of text.matchAll(/[~!@#^&|`?+\-*/%<>=]{64,}/g)) {
    // One mark repeated, as in the lines around a heading, is one token.
    if (run[0] !== '+' && run === (run[0] ?? '').repeat(run.length)) continue;
    steps += (run.length * run.length) / 2;
    if (steps > operatorStepsMax) return true;
  }
  return false;
}

const tooCostly = 'it holds so many operator characters in a row that reading it would take minutes';

function scanWith(library: Library, text: string): readonly ScanToken[] | null {
  if (text.trim() === '') return [];
  if (isTooCostly(text)) return null;
  try {
    return library.scanSync(text).tokens.map((token) => ({
      start: token.start,
      end: token.end,
      text: token.text,
      isComment: token.tokenName === 'SQL_COMMENT' || token.tokenName === 'C_COMMENT',
      isWord: token.keywordKind > 0 || (token.tokenName === 'IDENT' && !token.text.includes('"')),
    }));
  } catch {
    // The scanner's only failure is text it cannot divide into tokens: the caller is told by null.
    return null;
  }
}

function parseWith(library: Library, text: string): { statements: readonly ParsedStatement[] } | { error: SyntaxProblem } {
  if (text.trim() === '') return { statements: [] };
  if (isTooCostly(text)) return { error: { message: tooCostly, offset: null } };
  try {
    const parsed = library.parseSync(text);
    const statements = (parsed.stmts ?? []).flatMap((raw) => {
      const entry = Object.entries(raw.stmt ?? {})[0];
      return entry === undefined ? [] : [{ type: entry[0], node: entry[1] as ParseNode }];
    });
    return { statements };
  } catch (error) {
    const position = library.hasSqlDetails(error) ? error.sqlDetails?.cursorPosition : undefined;
    return { error: { message: error instanceof Error ? error.message : String(error), offset: position ?? null } };
  }
}

function bodyTextsWith(library: Library, statement: string): readonly BodyText[] | null {
  if (isTooCostly(statement)) return null;
  try {
    const texts: BodyText[] = [];
    collectBody(library.parsePlPgSQLSync(statement), 1, false, texts);
    return texts;
  } catch {
    // A body that does not parse is "could not look": null, which the caller reports.
    return null;
  }
}

/** Walks the PL/pgSQL tree with an explicit stack, so that a deep body cannot exhaust the call stack. */
function collectBody(root: unknown, line: number, isDynamic: boolean, texts: BodyText[]): void {
  const stack: { value: unknown; line: number; isDynamic: boolean }[] = [{ value: root, line, isDynamic }];
  for (let seen = 0; stack.length > 0 && seen < bodyNodesMax; seen += 1) {
    const at = stack.pop();
    if (at === undefined || typeof at.value !== 'object' || at.value === null) continue;
    const children: typeof stack = [];
    const own: Record<string, unknown> = { ...at.value };
    const here = typeof own['lineno'] === 'number' ? own['lineno'] : at.line;
    for (const [key, value] of Object.entries(own)) {
      if (key === 'PLpgSQL_expr' && isExpression(value)) {
        // Parse mode 0 is a whole statement; others are expressions, of interest only when executed.
        if (value.parseMode === 0 || value.parseMode === undefined || at.isDynamic) {
          texts.push({ sql: value.query, line: here, isDynamic: at.isDynamic });
        }
        continue;
      }
      const dynamic = key.startsWith('PLpgSQL_stmt_') ? /execute|dynfors/.test(key) : key === 'query' && at.isDynamic;
      children.push({ value, line: here, isDynamic: dynamic });
    }
    stack.push(...children.reverse());
  }
}

function isExpression(value: unknown): value is { query: string; parseMode?: number } {
  return typeof value === 'object' && value !== null && 'query' in value && typeof value.query === 'string';
}
