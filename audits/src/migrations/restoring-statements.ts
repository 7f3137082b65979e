import { list, note, script, sql } from '@sanctum/migrations/sql-text';
import type { SqlText } from '@sanctum/migrations/sql-text';
import { loadModule, parseSync } from 'libpg-query';
import { concurrently } from '../postgres/scope.ts';
import type { SchemaDifference } from './schema-difference.ts';

/** Has to be awaited once before `statementsThatRestore`: names are read by PostgreSQL's own parser. */
export const loadReader = loadModule;

/** What to paste so that the database gets what the dump says, or undefined when that needs a person. */
export function statementsThatRestore({ committed, live }: SchemaDifference): string | undefined {
  const made = committed === undefined ? undefined : read(committed.text);
  const found = live === undefined ? undefined : read(live.text);
  if (committed !== undefined && live === undefined) return made?.index === undefined ? committed.text : concurrently(committed.text);
  if (found?.index !== undefined) {
    const drop = script(sql`drop index concurrently ${found.index}`);
    if (committed === undefined) return drop;
    return made?.index === undefined ? undefined : `${drop}\n${concurrently(committed.text)}`;
  }
  if (made?.table === undefined || found?.table === undefined) return undefined;
  return columnsToDrop(made, found);
}

/** Columns that stand only in the database: whether their data may go is for a person to say. */
function columnsToDrop(made: Statement, found: Statement): string | undefined {
  const added = found.columns.filter((column) => !made.columns.includes(column));
  const isAllTheDifference = made.columns.every((column) => found.columns.includes(column));
  if (found.table === undefined || added.length === 0 || !isAllTheDifference) return undefined;
  const drops: SqlText[] = added.map((column) => sql`drop column ${column}`);
  return script(
    sql`alter table ${found.table} ${list(drops)}`,
    note`Their data goes with them. If they are wanted, make them a migration instead: npx sanctum-ops migrate new …`,
  );
}

interface Statement {
  /** Schema and name. */
  readonly index?: readonly string[];
  readonly table?: readonly string[];
  readonly columns: readonly string[];
}

interface RangeVar {
  readonly schemaname?: string;
  readonly relname?: string;
}

interface Parsed {
  readonly IndexStmt?: { readonly idxname?: string; readonly relation?: RangeVar };
  readonly CreateStmt?: {
    readonly relation?: RangeVar;
    readonly tableElts?: readonly { readonly ColumnDef?: { readonly colname?: string } }[];
  };
}

/** The names of one statement; nothing of what is not one statement. */
function read(text: string): Statement {
  const statements = parsed(text);
  const only = statements.length === 1 ? statements[0] : undefined;
  const index = only?.IndexStmt;
  if (index?.idxname !== undefined) return { index: [index.relation?.schemaname ?? 'public', index.idxname], columns: [] };
  const table = only?.CreateStmt;
  if (table?.relation?.relname === undefined) return { columns: [] };
  const columns = (table.tableElts ?? []).flatMap((element) => element.ColumnDef?.colname ?? []);
  return { table: [table.relation.schemaname ?? 'public', table.relation.relname], columns };
}

function parsed(text: string): readonly Parsed[] {
  try {
    return (parseSync(text).stmts ?? []).map((raw) => (raw.stmt ?? {}) as Parsed);
  } catch {
    // A part of a dump that a line end inside a name cut in two: no statement, so nothing to paste.
    return [];
  }
}
