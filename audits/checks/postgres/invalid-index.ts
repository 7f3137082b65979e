import { quoteIdentifier, script, sql } from '@sanctum/migrations/sql-text';
import { defineCheck, fingerprint } from '../../src/check.ts';
import { ownSchemas, tableLabel } from '../../src/postgres/scope.ts';

interface Index {
  schema: string;
  table: string;
  name: string;
  is_invalid: boolean;
  is_being_built: boolean;
  is_unique: boolean;
}

const indexes = `
  select n.nspname as schema, t.relname as table, ic.relname as name,
         not (i.indisvalid and i.indisready and i.indislive) as is_invalid, i.indisunique as is_unique,
         exists (select from pg_stat_progress_create_index p where p.index_relid = i.indexrelid) as is_being_built
  from pg_index i
  join pg_class ic on ic.oid = i.indexrelid and ic.relkind = 'i'
  join pg_class t on t.oid = i.indrelid
  join pg_namespace n on n.oid = t.relnamespace
  where ${ownSchemas}
  order by 1, 3`;

export default defineCheck({
  id: 'postgres/invalid-index',
  title: 'Invalid index left by an interrupted build',
  area: 'scale',
  severity: 'high',
  needs: ['database'],
  requirements: ['DB-01', 'DB-04'],
  timeoutMs: 10_000,
  async run({ db }) {
    const all = await db.query<Index>(indexes);
    const findings = all
      .filter((index) => index.is_invalid && !index.is_being_built)
      .map((index) => {
        const table = tableLabel(index.schema, index.table);
        const name = quoteIdentifier(index.name);
        const qualified = [index.schema, index.name];
        // REINDEX CONCURRENTLY leaves its half-made copy under such a name; the original is still there.
        const isLeftover = /_cc(new|old)\d*$/.test(index.name);
        return {
          subject: name,
          detail: `${name} on ${table} is marked invalid and nothing is building it: a concurrent build was interrupted or failed.`,
          location: `${table}, index ${name}`,
          risk: `No query uses it, yet every write to ${table} pays for it${index.is_unique ? ', and the uniqueness that it promises is not enforced for older rows' : ''}.`,
          impact: 'Queries that rely on it read the whole table instead.',
          fix: script(isLeftover ? sql`drop index concurrently ${qualified}` : sql`reindex index concurrently ${qualified}`),
          fingerprint: fingerprint('invalid-index', index.schema, index.name),
        };
      });
    return { examined: all.length, findings };
  },
});
