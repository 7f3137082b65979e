import type pg from 'pg';

export interface CatalogueSnapshot {
  /** `kind schema name`, JSON. */
  readonly relations: ReadonlySet<string>;
  readonly columns: ReadonlySet<string>;
  readonly constraints: ReadonlySet<string>;
  /** Rows of every table. */
  readonly rows: ReadonlyMap<string, number>;
}

const relations = `
  select json_build_array(c.relkind, n.nspname, c.relname)::text as one from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
  union all select json_build_array('schema', nspname)::text from pg_namespace
  union all select json_build_array('domain', n.nspname, y.typname)::text from pg_type y join pg_namespace n on n.oid = y.typnamespace where y.typtype = 'd'`;
const columns = `
  select json_build_array(n.nspname, c.relname, a.attname)::text as one from pg_attribute a join pg_class c on c.oid = a.attrelid
  join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'`;
const constraints = `
  select json_build_array(n.nspname, coalesce(c.conrelid::regclass::text, ''), c.conname)::text as one from pg_constraint c
  join pg_namespace n on n.oid = c.connamespace where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'`;
const tables = `
  select json_build_array(n.nspname, c.relname)::text as one, quote_ident(n.nspname) || '.' || quote_ident(c.relname) as name from pg_class c
  join pg_namespace n on n.oid = c.relnamespace where c.relkind in ('r', 'p') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'`;

/** What a pasted fix could have changed beyond its promise. */
export async function snapshotOf(client: pg.Client): Promise<CatalogueSnapshot> {
  const set = async (text: string) => new Set((await client.query<{ one: string }>(text)).rows.map((row) => row.one));
  const rows = new Map<string, number>();
  for (const { one, name } of (await client.query<{ one: string; name: string }>(tables)).rows) {
    rows.set(one, (await client.query<{ count: number }>(`select count(*)::int as count from ${name}`)).rows[0]?.count ?? -1);
  }
  return { relations: await set(relations), columns: await set(columns), constraints: await set(constraints), rows };
}
