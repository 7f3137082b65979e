import { codePointOf, isPrintable, replaceHidden } from './printable.ts';
import { quotedKeywords } from './sql-keywords.ts';

/**
 * SQL for people to paste. `sql` quotes whatever is put into it, so a statement cannot be built around the quoting:
 *
 *   script(sql`alter table ${[schema, table]} validate constraint ${name}`, note`Takes no lock that writers wait for.`)
 */
class SqlText {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
  toString(): string {
    return this.text;
  }
}
class SqlNote extends SqlText {}

export type { SqlNote, SqlText };

/** What `sql` takes: a name, a qualified name, a whole number, or SQL that is already safe. */
export type SqlPart = string | readonly string[] | number | bigint | SqlText;

const plainName = /^[a-z_][a-z0-9_]*$/;

/** A name as SQL, with quotes only where PostgreSQL needs them. Characters that cannot be seen are written as escapes. */
export function quoteIdentifier(name: string): string {
  if (plainName.test(name) && !quotedKeywords.has(name)) return name;
  const quoted = name.replaceAll('"', '""');
  if (isPrintable(name)) return `"${quoted}"`;
  // https://www.postgresql.org/docs/18/sql-syntax-lexical.html#SQL-SYNTAX-IDENTIFIERS-UESCAPE
  return `U&"${escaped(quoted.replaceAll('\\', '\\\\'), '\\', '\\+')}"`;
}

/** `schema.name`, both quoted. */
export function quoteQualified(...names: readonly string[]): string {
  return names.map(quoteIdentifier).join('.');
}

/** A text as an SQL literal that means the same whatever `standard_conforming_strings` says, on one line. */
export function quoteLiteral(text: string): string {
  const quoted = text.replaceAll("'", "''");
  if (!text.includes('\\') && isPrintable(text)) return `'${quoted}'`;
  return `E'${escaped(quoted.replaceAll('\\', '\\\\'), '\\u', '\\U00')}'`;
}

/** A statement or a part of one. Strings are names, arrays of strings qualified names; a value goes in by `literal`. */
export function sql(strings: TemplateStringsArray, ...parts: readonly SqlPart[]): SqlText {
  return new SqlText(strings.reduce((text, piece, at) => `${text}${textOf(parts[at - 1])}${piece}`));
}

/** A value inside `sql`. */
export function literal(text: string): SqlText {
  return new SqlText(quoteLiteral(text));
}

/** Names or parts with commas between them, for `sql`. */
export function list(parts: readonly SqlPart[]): SqlText {
  return new SqlText(parts.map(textOf).join(', '));
}

/** Words for the reader of a script. It takes no values: a name inside a comment could end the comment. */
export function note(words: TemplateStringsArray): SqlNote {
  return new SqlNote(
    words
      .join('')
      .split('\n')
      .map((line) => `-- ${line}`)
      .join('\n'),
  );
}

/**
 * SQL that the server itself printed and quoted (`format_type`, the end of `pg_get_indexdef`). What cannot be seen inside its
 * quotes is written as escapes; undefined when such a character stands outside of quotes.
 */
export function printedByServer(text: string): SqlText | undefined {
  const parts = text.split(/("(?:[^"]|"")*"|'(?:[^']|'')*')/);
  const written = parts.map((part, at) => {
    if (at % 2 === 0 || isPrintable(part)) return part;
    if (part.startsWith('"')) return quoteIdentifier(part.slice(1, -1).replaceAll('""', '"'));
    // After an E the backslashes are escapes already.
    return parts[at - 1]?.endsWith('E') === true ? part : quoteLiteral(part.slice(1, -1).replaceAll("''", "'"));
  });
  const whole = written.join('');
  return isPrintable(whole) ? new SqlText(whole) : undefined;
}

/** Statements and notes in the order in which they are pasted, a line each. */
export function script(...lines: readonly SqlText[]): string {
  return lines.map((line) => (line instanceof SqlNote ? line.text : `${line.text};`)).join('\n');
}

function textOf(part: SqlPart | undefined): string {
  if (part === undefined) return '';
  if (typeof part === 'string') return quoteIdentifier(part);
  if (part instanceof SqlText) return part.text;
  if (typeof part === 'number') {
    if (!Number.isSafeInteger(part)) throw new TypeError(`${part} is not a whole number that SQL text can carry.`);
    return String(part);
  }
  return typeof part === 'bigint' ? String(part) : quoteQualified(...part);
}

function escaped(text: string, four: string, more: string): string {
  return replaceHidden(text, (char) => {
    const code = codePointOf(char).toString(16).toUpperCase();
    return code.length <= 4 ? `${four}${code.padStart(4, '0')}` : `${more}${code.padStart(6, '0')}`;
  });
}
