import type { ClientBase } from 'pg';
import { withSession } from './connection.ts';
import { quoted } from './nodes.ts';
import * as queries from './schema-dump.queries.ts';
import { commentTexts, domainText, enumText, foreignKeys, policyText, sequenceText, tableKey, tableText, viewText } from './schema-text.ts';
import type {
  ColumnRow,
  ConstraintRow,
  DomainRow,
  EnumRow,
  IndexRow,
  PolicyRow,
  SequenceRow,
  TableRow,
  TriggerRow,
  ViewRow,
} from './schema-text.ts';
import type { SessionSource } from './types.ts';

const header = `-- Generated from a freshly migrated database; do not edit. To write it again:
-- npx vitest run --project integration migrations/src/schema.integration.test.ts --update`;

export interface DumpOptions {
  /** A connection string, or one open client that is not inside a transaction. */
  readonly database: SessionSource;
}

/**
 * Describes the live schema as SQL text, from the catalogue alone: equal schemas give equal text on every server from
 * 16 on. The journal table is left out. Column order is kept, because rows are read in it.
 * Job queues and extensions keep schemas of their own, which are no part of it.
 */
export async function dumpSchema({ database }: DumpOptions): Promise<string> {
  return withSession(database, async (client) => {
    await client.query(queries.beginDump);
    try {
      await client.query(queries.fixSearchPath);
      const parts = await readParts(client, [['public']]);
      return `${header}\n\n${parts.join('\n\n')}\n`;
    } finally {
      await client.query(queries.endDump);
    }
  });
}

async function readParts(client: ClientBase, values: unknown[]): Promise<string[]> {
  const read = async <Row extends object>(text: string): Promise<Row[]> => (await client.query<Row>(text, values)).rows;
  const extensions = (await client.query<{ name: string }>(queries.extensions)).rows;
  const columns = Map.groupBy(await read<ColumnRow>(queries.columns), tableKey);
  const constraints = Map.groupBy(await read<ConstraintRow>(queries.constraints), tableKey);
  const indexes = Map.groupBy(await read<IndexRow>(queries.indexes), tableKey);
  const tables = await read<TableRow>(queries.tables);
  return [
    ...extensions.map((row) => `create extension ${quoted([row.name])};`),
    ...(await read<EnumRow>(queries.enums)).map(enumText),
    ...(await read<DomainRow>(queries.domains)).map(domainText),
    ...(await read<SequenceRow>(queries.sequences)).map(sequenceText),
    ...tables.map((table) => {
      const key = `${table.schema}.${table.name}`;
      const statements = [
        tableText(
          table,
          columns.get(key) ?? [],
          (constraints.get(key) ?? []).filter((row) => row.type !== 'f'),
        ),
        ...(indexes.get(key) ?? []).map((row) => `${row.definition};${row.is_valid ? '' : ' -- invalid'}`),
        ...commentTexts(table, columns.get(key) ?? []),
      ];
      return statements.join('\n');
    }),
    // Foreign keys come last: two tables may reference each other.
    ...foreignKeys(tables, constraints),
    ...(await read<ViewRow>(queries.views)).map(viewText),
    ...(await read<{ definition: string }>(queries.functions)).map((row) => `${row.definition.trimEnd()};`),
    ...(await read<TriggerRow>(queries.triggers)).map(
      (row) => `${row.definition};${row.enabled === 'O' ? '' : ` -- enabled: ${row.enabled}`}`,
    ),
    ...(await read<PolicyRow>(queries.policies)).map(policyText),
  ];
}
