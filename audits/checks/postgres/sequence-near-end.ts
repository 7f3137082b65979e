import { note, quoteIdentifier, script, sql } from '@sanctum/migrations/sql-text';
import { CouldNotLook, defineCheck, fingerprint } from '../../src/check.ts';
import type { Finding } from '../../src/check.ts';
import { ownSchemas, tableLabel } from '../../src/postgres/scope.ts';

const usedShareHigh = 0.75;
const usedShareCritical = 0.9;

interface Sequence {
  schema: string;
  name: string;
  is_readable: boolean;
  used: number;
  last_value: string | null;
  limit: string;
  table_schema: string | null;
  table: string | null;
  column: string | null;
  column_type: string | null;
  sequence_type: string;
  is_identity: boolean;
}

// The end is the nearer of two: the sequence's own maximum and what its column's type can hold.
const sequences = `
  with sequences as (
    select n.nspname as schema, c.relname as name, s.seqtypid::regtype::text as sequence_type, s.seqstart, s.seqincrement, s.seqcycle,
           has_sequence_privilege(c.oid, 'select, usage') as is_readable, pg_sequence_last_value(c.oid) as last_value,
           a.attname as column, a.atttypid::regtype::text as column_type, tn.nspname as table_schema, t.relname as table, a.attidentity <> '' as is_identity,
           case when s.seqincrement > 0
             then least(s.seqmax, case a.atttypid when 'smallint'::regtype then 32767 when 'integer'::regtype then 2147483647 else s.seqmax end)
             else greatest(s.seqmin, case a.atttypid when 'smallint'::regtype then -32768 when 'integer'::regtype then -2147483648 else s.seqmin end)
           end as "limit"
    from pg_sequence s
    join pg_class c on c.oid = s.seqrelid
    join pg_namespace n on n.oid = c.relnamespace
    left join pg_depend d on d.objid = c.oid and d.classid = 'pg_class'::regclass and d.refclassid = 'pg_class'::regclass
      and d.deptype in ('a', 'i') and d.refobjsubid > 0
    left join pg_class t on t.oid = d.refobjid
    left join pg_namespace tn on tn.oid = t.relnamespace
    left join pg_attribute a on a.attrelid = t.oid and a.attnum = d.refobjsubid
    where ${ownSchemas}
  )
  select schema, name, is_readable, last_value::text as last_value, "limit"::text as "limit", table_schema, "table", "column", column_type, sequence_type,
         coalesce(is_identity, false) as is_identity,
         coalesce((last_value::numeric - seqstart) / nullif("limit"::numeric - seqstart, 0), 0)::float8 as used
  from sequences
  where not seqcycle
  order by 1, 2`;

export default defineCheck({
  id: 'postgres/sequence-near-end',
  title: 'Sequence near its end',
  area: 'scale',
  severity: 'high',
  needs: ['database'],
  requirements: ['DB-08'],
  timeoutMs: 10_000,
  async run({ db }) {
    const all = await db.query<Sequence>(sequences);
    const unreadable = all.find((sequence) => !sequence.is_readable);
    if (unreadable) {
      throw new CouldNotLook(
        `The last value of the sequence ${tableLabel(unreadable.schema, unreadable.name)} may not be read by this user.`,
        {
          fix: script(
            note`as the owner of the sequences; put the audit's user in place of pg_monitor`,
            sql`grant select on all sequences in schema ${unreadable.schema} to pg_monitor`,
          ),
        },
      );
    }
    return { examined: all.length, findings: all.filter((sequence) => sequence.used >= usedShareHigh).map(finding) };
  },
});

function finding(sequence: Sequence): Finding {
  const name = tableLabel(sequence.schema, sequence.name);
  const table = sequence.table === null ? null : tableLabel(sequence.table_schema ?? sequence.schema, sequence.table);
  const owner = table === null ? name : `${table}.${quoteIdentifier(sequence.column ?? '')}`;
  return {
    subject: owner,
    detail: `${name} is at ${sequence.last_value} of ${sequence.limit}: ${(sequence.used * 100).toFixed(1)} % is used.`,
    location: `${name} (sequence)`,
    risk: `At its end every new row of ${table ?? 'the tables that use it'} fails with "reached maximum value" or "out of range".`,
    impact: `Nothing new can be written to ${table ?? 'them'} until the type is changed, and that rewrites the table while nobody can use it.`,
    fix: fix(sequence),
    severity: sequence.used >= usedShareCritical ? 'critical' : 'high',
    fingerprint: fingerprint('sequence-near-end', sequence.schema, sequence.name),
  };
}

function fix(sequence: Sequence): string {
  const widen = sql`alter sequence ${[sequence.schema, sequence.name]} as bigint maxvalue ${9223372036854775807n}`;
  if (sequence.table === null || sequence.column === null || sequence.column_type === 'bigint') return script(widen);
  return script(
    note`rewrites the table under an exclusive lock: choose a quiet hour, or copy into a new column in steps`,
    sql`alter table ${[sequence.table_schema ?? sequence.schema, sequence.table]} alter column ${sequence.column} type bigint`,
    widen,
  );
}
