import { list, quoteIdentifier, script, sql } from '@sanctum/migrations/sql-text';
import { defineCheck, fingerprint } from '../../src/check.ts';
import { indexDefinitions } from '../../src/postgres/index-definitions.ts';
import type { IndexDefinition } from '../../src/postgres/index-definitions.ts';
import { indexName, keepInMigration, ownSchemas, tableLabel } from '../../src/postgres/scope.ts';

interface ForeignKey {
  schema: string;
  table: string;
  name: string;
  columns: string[];
  referenced: string;
  rows: number;
  is_indexed: boolean;
}

// An index serves a foreign key when its leading key columns are exactly the key's columns, in any order,
// and it holds every row the key can match: no predicate, or one that only leaves out nulls.
const foreignKeys = `
  select n.nspname as schema, t.relname as table, c.conname as name, k.columns,
         c.confrelid::regclass::text as referenced, greatest(t.reltuples, 0)::bigint as rows,
         exists (
           select from pg_index i
           join pg_class ic on ic.oid = i.indexrelid
           join pg_am am on am.oid = ic.relam
           where i.indrelid = c.conrelid and i.indisvalid and i.indisready
             and i.indnkeyatts >= cardinality(c.conkey)
             and am.amname in ('btree', 'hash')
             and (i.indkey::int2[])[0:cardinality(c.conkey) - 1] @> c.conkey
             and (i.indpred is null
                  or pg_get_expr(i.indpred, i.indrelid) = any (select format('(%I IS NOT NULL)', x) from unnest(k.columns) x))
         ) as is_indexed
  from pg_constraint c
  join pg_class t on t.oid = c.conrelid
  join pg_namespace n on n.oid = t.relnamespace
  cross join lateral (
    select array_agg(a.attname::text order by p.position) as columns
    from unnest(c.conkey) with ordinality p (attnum, position)
    join pg_attribute a on a.attrelid = c.conrelid and a.attnum = p.attnum
  ) k
  where c.contype = 'f' and c.conparentid = 0 and ${ownSchemas}
  order by 1, 2, 3`;

const indexNames = `select relname as name from pg_class where relkind in ('i', 'I')`;

export default defineCheck({
  id: 'postgres/unindexed-foreign-key',
  title: 'Foreign key without an index',
  area: 'scale',
  severity: 'high',
  needs: ['database', 'repository'],
  requirements: ['DB-01', 'DB-02'],
  timeoutMs: 15_000,
  async run({ db, repository }) {
    const definitions = await indexDefinitions(repository);
    const [keys, taken] = await db.readOnly(async (query) => [
      await query<ForeignKey>(foreignKeys),
      new Set((await query<{ name: string }>(indexNames)).map((row) => row.name)),
    ]);
    const findings = keys
      .filter((key) => !key.is_indexed)
      .map((key) => {
        const table = tableLabel(key.schema, key.table);
        const columns = key.columns.map(quoteIdentifier).join(', ');
        const lost = definitionFor(key, definitions, taken);
        return {
          subject: `${table} (${columns})`,
          detail: `${quoteIdentifier(key.name)} references ${key.referenced}, and no valid index on ${table} begins with ${columns}; the table holds about ${key.rows} rows.`,
          location: `${table}, constraint ${quoteIdentifier(key.name)}`,
          risk: `Every join from ${key.referenced}, and every delete or key update there, reads all of ${table} while it holds its locks.`,
          impact: `Lists by ${columns} slow down with every row that is written; deleting one row of ${key.referenced} may take seconds.`,
          fix: lost ?? newIndex(key, taken),
          fingerprint: fingerprint('unindexed-foreign-key', key.schema, key.table, ...key.columns),
        };
      });
    return { examined: keys.length, findings };
  },
});

/** The index that a migration made for this key and that is gone, if there is one: then the fix is to make that again. */
function definitionFor(key: ForeignKey, definitions: ReadonlyMap<string, IndexDefinition>, taken: ReadonlySet<string>): string | undefined {
  const leading = new RegExp(`\\(\\s*${key.columns.map((column) => `"?${RegExp.escape(column)}"?`).join('\\s*,\\s*')}\\s*[,)]`);
  for (const { name, table, statement } of definitions.values()) {
    const isPartial = /\)\s*where\s/i.test(statement);
    if (!taken.has(name) && table === key.table && leading.test(statement) && !isPartial) return statement;
  }
  return undefined;
}

function newIndex(key: ForeignKey, taken: ReadonlySet<string>): string {
  const name = indexName(key.table, key.columns, taken);
  return script(sql`create index concurrently ${name} on ${[key.schema, key.table]} (${list(key.columns)})`, keepInMigration);
}
