import { note, quoteIdentifier, script, sql } from '@sanctum/migrations/sql-text';
import { defineCheck, fingerprint } from '../../src/check.ts';
import type { CheckContext, CheckResult, Finding } from '../../src/check.ts';
import { domains, heldColumns } from '../../src/postgres/column-types.ts';
import { ownSchemas, tableLabel } from '../../src/postgres/scope.ts';
import { isNearEnd, readSequences, usedShareCritical, usedShareHigh } from '../../src/postgres/sequences.ts';

interface Key {
  table_oid: number;
  column_number: number;
  schema: string;
  table: string;
  column: string;
  type: 'integer' | 'smallint';
  is_readable: boolean;
  is_empty: boolean;
}

// The first column of a unique index: its largest and smallest value are one look into the index each.
const keys = `
  with recursive ${domains}
  select distinct on (t.oid, a.attnum) t.oid::int8 as table_oid, a.attnum::int as column_number, n.nspname as schema, t.relname as table,
         a.attname as column, format_type(coalesce(b.base, a.atttypid), null) as type,
         has_column_privilege(t.oid, a.attnum, 'select') and has_schema_privilege(n.oid, 'usage') as is_readable,
         t.relkind = 'r' and pg_relation_size(t.oid) = 0 as is_empty
  from pg_index i
  join pg_class t on t.oid = i.indrelid
  join pg_namespace n on n.oid = t.relnamespace
  join pg_attribute a on a.attrelid = t.oid and a.attnum = i.indkey[0]
  left join domains b on b.domain = a.atttypid
  where i.indisunique and i.indisvalid and i.indpred is null and t.relkind in ('r', 'p') and not t.relispartition
    and coalesce(b.base, a.atttypid) in ('smallint'::regtype, 'integer'::regtype) and ${ownSchemas}
  order by t.oid, a.attnum`;

const ends: Readonly<Record<string, number>> = { smallint: 32_767, integer: 2_147_483_647 };
/** Statistics lag behind: below this share of the type they are believed, above it the index is asked. */
const believedShareMax = 0.5;
const keysPerStatement = 100;
const shownMax = 5;

export default defineCheck({
  id: 'postgres/narrow-key-near-end',
  title: 'Key column whose type is nearly used up',
  area: 'scale',
  severity: 'high',
  needs: ['database'],
  requirements: ['DB-08'],
  timeoutMs: 20_000,
  mayBeEmpty: 'A database without a key of type integer or smallint has none that ends.',
  async run(ctx) {
    const all = await ctx.db.query<Key>(keys);
    // There the sequence is the finding: one cause, one finding.
    const ending = new Set((await readSequences(ctx)).filter(isNearEnd).map((use) => `${use.table_oid}.${use.column_number}`));
    const filled = all.filter((key) => !key.is_empty && !ending.has(`${key.table_oid}.${key.column_number}`));
    const open = await withoutFar(ctx, filled);
    const { values, unread } = await readEnds(ctx, open);
    const near = open.filter((key) => (values.get(key) ?? 0) >= usedShareHigh);
    const isHeld = await heldColumns(ctx.db, near);
    const findings = near.map((key) => finding(key, values.get(key) ?? 0, isHeld(key)));
    return { examined: all.length, findings, ...notLooked(unread) };
  },
});

interface Statistics {
  at: number;
  /** What the statistics know of the values, as text arrays. */
  known: string;
}

const statistics = `
  select (k.at - 1)::int as at, concat_ws(',', s.histogram_bounds::text, s.most_common_vals::text) as known
  from unnest($1::text[], $2::text[], $3::text[]) with ordinality k (schema, tab, col, at)
  join pg_stats s on s.schemaname = k.schema::name and s.tablename = k.tab::name and s.attname = k.col::name and not s.inherited
  where s.histogram_bounds is not null or s.most_common_vals is not null`;

/** Leaves out the keys of which the statistics show that their values lie far from the end. */
async function withoutFar({ db }: CheckContext, filled: readonly Key[]): Promise<Key[]> {
  if (filled.length === 0) return [];
  const columns = [filled.map((key) => key.schema), filled.map((key) => key.table), filled.map((key) => key.column)];
  const far = new Set<Key>();
  for (const { at, known } of await db.query<Statistics>(statistics, columns)) {
    const key = filled[at];
    const bound = believedShareMax * (ends[key?.type ?? ''] ?? 0);
    if (key !== undefined && (known.match(/-?\d+/g) ?? []).every((value) => Math.abs(Number(value)) < bound)) far.add(key);
  }
  return filled.filter((key) => !far.has(key));
}

/** The used share of each key's type. What cannot be read (no right, a held lock) is returned, and hides nothing of the rest. */
async function readEnds({ db, signal }: CheckContext, open: readonly Key[]): Promise<{ values: Map<Key, number>; unread: Key[] }> {
  const values = new Map<Key, number>();
  const unread = open.filter((key) => !key.is_readable);
  const readable = open.filter((key) => key.is_readable);
  const read = async (batch: readonly Key[]) => {
    const parts = batch.map(
      (key, at) =>
        sql`select ${at} as at, max(${key.column})::text as high, min(${key.column})::text as low from ${[key.schema, key.table]}`.text,
    );
    const rows = await db.query<{ at: number; high: string | null; low: string | null }>(parts.join(' union all '));
    for (const { at, high, low } of rows) {
      const key = batch[at];
      if (key !== undefined) values.set(key, Math.max(Number(high), -Number(low)) / (ends[key.type] ?? 1));
    }
  };
  for (let from = 0; from < readable.length; from += keysPerStatement) {
    signal.throwIfAborted();
    const batch = readable.slice(from, from + keysPerStatement);
    const isRead = await read(batch).then(
      () => true,
      () => false,
    );
    if (isRead) continue;
    for (const key of batch) await read([key]).catch(() => unread.push(key));
  }
  return { values, unread };
}

function notLooked(unread: readonly Key[]): Pick<CheckResult, 'notLooked'> {
  if (unread.length === 0) return {};
  const names = unread.slice(0, shownMax).map((key) => tableLabel(key.schema, key.table));
  const more = unread.length > shownMax ? ` and ${unread.length - shownMax} more` : '';
  return {
    notLooked: {
      message: `The keys of ${names.join(', ')}${more} could not be read: no right to, or a lock was held.`,
      fix: 'Grant pg_read_all_data to the user of the audit, or end what holds the lock (npx sanctum-ops audit postgres/lock-convoy); then run it again.',
    },
  };
}

function finding(key: Key, used: number, isHeld: boolean): Finding {
  const table = tableLabel(key.schema, key.table);
  const column = quoteIdentifier(key.column);
  return {
    subject: `${table}.${column}`,
    detail: `${table}.${column} is ${key.type}, and its values reach ${(used * 100).toFixed(1)} % of what that holds.`,
    location: `${table}.${column}`,
    risk: 'Beyond it every new row fails with "out of range".',
    impact: `Nothing new can be written to ${table} until the type is changed, and that rewrites the table while nobody can use it.`,
    fix: isHeld
      ? script(
          note`something holds the type of the column (a view, a domain, a partition key, a parent table): widen that in steps, by a new column`,
        )
      : script(
          note`rewrites the table under an exclusive lock: choose a quiet hour, or copy into a new column in steps`,
          sql`alter table ${[key.schema, key.table]} alter column ${key.column} type bigint`,
        ),
    severity: used >= usedShareCritical ? 'critical' : 'high',
    fingerprint: fingerprint('narrow-key-near-end', key.schema, key.table, key.column),
  };
}
