import { list, script, sql } from '@sanctum/migrations/sql-text';
import { queryCatalogue } from '@sanctum/platform/db/catalogue';
import { defineCheck, fingerprint } from '../../src/check.ts';
import type { CheckResult, DatabaseTarget, Finding } from '../../src/check.ts';
import { foreignDatabase } from '../../src/postgres/catalogue.ts';
import { indexDefinitions } from '../../src/postgres/index-definitions.ts';
import type { IndexDefinition } from '../../src/postgres/index-definitions.ts';
import { equalityColumns, joins, planOf } from '../../src/postgres/plan-audit.ts';
import type { ExplainedQuery, QueryPlan, WholeRead } from '../../src/postgres/plan-audit.ts';
import { indexName, keepInMigration, ownSchemas } from '../../src/postgres/scope.ts';

export default defineCheck({
  id: 'postgres/unindexed-query',
  title: 'Catalogue query without an index',
  area: 'scale',
  severity: 'high',
  needs: ['database', 'repository'],
  requirements: ['DB-01', 'DB-02'],
  timeoutMs: 30_000,
  async run(ctx) {
    const notApplicable = await foreignDatabase(ctx);
    if (notApplicable !== undefined) return { examined: 0, findings: [], notApplicable };
    return auditPlans(ctx.db, queryCatalogue, await indexDefinitions(ctx.repository));
  },
});

interface LiveIndex {
  name: string;
  table: string;
  /** The first key column or expression, without parentheses around it. */
  leading: string;
}

const liveIndexes = `
  select c.relname as name, t.relname as table, trim(both '()' from pg_get_indexdef(i.indexrelid, 1, true)) as leading
  from pg_index i
  join pg_class c on c.oid = i.indexrelid
  join pg_class t on t.oid = i.indrelid
  where i.indisvalid and i.indisready`;

/** Tables of others (the job queue) have the indexes that their makers gave them. */
const ownTables = `select t.relname as name from pg_class t join pg_namespace n on n.oid = t.relnamespace where t.relkind in ('r', 'p', 'm') and ${ownSchemas}`;

/** Explains every query and compares its plan with its promises. Queries that cannot be explained are in `notLooked`. */
export async function auditPlans(
  db: DatabaseTarget,
  queries: readonly ExplainedQuery[],
  definitions: ReadonlyMap<string, IndexDefinition>,
): Promise<CheckResult> {
  const existing = new Map((await db.query<LiveIndex>(liveIndexes)).map((index) => [index.name, index]));
  const own = new Set((await db.query<{ name: string }>(ownTables)).map((row) => row.name));
  const findings: Finding[] = [];
  const unexplained: string[] = [];
  let examined = 0;
  for (const query of queries.filter(hasPlan)) {
    const plan = await planOf(db, query).catch((error: Error) => error);
    if (plan instanceof Error) {
      unexplained.push(`${query.name}: ${plan.message}`);
      // Behind a held lock every further query would wait as long: the lock is the finding, of postgres/lock-convoy.
      if ('code' in plan && plan.code === lockNotAvailable) break;
      continue;
    }
    examined += 1;
    const broken = query.usesIndex.filter((name) => !plan.indexes.has(name) && !couldServe(plan, existing.get(name)));
    findings.push(...broken.map((name) => brokenPromise(query, name, existing, definitions)));
    // Its missing index explains the whole read: one cause, one finding.
    const explained = new Set(broken.map((name) => definitions.get(name)?.table));
    const unserved = plan.wholeReads.filter((read) => own.has(read.table) && !explained.has(read.table));
    findings.push(...unserved.map((read) => wholeRead(plan, read, existing)));
  }
  return { examined, findings: once(findings), ...notLooked(unexplained) };
}

/** To truncate is to search nothing: the server has no plan to show for it. */
function hasPlan(query: ExplainedQuery): boolean {
  return !/^\s*truncate\b/i.test(query.text);
}

/**
 * Between two indexes that both serve a search, the planner of a small or young table chooses by chance. A promise is
 * kept when the table is searched at all and the promised index begins with something that the query asks for.
 */
