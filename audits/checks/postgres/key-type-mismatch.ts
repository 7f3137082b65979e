import { list, note, printedByServer, quoteIdentifier, script, sql } from '@sanctum/migrations/sql-text';
import { defineCheck, fingerprint } from '../../src/check.ts';
import type { Finding } from '../../src/check.ts';
import { domains, heldColumns, integerRank } from '../../src/postgres/column-types.ts';
import { ownSchemas, tableLabel } from '../../src/postgres/scope.ts';

interface KeyColumn {
  schema: string;
  table: string;
  name: string;
  column: string;
  type: string;
  table_oid: number;
  column_number: number;
  referenced_schema: string;
  referenced_table: string;
  referenced_column: string;
  referenced_type: string;
  /** With its length or precision. */
  referenced_full_type: string;
}

const keyColumns = `
  with recursive ${domains}
  select n.nspname as schema, t.relname as table, c.conname as name, a.attname as column, format_type(coalesce(b.base, a.atttypid), null) as type,
         t.oid::int8 as table_oid, a.attnum::int as column_number, rn.nspname as referenced_schema, r.relname as referenced_table, ra.attname as referenced_column,
         format_type(coalesce(rb.base, ra.atttypid), null) as referenced_type,
         format_type(coalesce(rb.base, ra.atttypid), coalesce(rb.modifier, ra.atttypmod)) as referenced_full_type
  from pg_constraint c
  join pg_class t on t.oid = c.conrelid
  join pg_namespace n on n.oid = t.relnamespace
  join pg_class r on r.oid = c.confrelid
  join pg_namespace rn on rn.oid = r.relnamespace
  cross join lateral unnest(c.conkey, c.confkey) as k (own, referenced)
  join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.own
  join pg_attribute ra on ra.attrelid = c.confrelid and ra.attnum = k.referenced
  left join domains b on b.domain = a.atttypid
  left join domains rb on rb.domain = ra.atttypid
  where c.contype = 'f' and c.conparentid = 0 and ${ownSchemas}
  order by 1, 2, 3, a.attnum`;

const texts = new Set(['text', 'character varying']);

export default defineCheck({
  id: 'postgres/key-type-mismatch',
  title: 'Foreign key of another type than what it references',
  area: 'scale',
  severity: 'medium',
  needs: ['database'],
  requirements: ['DB-08'],
  timeoutMs: 10_000,
  mayBeEmpty: 'A database without a foreign key has none of another type.',
  async run({ db }) {
    const all = await db.query<KeyColumn>(keyColumns);
    const different = all.filter(differs);
    const isHeld = await heldColumns(db, different);
    const perKey = Map.groupBy(different, (column) => JSON.stringify([column.schema, column.table, column.name]));
    return { examined: all.length, findings: [...perKey.values()].map((columns) => finding(columns, columns.some(isHeld))) };
  },
});

/** A wider integer can hold every value it may reference, and text and varchar compare as they are. */
function differs({ type, referenced_type }: KeyColumn): boolean {
  if (type === referenced_type || (texts.has(type) && texts.has(referenced_type))) return false;
  const [own, other] = [integerRank(type), integerRank(referenced_type)];
  return own === undefined || other === undefined || own < other;
}

function finding(columns: readonly KeyColumn[], isHeld: boolean): Finding {
  const [first] = columns as [KeyColumn];
  const table = tableLabel(first.schema, first.table);
  const referenced = tableLabel(first.referenced_schema, first.referenced_table);
  const pairs = columns.map(
    (one) =>
      `${quoteIdentifier(one.column)} is ${one.type}, ${referenced}.${quoteIdentifier(one.referenced_column)} is ${one.referenced_type}`,
  );
  const isNarrow = columns.some((one) => integerRank(one.type) !== undefined && integerRank(one.referenced_type) !== undefined);
  return {
    subject: `${table} (${columns.map((one) => quoteIdentifier(one.column)).join(', ')})`,
    detail: `${quoteIdentifier(first.name)} joins columns of different types: ${pairs.join('; ')}.`,
    location: `${table}, constraint ${quoteIdentifier(first.name)}`,
    risk: isNarrow
      ? `A row of ${referenced} beyond the narrower type cannot be referenced: the insert fails with "out of range".`
      : 'Every comparison converts one side, and an index on the converted side cannot serve it.',
    impact: isNarrow ? `From that day nothing new can be written to ${table}.` : 'Joins and deletes read whole tables.',
    fix: fix(columns, isHeld),
    fingerprint: fingerprint('key-type-mismatch', first.schema, first.table, first.name),
  };
}

function fix(columns: readonly KeyColumn[], isHeld: boolean): string {
  const [first] = columns as [KeyColumn];
  const changes = columns.map((one) => {
    const type = printedByServer(one.referenced_full_type);
    return type === undefined || isHeld ? undefined : sql`alter column ${one.column} type ${type}`;
  });
  const possible = changes.filter((change) => change !== undefined);
  if (possible.length < columns.length) {
    return script(
      note`something holds the type of the column (a view, a domain, a partition key, a parent table): change that in steps, by a new column`,
    );
  }
  return script(
    note`rewrites the table under an exclusive lock: choose a quiet hour, or copy into a new column in steps`,
    sql`alter table ${[first.schema, first.table]} ${list(possible)}`,
  );
}
