import { list, note, quoteIdentifier, script, sql } from '@sanctum/migrations/sql-text';
import { defineCheck, fingerprint } from '../../src/check.ts';
import type { Finding } from '../../src/check.ts';
import { readPartitions } from '../../src/postgres/catalogue.ts';
import type { Partition } from '../../src/postgres/catalogue.ts';
import { ownSchemas, tableLabel } from '../../src/postgres/scope.ts';

interface Table {
  oid: number;
  schema: string;
  table: string;
  rows: number;
  kind: string;
  is_typed: boolean;
  has_children: boolean;
  is_child: boolean;
  /** Names that a new column cannot have, here and in the tables below. */
  columns: string[];
  /** Of a partitioned table: its partition key, or null when that holds an expression. */
  partition_key: string[] | null;
  /** A unique index over NOT NULL columns that can become the key without a rebuild. */
  candidate: string | null;
}

// A candidate holds what ADD PRIMARY KEY USING INDEX asks for: plain columns, ordinary order, rule and collation.
const tables = `
  with keyed as (select conrelid as oid from pg_constraint where contype = 'p'),
  bare as (
    select t.oid, t.relname, t.relnamespace, t.reltuples, t.relkind, t.reloftype
    from pg_class t
    join pg_namespace n on n.oid = t.relnamespace
    left join keyed on keyed.oid = t.oid
    where t.relkind in ('r', 'p') and not t.relispartition and t.relpersistence <> 't' and keyed.oid is null and ${ownSchemas}
      and not exists (select from pg_depend d where d.objid = t.oid and d.classid = 'pg_class'::regclass and d.deptype = 'e')
  ),
  candidates as (
    select i.indrelid as oid, min(ic.relname::text) as name
    from bare
    join pg_index i on i.indrelid = bare.oid
    join pg_class ic on ic.oid = i.indexrelid and ic.relkind = 'i'
    where i.indisunique and i.indisvalid and i.indimmediate and i.indpred is null and i.indexprs is null and bare.relkind = 'r'
      and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = i.indexrelid and d.refclassid = 'pg_constraint'::regclass)
      and not exists (
        select from generate_series(0, i.indnkeyatts - 1) k
        join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[k]
        join pg_opclass o on o.oid = i.indclass[k]
        where not a.attnotnull or i.indoption[k] <> 0 or not o.opcdefault or i.indcollation[k] <> a.attcollation
          or exists (select from pg_constraint c where c.conrelid = i.indrelid and c.contype = 'n' and not c.convalidated and c.conkey[1] = a.attnum)
      )
    group by 1
  )
  select bare.oid::int8 as oid, n.nspname as schema, bare.relname as table, greatest(bare.reltuples, 0)::int8 as rows, bare.relkind as kind,
         bare.reloftype <> 0 as is_typed, exists (select from pg_inherits h where h.inhparent = bare.oid) as has_children,
         exists (select from pg_inherits h where h.inhrelid = bare.oid) as is_child,
         array(
           with recursive family as (
             select bare.oid union select h.inhrelid from family f join pg_inherits h on h.inhparent = f.oid
           )
           select distinct a.attname::text from family f join pg_attribute a on a.attrelid = f.oid where a.attnum > 0
         ) as columns,
         (select case when 0 = any(p.partattrs::int2[]) then null
                 else array(select a.attname::text from unnest(p.partattrs::int2[]) with ordinality k (attnum, at)
                            join pg_attribute a on a.attrelid = p.partrelid and a.attnum = k.attnum order by k.at) end
          from pg_partitioned_table p where p.partrelid = bare.oid) as partition_key,
         candidates.name as candidate
  from bare
  join pg_namespace n on n.oid = bare.relnamespace
  left join candidates on candidates.oid = bare.oid
  order by 2, 3`;

const counted = `
  select count(*)::int as examined from pg_class t join pg_namespace n on n.oid = t.relnamespace
  where t.relkind in ('r', 'p') and not t.relispartition and t.relpersistence <> 't' and ${ownSchemas}`;

