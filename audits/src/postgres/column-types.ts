/** The type behind a column: a domain is followed to the type that it stands on. `{column}` is an alias of pg_attribute. */
export const baseTypeOf = (column: string): string => `(
  with recursive base as (
    select ${column}.atttypid as oid, ${column}.atttypmod as modifier
    union all
    select y.typbasetype, case when y.typtypmod <> -1 then y.typtypmod else b.modifier end
    from base b join pg_type y on y.oid = b.oid where y.typtype = 'd'
  )
  select b.oid as type, b.modifier from base b join pg_type y on y.oid = b.oid where y.typtype <> 'd'
)`;

/**
 * Why the type of a column cannot be changed by one statement: a view, policy, trigger, generated column or partition key
 * uses it, a domain's rules would be lost, or the table is not its own to change.
 */
export const isHeldColumn = (column: string, table: string): string => `(
  ${table}.relkind not in ('r', 'p') or ${table}.reloftype <> 0 or ${column}.attinhcount > 0
  or exists (select from pg_type y where y.oid = ${column}.atttypid and y.typtype = 'd')
  or exists (select from pg_partitioned_table p where p.partrelid = ${table}.oid and (${column}.attnum = any(p.partattrs::int2[]) or 0 = any(p.partattrs::int2[])))
  or exists (
    select from pg_depend d
    where d.refclassid = 'pg_class'::regclass and d.refobjid = ${table}.oid and d.refobjsubid = ${column}.attnum
      and (d.classid in ('pg_rewrite'::regclass, 'pg_policy'::regclass, 'pg_trigger'::regclass)
           or d.classid = 'pg_attrdef'::regclass and exists (
             select from pg_attrdef g join pg_attribute ga on ga.attrelid = g.adrelid and ga.attnum = g.adnum
             where g.oid = d.objid and ga.attgenerated <> ''))
  )
)`;

const ranks: Readonly<Record<string, number>> = { smallint: 1, integer: 2, bigint: 3 };

/** 1 to 3 for the integer types by width, undefined for any other. */
export function integerRank(type: string): number | undefined {
  return ranks[type];
}
