import { quoteIdentifier, script, sql } from '@sanctum/migrations/sql-text';
import { defineCheck, fingerprint } from '../../src/check.ts';
import type { Finding } from '../../src/check.ts';
import { ownSchemas, tableLabel } from '../../src/postgres/scope.ts';

interface Index {
  oid: number;
  table_oid: number;
  schema: string;
  table: string;
  name: string;
  /** Column or expression, operator class, collation and direction of each key column, in order. */
  keys: string[];
  included: string[];
  method: string;
  predicate: string | null;
  is_unique: boolean;
  is_constraint: boolean;
  bytes: number;
}

const indexes = `
  select i.indexrelid::int8 as oid, i.indrelid::int8 as table_oid, n.nspname as schema, t.relname as table, ic.relname as name,
         am.amname as method, pg_get_expr(i.indpred, i.indrelid) as predicate, i.indisunique as is_unique,
         exists (select from pg_constraint c where c.conindid = i.indexrelid) as is_constraint,
         pg_relation_size(i.indexrelid)::int8 as bytes,
         array(
           select concat_ws(' ', pg_get_indexdef(i.indexrelid, k, true), i.indclass[k - 1], i.indcollation[k - 1], i.indoption[k - 1])
           from generate_series(1, i.indnkeyatts) k order by k
         ) as keys,
         array(select pg_get_indexdef(i.indexrelid, k, true) from generate_series(i.indnkeyatts + 1, i.indnatts) k) as included
  from pg_index i
  join pg_class ic on ic.oid = i.indexrelid and ic.relkind = 'i'
  join pg_class t on t.oid = i.indrelid
  join pg_namespace n on n.oid = t.relnamespace
  join pg_am am on am.oid = ic.relam
  where i.indisvalid and not ic.relispartition and ${ownSchemas}
  order by t.relname, ic.relname`;

export default defineCheck({
  id: 'postgres/duplicate-index',
  title: 'Index that another index already covers',
  area: 'resources',
  severity: 'medium',
  needs: ['database'],
  requirements: ['DB-01'],
  timeoutMs: 15_000,
  async run({ db }) {
    const all = await db.query<Index>(indexes);
    const perTable = Map.groupBy(all, (index) => index.table_oid);
    const findings = [...perTable.values()].flatMap((onTable) =>
      onTable.flatMap((index) => {
        const covering = onTable.find((other) => covers(other, index));
        return covering ? [finding(index, covering)] : [];
      }),
    );
    return { examined: all.length, findings };
  },
});

/** True when dropping `index` loses nothing because `other` does all that it does. */
function covers(other: Index, index: Index): boolean {
  if (other.oid === index.oid || other.method !== index.method || other.predicate !== index.predicate) return false;
  if (index.is_constraint) return false;
  const isSame = other.keys.length === index.keys.length && index.keys.every((key, at) => key === other.keys[at]);
  // A unique index is a rule, and only the same rule replaces it.
  if (index.is_unique && !(isSame && other.is_unique)) return false;
  // Only btree serves a search by its leading columns alone.
  if (!isSame && index.method !== 'btree') return false;
  if (!index.keys.every((key, at) => key === other.keys[at])) return false;
  if (!index.included.every((column) => [...other.included, ...other.keys.map((key) => key.split(' ')[0])].includes(column))) return false;
  if (!isSame || covering(other, index) !== covering(index, other)) return true;
  // Two equal ones cover each other: keep a constraint's, then the unique one, then the older one.
  if (other.is_constraint !== index.is_constraint) return other.is_constraint;
  if (other.is_unique !== index.is_unique) return other.is_unique;
  return other.oid < index.oid;
}

function covering(other: Index, index: Index): boolean {
  return index.included.every((column) => other.included.includes(column));
}

function finding(index: Index, other: Index): Finding {
  const table = tableLabel(index.schema, index.table);
  const name = quoteIdentifier(index.name);
  const isSame = index.keys.length === other.keys.length;
  return {
    subject: name,
    detail: isSame
      ? `${name} and ${quoteIdentifier(other.name)} on ${table} have the same columns, order, method and predicate.`
      : `${name} on ${table} is the leading part of ${quoteIdentifier(other.name)}, which serves every search that it serves.`,
    location: `${table}, index ${name}`,
    risk: `Every write to ${table} keeps ${name} up to date for nothing (${Math.ceil(index.bytes / 1024)} KiB).`,
    impact: 'Slower writes, more memory for the same cache hit ratio, longer vacuum and backups.',
    fix: script(sql`drop index concurrently ${[index.schema, index.name]}`),
    severity: isSame ? 'medium' : 'low',
    fingerprint: fingerprint('duplicate-index', index.schema, index.name, other.name),
  };
}
