export interface SchemaStatement {
  /** `table posts`, `index idx_posts_author_id`, `constraint fk_posts_author of posts`, else the text itself. */
  readonly object: string;
  readonly text: string;
  /** 1-based line in the text it was read from. */
  readonly line: number;
}

export interface SchemaDifference {
  readonly object: string;
  /** Absent: the object is only in the database. */
  readonly committed?: SchemaStatement;
  /** Absent: the object is only in the committed dump. */
  readonly live?: SchemaStatement;
}

/** Divides a schema dump into its statements: a table with its columns is one, everything else stands on one line or ends with a semicolon. */
export function statementsOf(dump: string): SchemaStatement[] {
  const found: SchemaStatement[] = [];
  let lines: string[] = [];
  let start = 0;
  dump.split('\n').forEach((line, at) => {
    if (lines.length === 0 && (line.trim() === '' || line.startsWith('--'))) return;
    if (lines.length === 0) start = at + 1;
    lines.push(line);
    if (!/;( --.*)?$/.test(line)) return;
    const text = lines.join('\n');
    found.push({ object: objectOf(text), text, line: start });
    lines = [];
  });
  if (lines.length > 0) found.push({ object: objectOf(lines.join('\n')), text: lines.join('\n'), line: start });
  return found;
}

/** What stands in only one of two dumps, or differs; in the order of the committed one. */
export function differencesOf(committed: string, live: string): SchemaDifference[] {
  const [before, after] = [statementsOf(committed), statementsOf(live)];
  const liveByObject = new Map(after.map((statement) => [statement.object, statement]));
  const known = new Set(before.map((statement) => statement.object));
  const changed = before.flatMap((statement): SchemaDifference[] => {
    const other = liveByObject.get(statement.object);
    if (other?.text === statement.text) return [];
    return [{ object: statement.object, committed: statement, ...(other === undefined ? {} : { live: other }) }];
  });
  const added = after
    .filter((statement) => !known.has(statement.object))
    .map((statement) => ({ object: statement.object, live: statement }));
  return [...changed, ...added];
}

/** Lines of a statement that the other one lacks, without indentation and trailing comma. */
export function linesOnlyIn(statement: SchemaStatement, other: SchemaStatement): string[] {
  const clean = (line: string) => line.trim().replace(/,$/, '');
  const others = new Set(other.text.split('\n').map(clean));
  return statement.text
    .split('\n')
    .map(clean)
    .filter((line) => !others.has(line));
}

function objectOf(text: string): string {
  const patterns: readonly [RegExp, (match: RegExpExecArray) => string][] = [
    [/^create (?:unlogged )?table (?:public\.)?(\S+)/i, (match) => `table ${match[1]}`],
    [/^create (?:unique )?index (\S+)/i, (match) => `index ${match[1]}`],
    [/^alter table (?:only )?(?:public\.)?(\S+) add constraint (\S+)/i, (match) => `constraint ${match[2]} of ${match[1]}`],
    [
      /^create (?:or replace )?(function|procedure|view|materialized view|type|domain|sequence|extension) (?:public\.)?([^\s(;]+)/i,
      (match) => `${match[1]?.toLowerCase()} ${match[2]}`,
    ],
    [/^create (?:or replace )?(?:constraint )?trigger (\S+)/i, (match) => `trigger ${match[1]}`],
    [/^create policy (\S+) on (?:public\.)?(\S+)/i, (match) => `policy ${match[1]} of ${match[2]}`],
  ];
  for (const [pattern, name] of patterns) {
    const match = pattern.exec(text);
    if (match !== null) return name(match);
  }
  return text;
}
