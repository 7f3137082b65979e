import type { CheckContext } from '../check.ts';

/**
 * Two common table expressions, to stand first behind `with recursive`: `domains` leads from a domain to the type and the
 * modifier that it stands on. Domains are few; the types of all tables are not, so nothing here looks at those.
 */
export const domains = `
  steps as (
    select y.oid as domain, y.typbasetype as base, y.typtypmod as modifier from pg_type y where y.typtype = 'd'
    union all
    select s.domain, y.typbasetype, case when y.typtypmod <> -1 then y.typtypmod else s.modifier end
    from steps s join pg_type y on y.oid = s.base where y.typtype = 'd'
  ),
  domains as (select s.domain, s.base, s.modifier from steps s where s.base not in (select domain from steps))`;

export interface ColumnKey {
  table_oid: number | null;
  column_number: number | null;
}

// A view, policy, trigger, generated column or partition key uses the column, a domain's rules would be lost, or the column
// is its parent's to change.
const held = `
  select t.oid::int8 as table_oid, a.attnum::int as column_number
  from unnest($1::oid[], $2::int2[]) k (tab, num)
  join pg_class t on t.oid = k.tab
  join pg_attribute a on a.attrelid = k.tab and a.attnum = k.num
  join pg_type y on y.oid = a.atttypid
  left join pg_partitioned_table p on p.partrelid = t.oid
  where t.relkind not in ('r', 'p') or t.reloftype <> 0 or a.attinhcount > 0 or y.typtype = 'd'
     or a.attnum = any(p.partattrs::int2[]) or 0 = any(p.partattrs::int2[])
     or exists (
       select from pg_depend d
       left join pg_attrdef g on d.classid = 'pg_attrdef'::regclass and g.oid = d.objid
       left join pg_attribute ga on ga.attrelid = g.adrelid and ga.attnum = g.adnum
       where d.refclassid = 'pg_class'::regclass and d.refobjid = t.oid and d.refobjsubid = a.attnum
         and (d.classid in ('pg_rewrite'::regclass, 'pg_policy'::regclass, 'pg_trigger'::regclass) or ga.attgenerated <> ''))`;

/** Of these columns, those whose type one statement cannot change. */
export async function heldColumns(db: CheckContext['db'], columns: readonly ColumnKey[]): Promise<(column: ColumnKey) => boolean> {
  const known = columns.filter((column) => column.table_oid !== null && column.column_number !== null);
  if (known.length === 0) return () => false;
  const rows = await db.query<ColumnKey>(held, [known.map((column) => column.table_oid), known.map((column) => column.column_number)]);
  const keys = new Set(rows.map((row) => `${row.table_oid}.${row.column_number}`));
  return (column) => keys.has(`${column.table_oid}.${column.column_number}`);
}

const ranks: Readonly<Record<string, number>> = { smallint: 1, integer: 2, bigint: 3 };

/** 1 to 3 for the integer types by width, undefined for any other. */
export function integerRank(type: string): number | undefined {
  return ranks[type];
}
