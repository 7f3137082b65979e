import type { CheckContext } from '../check.ts';
import { domains } from './column-types.ts';
import { ownSchemas } from './scope.ts';

/** One sequence with one column that it feeds, or with none. */
export interface SequenceUse {
  oid: number;
  schema: string;
  name: string;
  is_readable: boolean;
  is_cycling: boolean;
  increment: number;
  last_value: string | null;
  table_oid: number | null;
  column_number: number | null;
  table_schema: string | null;
  table: string | null;
  column: string | null;
  column_type: string | null;
  /** The nearer of two ends: the sequence's own and what the column can hold. */
  limit: string;
  used: number;
  /** Beginning again at the other end meets values that are there already. */
  cannot_cycle: boolean;
}

// A sequence feeds the column that owns it (serial, identity) and every column whose default asks for its next value, be
// it by reference or by name.
const sequences = `
  with recursive ${domains},
  seqs as (
    select c.oid, n.nspname, c.relname, s.*, has_sequence_privilege(c.oid, 'select, usage') as is_readable
    from pg_sequence s join pg_class c on c.oid = s.seqrelid join pg_namespace n on n.oid = c.relnamespace
    where ${ownSchemas}
  ),
  read as (select seqs.*, case when is_readable then pg_sequence_last_value(oid) end as last_value from seqs),
  named as (
    select ad.adrelid, ad.adnum, to_regclass(replace(m[1], '''''', ''''))::oid as seq
    from pg_attrdef ad
    cross join lateral regexp_match(pg_get_expr(ad.adbin, ad.adrelid), 'nextval\\(\\(?''((?:[^'']|'''')+)''::text') m
    where pg_get_expr(ad.adbin, ad.adrelid) like '%nextval(%::text%'
  ),
  feeds as (
    select d.objid as seq, d.refobjid as tab, d.refobjsubid::int2 as num from pg_depend d join seqs on seqs.oid = d.objid
    where d.classid = 'pg_class'::regclass and d.refclassid = 'pg_class'::regclass and d.deptype in ('a', 'i') and d.refobjsubid > 0
    union
    select d.refobjid, ad.adrelid, ad.adnum from pg_depend d join seqs on seqs.oid = d.refobjid join pg_attrdef ad on ad.oid = d.objid
    where d.classid = 'pg_attrdef'::regclass and d.refclassid = 'pg_class'::regclass
    union
    select seq, adrelid, adnum from named where seq is not null
  ),
  uses as (
    select read.*, t.oid as tab, a.attnum as num, tn.nspname as table_schema, t.relname as table, a.attname as column, format_type(coalesce(b.base, a.atttypid), null) as column_type,
           case coalesce(b.base, a.atttypid) when 'smallint'::regtype then 32767 when 'integer'::regtype then 2147483647 when 'bigint'::regtype then 9223372036854775807
             when 'numeric'::regtype then case when m.modifier > 4 then least(10::numeric ^ greatest(((m.modifier - 4) >> 16 & 65535) - ((m.modifier - 4) & 2047), 0) - 1, 9223372036854775807) end
           end as holds,
           exists (select from pg_index i where i.indrelid = t.oid and i.indisunique and i.indnkeyatts = 1 and i.indkey[0] = a.attnum) as is_unique
    from read
    left join feeds on feeds.seq = read.oid
    left join pg_class t on t.oid = feeds.tab and not t.relispartition
    left join pg_namespace tn on tn.oid = t.relnamespace
    left join pg_attribute a on a.attrelid = t.oid and a.attnum = feeds.num and a.attislocal
    left join domains b on b.domain = a.atttypid
    cross join lateral (select coalesce(b.modifier, a.atttypmod) as modifier) m
  ),
  ends as (
    select uses.*, case when seqincrement > 0 then least(seqmax, holds) else greatest(seqmin, -holds - 1) end as ending from uses
  )
  select oid::int8 as oid, nspname as schema, relname as name, is_readable, seqcycle as is_cycling, seqincrement::float8 as increment,
         last_value::text as last_value, tab::int8 as table_oid, num::int as column_number, table_schema, "table", "column", column_type, ending::text as "limit",
         coalesce((last_value::numeric - seqstart) / nullif(ending::numeric - seqstart, 0), 0)::float8 as used,
         is_unique or ending is distinct from case when seqincrement > 0 then seqmax else seqmin end as cannot_cycle
  from ends
  order by 2, 3, used desc`;

/** Every sequence of our schemas with what it feeds, read once per review. */
export function readSequences({ db, once }: Pick<CheckContext, 'db' | 'once'>): Promise<SequenceUse[]> {
  return once('postgres/sequences', () => db.query<SequenceUse>(sequences));
}

export const usedShareHigh = 0.75;
export const usedShareCritical = 0.9;

/** True when this use comes to its end before long. */
export function isNearEnd(use: SequenceUse): boolean {
  return use.used >= usedShareHigh && (!use.is_cycling || use.cannot_cycle);
}
