import { byteHashOf } from './files.ts';
import { parseDirectives } from './directives.ts';
import type { SqlParser } from './parser.ts';

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
