import { withQueryable } from './connection.ts';
import { MigrationError } from './errors.ts';
import { readTextOf } from './files.ts';
import { reasonOf } from './reason.ts';
import { readJournal } from './journal.ts';
import type { SqlParser } from './parser.ts';
import { applyStatement } from './schema-apply.ts';
import { catalogueText, sessionTimeZone } from './schema-catalogue.queries.ts';
import { createModel } from './schema-model.ts';
import type { SchemaModel } from './schema-model.ts';
import { splitStatements } from './statements.ts';
import type { DatabaseSource } from './types.ts';

/** A dump of the schema that the files start from, or a database that they will run on. */
export type SchemaSource = { readonly dump: string } | { readonly database: DatabaseSource };

export interface KnownSchema {
  readonly model: SchemaModel | null;
  /** Files that the database has run, by its journal; null without one. */
  readonly applied: ReadonlySet<string> | null;
  /** True for a dump: every file comes after it. */
  readonly isBaseline: boolean;
  /** Why the source could not be read, or null. */
  readonly unknown: string | null;
}

const nothing: KnownSchema = { model: null, applied: null, isBaseline: false, unknown: null };

/** What the source says of tables, columns, constraints and indexes. Never throws: what it cannot read is in `unknown`. */
export async function readSchema(parser: SqlParser, source: SchemaSource | undefined): Promise<KnownSchema> {
  if (source === undefined) return nothing;
  try {
    return 'dump' in source ? readDump(parser, source.dump) : await readDatabase(parser, source.database);
  } catch (error) {
    return { ...nothing, unknown: `the schema was not read: ${whyNot(error)}` };
  }
}

function whyNot(error: unknown): string {
  if (error instanceof MigrationError) return error.summary;
  return error instanceof Error ? error.message : reasonOf(error);
}

function readDump(parser: SqlParser, path: string): KnownSchema {
  const text = readTextOf(path);
  if (text === null) return { ...nothing, unknown: `${path} is not text.` };
  const model = createModel();
  applyText(parser, model, text);
  if (model.tables.size === 0) return { ...nothing, unknown: `${path} holds no table.` };
  return { model, applied: null, isBaseline: true, unknown: null };
}

async function readDatabase(parser: SqlParser, database: DatabaseSource): Promise<KnownSchema> {
  return withQueryable(database, async (client) => {
    const journal = await readJournal(client);
    const { rows: zones } = await client.query<{ zone: string }>(sessionTimeZone);
    const { rows } = await client.query<{ statement: string }>(catalogueText);
    const model = createModel({ isUtc: /^(Etc\/)?(UTC|UCT|GMT|Zulu|Universal)$|^GMT[+-]?0$/i.test(zones[0]?.zone ?? '') });
    for (const { statement } of rows) applyText(parser, model, statement);
    const isOurs = journal.kind === 'ours';
    const applied = isOurs ? new Set(journal.entries.filter((entry) => entry.state === 'applied').map((entry) => entry.name)) : null;
    return { model, applied, isBaseline: false, unknown: null };
  });
}

/** A dump's statements that do not parse (psql's own commands) say nothing about tables. */
function applyText(parser: SqlParser, model: SchemaModel, text: string): void {
  for (const statement of splitStatements(parser, text).statements) {
    const parsed = parser.parse(statement.text);
    if ('statements' in parsed) for (const one of parsed.statements) applyStatement(model, one);
  }
}
