import { byteHashOf } from './files.ts';
import { parseDirectives } from './directives.ts';
import type { SqlParser } from './parser.ts';
import { splitStatements } from './statements.ts';

/** Names what the hashes mean; a change of meaning is a new id, never a silent re-reading of old hashes. */
export const hashAlgorithm = 'sha256+pg18-tokens/1';

/**
 * Hash of what PostgreSQL would run: comments, white space and the case of unquoted words are left out.
 * Directives are comments to PostgreSQL but change how the file runs, so they count.
 * Null when the text cannot be divided into tokens.
 */
export function tokenHashOf(parser: SqlParser, text: string): string | null {
  const tokens = parser.scan(text);
  if (tokens === null) return null;
  const { noTransaction, lockTimeoutMs, statementTimeoutMs, compatibility, unknown } = parseDirectives(text);
  // Named one by one, and what a file does not say left out: a directive that is invented later changes no hash of today.
  const said = { noTransaction, lockTimeoutMs, statementTimeoutMs, unknown: unknown.map((entry) => entry.text) };
  const parts = [JSON.stringify(compatibility === null ? said : { ...said, compatibility })];
  for (const token of tokens) {
    if (!token.isComment) parts.push(token.isWord ? token.text.toLowerCase() : token.text);
  }
  return byteHashOf(parts.join('\0'));
}

/**
 * True when the text runs what the hash stands for: equal tokens, or equal but for what changes no statement: semicolons that
 * end nothing, the one at the end, a byte order mark, and line ends of another system inside quotes.
 */
export function runsTheSame(parser: SqlParser, text: string, hash: string): boolean {
  const own = text.startsWith('\uFEFF') ? text.slice(1) : text;
  const texts = new Set([own, own.replaceAll('\r\n', '\n'), own.replaceAll(/\r?\n/g, '\r\n')]);
  for (const variant of texts) {
    if (tokenHashOf(parser, variant) === hash) return true;
    const head = headerOf(variant);
    const statements = splitStatements(parser, variant);
    if (!statements.isScanned) continue;
    const joined = `${head}${statements.statements.map((statement) => statement.text).join(';\n')}`;
    if (tokenHashOf(parser, joined) === hash || tokenHashOf(parser, `${joined};`) === hash) return true;
  }
  return false;
}

/** The comment lines above the first statement: directives among them count. */
function headerOf(text: string): string {
  const lines = text.split('\n');
  const end = lines.findIndex((line) => line.trim() !== '' && !line.trim().startsWith('--'));
  const head = end === -1 ? lines : lines.slice(0, end);
  return head.map((line) => `${line}\n`).join('');
}

/** The text on one line without its comments; what stands in quotes is kept as it is. */
export function oneLine(parser: SqlParser, text: string): string {
  const tokens = parser.scan(text);
  if (tokens === null) return text.replace(/\s+/g, ' ').trim();
  let line = '';
  let end: number | null = null;
  for (const token of tokens) {
    if (token.isComment) continue;
    if (end !== null && token.start > end) line += ' ';
    line += token.text;
    end = token.end;
  }
  return line;
}