function couldServe(plan: QueryPlan, index: LiveIndex | undefined): boolean {
  if (index === undefined || plan.wholeReads.some((read) => read.table === index.table)) return false;
  return `${plan.conditions.get(index.table) ?? ''} ${plan.conditions.get(joins) ?? ''}`.includes(index.leading);
}

const lockNotAvailable = '55P03';
const unexplainedShownMax = 5;

function notLooked(unexplained: readonly string[]): Pick<CheckResult, 'notLooked'> {
  if (unexplained.length === 0) return {};
  const more = unexplained.length > unexplainedShownMax ? ` and ${unexplained.length - unexplainedShownMax} more` : '';
  return {
    notLooked: {
      message: `Queries that cannot be explained, ${unexplained.length} at least: ${unexplained.slice(0, unexplainedShownMax).join('; ')}${more}.`,
      fix: 'Bring the schema up to date (npx sanctum-ops migrate up; the job queue makes its own tables when the platform starts), end what holds a lock (npx sanctum-ops audit postgres/lock-convoy), or correct the query.',
    },
  };
}

function brokenPromise(
  query: ExplainedQuery,
  index: string,
  existing: ReadonlyMap<string, LiveIndex>,
  definitions: ReadonlyMap<string, IndexDefinition>,
): Finding {
  const definition = definitions.get(index);
  const isMissing = !existing.has(index);
  const table = definition?.table ?? 'its table';
  return {
    subject: `${query.name} → ${index}`,
    detail: isMissing
      ? `The query ${query.name} promises to use ${index} on ${table}, and there is no valid index of that name.`
      : `The query ${query.name} promises to use ${index} on ${table}, and no plan of it does, even with sequential scans forbidden.`,
    location: `${table}, index ${index}`,
    risk: `${query.name} reads all of ${table}, or sorts it, instead of the few rows it needs.`,
    impact: 'It gets slower with every row that is written; under load it takes the connections from everyone else.',
    fix: promiseFix(query, index, isMissing, definition),
    severity: isMissing ? 'high' : 'medium',
    fingerprint: fingerprint('unindexed-query', query.name, index),
  };
}

function promiseFix(query: ExplainedQuery, index: string, isMissing: boolean, definition: IndexDefinition | undefined): string {
  if (!isMissing)
    return `Compare the query with the index: explain (generic_plan) of ${query.name}; then correct its text, the index, or usesIndex in its declaration.`;
  if (definition === undefined)
    return `No migration creates ${index}: create it in one (npx sanctum-ops migrate new ${index.replaceAll('_', '-')}), or correct usesIndex of ${query.name}.`;
  return `${definition.statement}`;
}

function wholeRead({ query }: QueryPlan, read: WholeRead, existing: ReadonlyMap<string, LiveIndex>): Finding {
  const columns = equalityColumns(read.filter);
  return {
    subject: `${query.name} → ${read.table}`,
    detail: `The generic plan of ${query.name} reads all of ${read.table}${read.index ? ` in the order of ${read.index}` : ''}${read.filter ? ` and keeps the rows where ${read.filter}` : ''}: no index serves it.`,
    location: `${read.table} (table)`,
    risk: `Each call of ${query.name} reads every row of ${read.table}.`,
    impact: 'It gets slower with every row that is written; under load it takes the connections from everyone else.',
    fix:
      columns.length > 0
        ? script(
            sql`create index concurrently ${indexName(read.table, columns, new Set(existing.keys()))} on ${['public', read.table]} (${list(columns)})`,
            keepInMigration,
          )
        : `Give ${query.name} a condition that an index of ${read.table} serves, or create the index that serves ${read.filter ?? 'it'}.${read.index ? ` If the walk is meant, declare it: usesIndex: ['${read.index}'].` : ''}`,
    fingerprint: fingerprint('unindexed-query', query.name, read.table),
  };
}

function once(findings: readonly Finding[]): Finding[] {
  return [...new Map(findings.map((finding) => [finding.fingerprint, finding])).values()];
}
