import type { CheckContext } from '../check.ts';
import { ownSchemas } from './scope.ts';

type Reader = Pick<CheckContext, 'db' | 'once'>;

/** One index as the catalogue has it. Arrays are per column, key columns first. */
export interface CatalogueIndex {
  oid: number;
  table_oid: number;
  schema: string;
  table: string;
  name: string;
  /** `I`: of a partitioned table, without rows of its own. */
  kind: 'i' | 'I';
  /** Attached to the index of a partitioned table: it lives and goes with that. */
  is_attached: boolean;
  method: string;
  key_count: number;
  /** Column numbers; 0 for an expression. */
  columns: number[];
  operator_classes: number[];
  collations: number[];
  /** Direction and place of nulls. */
  options: number[];
  /** Parameters of operator classes, when there are any. */
  parameters: string | null;
  /** Text of every column, when one of them is an expression. */
  expressions: string[] | null;
  predicate: string | null;
  is_unique: boolean;
  treats_nulls_as_equal: boolean;
  /** False: a deferrable constraint's, which judges at the end of the transaction. */
  is_immediate: boolean;
  is_valid: boolean;
  is_being_built: boolean;
  /** A constraint stands on it, a foreign key points at it, or replication or CLUSTER goes by it. */
  is_needed_by_name: boolean;
  bytes: number;
}

const indexes = `
  with named as (select distinct conindid as oid from pg_constraint where conindid <> 0)
  select i.indexrelid::int8 as oid, i.indrelid::int8 as table_oid, n.nspname as schema, t.relname as table, ic.relname as name,
         ic.relkind as kind, ic.relispartition as is_attached, am.amname as method, i.indnkeyatts::int as key_count,
         i.indkey::int2[] as columns, i.indclass::oid[] as operator_classes, i.indcollation::oid[] as collations, i.indoption::int2[] as options,
         (select string_agg(a.attnum || a.attoptions::text, ',' order by a.attnum) from pg_attribute a
          where a.attrelid = i.indexrelid and a.attoptions is not null) as parameters,
         case when i.indexprs is not null then
           array(select pg_get_indexdef(i.indexrelid, k, true) from generate_series(1, i.indnatts) k order by k) end as expressions,
         case when i.indpred is not null then pg_get_expr(i.indpred, i.indrelid) end as predicate,
         i.indisunique as is_unique, i.indnullsnotdistinct as treats_nulls_as_equal, i.indimmediate as is_immediate,
         i.indisvalid and i.indisready and i.indislive as is_valid, p.index_relid is not null as is_being_built,
         named.oid is not null or i.indisreplident or i.indisclustered as is_needed_by_name,
         ic.relpages::int8 * current_setting('block_size')::int8 as bytes
  from pg_index i
  join pg_class ic on ic.oid = i.indexrelid
  join pg_class t on t.oid = i.indrelid
  join pg_namespace n on n.oid = t.relnamespace
  join pg_am am on am.oid = ic.relam
  left join named on named.oid = i.indexrelid
  left join (select distinct index_relid from pg_stat_progress_create_index) p on p.index_relid = i.indexrelid
  where ${ownSchemas}
  order by n.nspname, t.relname, ic.relname`;

/** Every index of our schemas, read once per review. */
export function readIndexes({ db, once }: Reader): Promise<CatalogueIndex[]> {
  return once('postgres/indexes', () => db.query<CatalogueIndex>(indexes));
}

const names = String.raw`select relname as name from pg_class where relname like 'idx\_%'`;

/** Names that begin as our new indexes do, in any schema. */
export async function takenIndexNames({ db, once }: Reader): Promise<Set<string>> {
  return new Set(await once('postgres/index-names', async () => (await db.query<{ name: string }>(names)).map((row) => row.name)));
}

export interface Partition {
  table_oid: number;
  oid: number;
  schema: string;
  name: string;
  is_leaf: boolean;
  /** The partition of the first level that it belongs to, or is. */
  level: number;
  parent_oid: number;
  /** `r` for a table of ours; a foreign table has no index. */
  kind: string;
}

const partitions = `
  select t.oid::int8 as table_oid, p.relid::oid::int8 as oid, n.nspname as schema, c.relname as name, p.isleaf as is_leaf, p.level,
         p.parentrelid::oid::int8 as parent_oid, c.relkind as kind
  from unnest($1::oid[]) as t (oid)
  cross join lateral pg_partition_tree(t.oid) p
  join pg_class c on c.oid = p.relid
  join pg_namespace n on n.oid = c.relnamespace
  where p.level > 0
  order by t.oid, p.level, n.nspname, c.relname`;

/** All partitions below the given partitioned tables, by table. */
export async function readPartitions(db: CheckContext['db'], tables: readonly number[]): Promise<Map<number, Partition[]>> {
  if (tables.length === 0) return new Map();
  return Map.groupBy(await db.query<Partition>(partitions, [tables]), (partition) => partition.table_oid);
}

const owner = `
  select exists (select from pg_attribute a where a.attrelid = to_regclass('public.schema_migrations') and a.attname = 'token_hash') as has_journal,
         exists (
           select from pg_class t join pg_namespace n on n.oid = t.relnamespace
           where t.relkind in ('r', 'p') and ${ownSchemas}
             and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = t.oid and d.deptype = 'e')
         ) as has_tables`;

/** Why our own model says nothing about this database, or undefined when it is ours or empty. */
export function foreignDatabase({ db, once }: Reader): Promise<string | undefined> {
  return once('postgres/foreign', async () => {
    const [row] = await db.query<{ has_journal: boolean; has_tables: boolean }>(owner);
    if (row === undefined || row.has_journal || !row.has_tables) return undefined;
    return 'this database is not ours (it has tables and no journal of our migrations), so it is not judged by our own model';
  });
}