const keyedPartitions = `select c.conrelid::int8 as oid from pg_constraint c where c.contype = 'p' and c.conrelid = any($1::oid[])`;

export default defineCheck({
  id: 'postgres/no-primary-key',
  title: 'Table without a primary key',
  area: 'critical-paths',
  severity: 'high',
  needs: ['database'],
  requirements: ['DB-08'],
  timeoutMs: 10_000,
  async run({ db }) {
    const bare = await db.query<Table>(tables);
    const [count] = await db.query<{ examined: number }>(counted);
    const partitions = await readPartitions(
      db,
      bare.filter((table) => table.kind === 'p').map((table) => table.oid),
    );
    const leaves = [...partitions.values()].flat().filter((partition) => partition.is_leaf);
    const keyed = new Set(
      leaves.length === 0 ? [] : (await db.query<{ oid: number }>(keyedPartitions, [leaves.map((leaf) => leaf.oid)])).map((row) => row.oid),
    );
    const used = new Set<string>();
    const findings = bare.flatMap((table) => {
      const parts = (partitions.get(table.oid) ?? []).filter((partition) => partition.is_leaf);
      const without = parts.filter((leaf) => !keyed.has(leaf.oid));
      // Every row can be named by the key of its partition; without partitions an expression allows no key, and there is no row.
      if (table.kind === 'p' && without.length === 0 && (parts.length > 0 || table.partition_key === null)) return [];
      return [finding(table, fix(table, parts, without, used))];
    });
    return { examined: count?.examined ?? 0, findings };
  },
});

function finding(table: Table, text: string): Finding {
  const name = tableLabel(table.schema, table.table);
  return {
    subject: name,
    detail: `${name} (about ${table.rows} rows) has no primary key${table.candidate ? `, though ${quoteIdentifier(table.candidate)} could be one` : ''}.`,
    location: `${name} (table)`,
    risk: 'The same row can be stored twice, and neither copy can be named: no foreign key can point at it, logical replication refuses its updates.',
    impact: 'Duplicates that nobody can delete safely; a replica or an upgrade by logical replication stops at this table.',
    fix: text,
    fingerprint: fingerprint('no-primary-key', table.schema, table.table),
  };
}

const rewrites = note`rewrites the table under an exclusive lock: on a large one add the column and its index in steps`;

function fix(table: Table, leaves: readonly Partition[], without: readonly Partition[], used: Set<string>): string {
  const name = [table.schema, table.table];
  if (table.candidate !== null) return script(sql`alter table ${name} add primary key using index ${table.candidate}`);
  if (table.is_typed)
    return script(note`its columns come from a type: add the key column to the type (alter type … add attribute … cascade), then the key`);
  const column = newColumn(table, used);
  if (table.kind === 'r' && !table.has_children) {
    return script(rewrites, sql`alter table ${name} add column ${column} bigint generated always as identity primary key`);
  }
  // An identity cannot be added to a table with tables below it on every supported server; a default reaches them all.
  const add = sql`alter table ${name} add column ${column} bigserial`;
  if (table.kind === 'r') return script(rewrites, add, sql`alter table only ${name} add primary key (${column})`);
  if (table.partition_key !== null && without.length === leaves.length) {
    return script(rewrites, add, sql`alter table ${name} add primary key (${list([column, ...table.partition_key])})`);
  }
  return script(
    rewrites,
    add,
    note`the key of the whole would have to hold the partition key: each partition gets its own`,
    ...without.map((leaf) => sql`alter table ${[leaf.schema, leaf.name]} add primary key (${column})`),
  );
}

/** A column name that is free here and below. Related tables get different ones, so that all fixes can be pasted one after another. */
function newColumn(table: Table, used: Set<string>): string {
  const isRelated = table.has_children || table.is_child;
  for (let attempt = 1; attempt < 10_000; attempt += 1) {
    const name = attempt === 1 ? 'id' : attempt === 2 ? 'row_id' : `row_id_${attempt}`;
    if (table.columns.includes(name) || (isRelated && used.has(name))) continue;
    if (isRelated) used.add(name);
    return name;
  }
  return 'row_id';
}
