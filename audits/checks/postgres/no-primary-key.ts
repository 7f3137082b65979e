import { note, quoteIdentifier, script, sql } from '@sanctum/migrations/sql-text';
import { defineCheck, fingerprint } from '../../src/check.ts';
import { ownSchemas, tableLabel } from '../../src/postgres/scope.ts';

interface Table {
  schema: string;
  table: string;
  rows: number;
  has_key: boolean;
  has_id: boolean;
  /** A unique index over NOT NULL columns that can become the key without a rebuild. */
  candidate: string | null;
}

const tables = `
  select n.nspname as schema, t.relname as table, greatest(t.reltuples, 0)::int8 as rows,
         exists (select from pg_constraint c where c.conrelid = t.oid and c.contype = 'p') as has_key,
         exists (select from pg_attribute a where a.attrelid = t.oid and a.attname = 'id' and not a.attisdropped) as has_id,
         (select ic.relname from pg_index i join pg_class ic on ic.oid = i.indexrelid
          where i.indrelid = t.oid and i.indisunique and i.indisvalid and i.indpred is null and i.indexprs is null
            and t.relkind = 'r'
            and not exists (select from pg_constraint c where c.conindid = i.indexrelid)
            and not exists (select from unnest(i.indkey[0:i.indnkeyatts - 1]) k join pg_attribute a on a.attrelid = t.oid and a.attnum = k
                            where not a.attnotnull)
          order by ic.relname limit 1) as candidate
  from pg_class t
  join pg_namespace n on n.oid = t.relnamespace
  where t.relkind in ('r', 'p') and not t.relispartition and t.relpersistence <> 't' and ${ownSchemas}
    and not exists (select from pg_depend d where d.objid = t.oid and d.classid = 'pg_class'::regclass and d.deptype = 'e')
  order by 1, 2`;

export default defineCheck({
  id: 'postgres/no-primary-key',
  title: 'Table without a primary key',
  area: 'critical-paths',
  severity: 'high',
  needs: ['database'],
  requirements: ['DB-08'],
  timeoutMs: 10_000,
  async run({ db }) {
    const all = await db.query<Table>(tables);
    const findings = all
      .filter((table) => !table.has_key)
      .map((table) => {
        const name = tableLabel(table.schema, table.table);
        const column = table.has_id ? `${table.table}_key` : 'id';
        return {
          subject: name,
          detail: `${name} (about ${table.rows} rows) has no primary key${table.candidate ? `, though ${quoteIdentifier(table.candidate)} could be one` : ''}.`,
          location: `${name} (table)`,
          risk: 'The same row can be stored twice, and neither copy can be named: no foreign key can point at it, logical replication refuses its updates.',
          impact: 'Duplicates that nobody can delete safely; a replica or an upgrade by logical replication stops at this table.',
          fix: table.candidate
            ? script(sql`alter table ${[table.schema, table.table]} add primary key using index ${table.candidate}`)
            : script(
                note`rewrites the table under an exclusive lock: on a large one add the column and its index in steps`,
                sql`alter table ${[table.schema, table.table]} add column ${column} bigint generated always as identity primary key`,
              ),
          fingerprint: fingerprint('no-primary-key', table.schema, table.table),
        };
      });
    return { examined: all.length, findings };
  },
});
