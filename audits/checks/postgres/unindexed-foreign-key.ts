import { list, note, quoteIdentifier, script, sql } from '@sanctum/migrations/sql-text';
import { defineCheck, fingerprint } from '../../src/check.ts';
import type { Finding } from '../../src/check.ts';
import { readIndexes, readPartitions, takenIndexNames } from '../../src/postgres/catalogue.ts';
import type { CatalogueIndex, Partition } from '../../src/postgres/catalogue.ts';
import { indexDefinitions } from '../../src/postgres/index-definitions.ts';
import type { IndexDefinition } from '../../src/postgres/index-definitions.ts';
import { indexName, keepInMigration, ownSchemas, tableLabel } from '../../src/postgres/scope.ts';

interface ForeignKey {
  table_oid: number;
  schema: string;
  table: string;
  kind: string;
  name: string;
  columns: string[];
  numbers: number[];
  /** Predicates of partial indexes that leave out nulls alone, as the server prints them. */
  harmless_predicates: string[];
  referenced_schema: string;
  referenced_table: string;
  rows: number;
}

const foreignKeys = `
  select c.conrelid::int8 as table_oid, n.nspname as schema, t.relname as table, t.relkind as kind, c.conname as name, k.columns, c.conkey as numbers,
         k.harmless_predicates, rn.nspname as referenced_schema, r.relname as referenced_table, greatest(t.reltuples, 0)::int8 as rows
  from pg_constraint c
  join pg_class t on t.oid = c.conrelid
  join pg_namespace n on n.oid = t.relnamespace
  join pg_class r on r.oid = c.confrelid
  join pg_namespace rn on rn.oid = r.relnamespace
  cross join lateral (
    select array_agg(a.attname::text order by p.position) as columns,
           array_agg(format('(%I IS NOT NULL)', a.attname)) as harmless_predicates
    from unnest(c.conkey) with ordinality p (attnum, position)
    join pg_attribute a on a.attrelid = c.conrelid and a.attnum = p.attnum
  ) k
  where c.contype = 'f' and c.conparentid = 0 and ${ownSchemas}
  order by 2, 3, 5`;

export default defineCheck({
  id: 'postgres/unindexed-foreign-key',
  title: 'Foreign key without an index',
  area: 'scale',
  severity: 'high',
  needs: ['database', 'repository'],
  requirements: ['DB-01', 'DB-02'],
  timeoutMs: 15_000,
  mayBeEmpty: 'A database without a foreign key has none without an index.',
  async run(ctx) {
    const definitions = await indexDefinitions(ctx.repository);
    const keys = await ctx.db.query<ForeignKey>(foreignKeys);
    const indexes = Map.groupBy(await readIndexes(ctx), (index) => index.table_oid);
    const isServed = (key: ForeignKey, table: number) => (indexes.get(table) ?? []).some((index) => serves(index, key));
    const unserved = keys.filter((key) => !isServed(key, key.table_oid));
    const partitioned = unserved.filter((key) => key.kind === 'p').map((key) => key.table_oid);
    const partitions = await readPartitions(ctx.db, [...new Set(partitioned)]);
    const taken = await takenIndexNames(ctx);
    const findings = unserved.flatMap((key) => {
      const leaves = (partitions.get(key.table_oid) ?? []).filter((partition) => partition.is_leaf && partition.kind === 'r');
      const bare = leaves.filter((leaf) => !isServed(key, leaf.oid));
      // Each partition is searched by its own index, whatever the parent has.
      if (leaves.length > 0 && bare.length === 0) return [];
      const lost = key.schema === 'public' ? definitionFor(key, definitions, taken) : undefined;
      return [finding(key, lost ?? newIndex(key, bare, taken))];
    });
    return { examined: keys.length, findings };
  },
});

/**
 * An index serves a foreign key when its leading key columns are exactly the key's columns, in any order, and it holds
 * every row the key can match: no predicate, or one that only leaves out nulls.
 */
function serves(index: CatalogueIndex, key: ForeignKey): boolean {
  if (!index.is_valid || !['btree', 'hash'].includes(index.method) || index.key_count < key.numbers.length) return false;
  const leading = index.columns.slice(0, key.numbers.length);
  if (!key.numbers.every((column) => leading.includes(column))) return false;
  return index.predicate === null || key.harmless_predicates.includes(index.predicate);
}

function finding(key: ForeignKey, fix: string): Finding {
  const table = tableLabel(key.schema, key.table);
  const columns = key.columns.map(quoteIdentifier).join(', ');
  const referenced = tableLabel(key.referenced_schema, key.referenced_table);
  const name = quoteIdentifier(key.name);
  return {
    subject: `${table} (${columns})`,
    detail: `${name} references ${referenced}, and no valid index on ${table} begins with ${columns}; the table holds about ${key.rows} rows.`,
    location: `${table}, constraint ${name}`,
    risk: `Every join from ${referenced}, and every delete or key update there, reads all of ${table} while it holds its locks.`,
    impact: `Lists by ${columns} slow down with every row that is written; deleting one row of ${referenced} may take seconds.`,
    fix,
    fingerprint: fingerprint('unindexed-foreign-key', key.schema, key.table, ...key.columns),
  };
}

/** The index that a migration made for this key and that is gone, if there is one: then the fix is to make that again. */
function definitionFor(key: ForeignKey, definitions: ReadonlyMap<string, IndexDefinition>, taken: ReadonlySet<string>): string | undefined {
  const columns = key.columns.map((column) => `"?${RegExp.escape(column)}"?`).join(String.raw`\s*,\s*`);
  const leading = new RegExp(String.raw`\(\s*${columns}\s*[,)]`);
  for (const { name, table, statement } of definitions.values()) {
    const isPartial = /\)\s*where\s/i.test(statement);
    if (!taken.has(name) && table === key.table && leading.test(statement) && !isPartial) return statement;
  }
  return undefined;
}

/** On a partitioned table the partitions get theirs one by one, without stopping writers; the last statement then only ties them together. */
function newIndex(key: ForeignKey, bare: readonly Partition[], taken: Set<string>): string {
  const columns = list(key.columns);
  const named = (table: string) => {
    const name = indexName(table, key.columns, taken);
    taken.add(name);
    return name;
  };
  if (key.kind !== 'p') {
    return script(sql`create index concurrently ${named(key.table)} on ${[key.schema, key.table]} (${columns})`, keepInMigration);
  }
  return script(
    note`a partitioned table has no concurrent form: its partitions first, then all together`,
    ...bare.map((leaf) => sql`create index concurrently ${named(leaf.name)} on ${[leaf.schema, leaf.name]} (${columns})`),
    sql`create index ${named(key.table)} on ${[key.schema, key.table]} (${columns})`,
    keepInMigration,
  );
}
