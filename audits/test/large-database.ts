import type pg from 'pg';

const tablesPerStatement = 200;

/** A database of `tables` tables like those of a product that has grown: a key, three columns, four more indexes and a foreign key each. */
export async function growDatabase(client: pg.Client, tables: number): Promise<void> {
  await client.query('create table root (id bigint primary key)');
  for (let from = 0; from < tables; from += tablesPerStatement) {
    const to = Math.min(tables, from + tablesPerStatement) - 1;
    await client.query(`do $$ begin
      for i in ${from}..${to} loop
        execute format('create table grown_%s (id bigint generated always as identity primary key, root_id bigint references root, a int, b text)', i);
        execute format('create index on grown_%s (root_id)', i);
        execute format('create index on grown_%s (a, b)', i);
        execute format('create index on grown_%s (lower(b))', i);
        execute format('create index on grown_%s (a) where b is not null', i);
      end loop;
    end $$`);
  }
  await client.query('analyze pg_class, pg_attribute, pg_index, pg_constraint, pg_depend, pg_sequence, pg_attrdef, pg_inherits, pg_type');
}
