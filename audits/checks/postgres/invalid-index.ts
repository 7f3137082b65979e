import { note, printedByServer, quoteIdentifier, script, sql } from '@sanctum/migrations/sql-text';
import type { SqlText } from '@sanctum/migrations/sql-text';
import { defineCheck, fingerprint } from '../../src/check.ts';
import type { CheckContext, Finding } from '../../src/check.ts';
import { readIndexes, readPartitions, takenIndexNames } from '../../src/postgres/catalogue.ts';
import type { CatalogueIndex, Partition } from '../../src/postgres/catalogue.ts';
import { indexName, tableLabel } from '../../src/postgres/scope.ts';

/** REINDEX CONCURRENTLY leaves its half-made copy under such a name; the original is still there. */
const copyOf = /^(.*)_cc(?:new|old)\d*$/s;

export default defineCheck({
  id: 'postgres/invalid-index',
  title: 'Invalid index left by an interrupted build',
  area: 'scale',
  severity: 'high',
  needs: ['database'],
  requirements: ['DB-01', 'DB-04'],
  timeoutMs: 10_000,
  mayBeEmpty: 'A database without an index has no invalid one.',
  async run(ctx) {
    const all = await readIndexes(ctx);
    const invalid = all.filter((index) => !index.is_valid && !index.is_being_built);
    const plain = invalid.filter((index) => index.kind === 'i').map((index) => finding(index, rebuild(index, all)));
    const parents = invalid.filter((index) => index.kind === 'I' && !index.is_attached);
    return { examined: all.length, findings: [...plain, ...(await unfinished(ctx, parents))] };
  },
});

function rebuild(index: CatalogueIndex, all: readonly CatalogueIndex[]): string {
  const name = [index.schema, index.name];
  const original = copyOf.exec(index.name)?.[1];
  const isLeftover = all.some((other) => other.table_oid === index.table_oid && other.name === original);
  return script(isLeftover ? sql`drop index concurrently ${name}` : sql`reindex index concurrently ${name}`);
}

interface Unattached {
  oid: number;
  /** What follows `create index … on …`. */
  rest: string;
  /** The partitions of the first level that have theirs. */
  attached: number[];
}

const definitions = `
  select i.indexrelid::int8 as oid,
         substr(pg_get_indexdef(i.indexrelid), 1 + length(format('CREATE %sINDEX %I ON ONLY %I.%I ',
           case when i.indisunique then 'UNIQUE ' else '' end, ic.relname, n.nspname, t.relname))) as rest,
         array(select pi.indrelid::int8 from pg_inherits h join pg_index pi on pi.indexrelid = h.inhrelid where h.inhparent = i.indexrelid) as attached
  from pg_index i
  join pg_class ic on ic.oid = i.indexrelid
  join pg_class t on t.oid = i.indrelid
  join pg_namespace n on n.oid = t.relnamespace
  where i.indexrelid = any($1::oid[])`;

/** Indexes of partitioned tables that wait for their parts: made with ON ONLY, and never attached to all of them. */
async function unfinished(ctx: CheckContext, parents: readonly CatalogueIndex[]): Promise<Finding[]> {
  if (parents.length === 0) return [];
  const states = await ctx.db.query<Unattached>(definitions, [parents.map((index) => index.oid)]);
  const partitions = await readPartitions(ctx.db, [...new Set(parents.map((index) => index.table_oid))]);
  const taken = await takenIndexNames(ctx);
  return parents.map((index) => {
    const state = states.find((one) => one.oid === index.oid);
    const below = partitions.get(index.table_oid) ?? [];
    return finding(index, state === undefined ? undefined : attach(index, state, below, taken));
  });
}

function attach(index: CatalogueIndex, state: Unattached, below: readonly Partition[], taken: Set<string>): string | undefined {
  const rest = printedByServer(state.rest);
  if (rest === undefined) return undefined;
  const unique = index.is_unique ? sql`unique ` : sql``;
  const named = (table: string) => {
    const name = indexName(table, ['part'], taken);
    taken.add(name);
    return name;
  };
  const missing = below.filter((partition) => partition.level === 1 && !state.attached.includes(partition.oid));
  const statements = missing.flatMap((part): SqlText[] => {
    const name = named(part.name);
    const tie = sql`alter index ${[index.schema, index.name]} attach partition ${[part.schema, name]}`;
    if (part.is_leaf) return [sql`create ${unique}index concurrently ${name} on ${[part.schema, part.name]} ${rest}`, tie];
    const leaves = below.filter((leaf) => leaf.is_leaf && leaf.kind === 'r' && isBelow(leaf, part, below));
    return [
      ...leaves.map((leaf) => sql`create ${unique}index concurrently ${named(leaf.name)} on ${[leaf.schema, leaf.name]} ${rest}`),
      sql`create ${unique}index ${name} on ${[part.schema, part.name]} ${rest}`,
      tie,
    ];
  });
  return script(note`each partition gets its part, and the last one makes the whole valid`, ...statements);
}

function isBelow(leaf: Partition, part: Partition, all: readonly Partition[]): boolean {
  const parent = all.find((one) => one.oid === leaf.parent_oid);
  return leaf.parent_oid === part.oid || (parent !== undefined && isBelow(parent, part, all));
}

const byHand = script(note`create its index on every partition, then attach each: alter index … attach partition …`);

function finding(index: CatalogueIndex, fix: string | undefined): Finding {
  const table = tableLabel(index.schema, index.table);
  const name = quoteIdentifier(index.name);
  const why =
    index.kind === 'I'
      ? 'is marked invalid: it was made for the partitioned table only, and not every partition has its part'
      : 'is marked invalid and nothing is building it: a concurrent build was interrupted or failed';
  return {
    subject: tableLabel(index.schema, index.name),
    detail: `${name} on ${table} ${why}.`,
    location: `${table}, index ${name}`,
    risk: `No query uses it, yet every write to ${table} pays for it${index.is_unique ? ', and the uniqueness that it promises is not enforced for older rows' : ''}.`,
    impact: 'Queries that rely on it read the whole table instead.',
    fix: fix ?? byHand,
    fingerprint: fingerprint('invalid-index', index.schema, index.name),
  };
}
