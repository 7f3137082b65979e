import type { CatalogueQuery } from '@sanctum/platform/db/query';
import type { DatabaseTarget } from '../check.ts';

/** What the audit has to know of a catalogue query. */
export type ExplainedQuery = Pick<CatalogueQuery, 'name' | 'text' | 'usesIndex'>;

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly 'Index Cond'?: string;
  readonly 'Recheck Cond'?: string;
  readonly 'Hash Cond'?: string;
  readonly 'Merge Cond'?: string;
  readonly 'Join Filter'?: string;
  readonly 'Conflict Arbiter Indexes'?: readonly string[];
  readonly Filter?: string;
  readonly 'Sort Key'?: readonly string[];
  readonly Plans?: readonly PlanNode[];
}

/** A table that the query reads from end to end, even when sequential scans are made as dear as they can be. */
export interface WholeRead {
  readonly table: string;
  readonly filter: string | null;
  /** The index that is walked from end to end, or null for a sequential scan. */
  readonly index: string | null;
}

export interface QueryPlan {
  readonly query: ExplainedQuery;
  /** Indexes that appear in one of the plans. */
  readonly indexes: ReadonlySet<string>;
  readonly wholeReads: readonly WholeRead[];
  /** By table, every condition under which the plans read it; those of joins under `joins`. */
  readonly conditions: ReadonlyMap<string, string>;
}

// Small tables hide missing indexes: there a sequential scan is cheapest. Forbidden in turn, each plan shows which
// indexes the query can use; the first is the one that is judged for whole reads.
const settings = [
  ['enable_seqscan'],
  ['enable_seqscan', 'enable_bitmapscan'],
  ['enable_seqscan', 'enable_sort', 'enable_incremental_sort'],
  ['enable_seqscan', 'enable_bitmapscan', 'enable_sort', 'enable_incremental_sort', 'enable_hashjoin', 'enable_mergejoin'],
  ['enable_seqscan', 'enable_indexscan', 'enable_indexonlyscan'],
] as const;

/** Key of `conditions` for what joins ask of their two sides. */
export const joins = ' joins';

const toggles = [...new Set(settings.flat())];

/** Explains one query with its `$1…` unknown (the generic plan). Runs nothing. Throws the server's error. */
export async function planOf(db: DatabaseTarget, query: ExplainedQuery): Promise<QueryPlan> {
  return db.readOnly(async (run) => {
    const indexes = new Set<string>();
    const conditions = new Map<string, string>();
    let wholeReads: readonly WholeRead[] | undefined;
    for (const disabled of settings) {
      const assignments = toggles.map((name) => `set local ${name} = ${disabled.some((one) => one === name) ? 'off' : 'on'}`);
      await run(assignments.join('; '));
      const rows = await run<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(`explain (generic_plan, costs off, format json) ${query.text}`);
      const nodes = nodesOf(rows[0]?.['QUERY PLAN'][0].Plan);
      for (const name of nodes.flatMap(indexesOf)) indexes.add(name);
      for (const node of nodes) noteConditions(node, conditions);
      // A scan that another plan replaces by a search is not a missing index.
      const found = wholeReadsOf(nodes, query);
      if (wholeReads === undefined || found.length < wholeReads.length) wholeReads = found;
      if (wholeReads.length === 0 && query.usesIndex.every((name) => indexes.has(name))) break;
    }
    return { query, indexes, conditions, wholeReads: wholeReads ?? [] };
  });
}

function nodesOf(node: PlanNode | undefined): PlanNode[] {
  return node === undefined ? [] : [node, ...(node.Plans ?? []).flatMap(nodesOf)];
}

/** Adds what a node asks of its table, or what a join asks of both its sides. */
function noteConditions(node: PlanNode, conditions: Map<string, string>): void {
  const table = node['Relation Name'] ?? joins;
  const asked = [node['Index Cond'], node['Recheck Cond'], node.Filter, node['Hash Cond'], node['Merge Cond'], node['Join Filter']];
  const parts = [conditions.get(table), ...asked].filter((part) => part !== undefined);
  if (parts.length > 0) conditions.set(table, parts.join(' '));
}

/** An insert with `on conflict` uses its arbiter without scanning it. */
function indexesOf(node: PlanNode): string[] {
  const own = node['Index Name'];
  return [...(own === undefined ? [] : [own]), ...(node['Conflict Arbiter Indexes'] ?? [])];
}

function wholeReadsOf(nodes: readonly PlanNode[], query: ExplainedQuery): WholeRead[] {
  return nodes.flatMap((node): WholeRead[] => {
    const table = node['Relation Name'];
    if (table === undefined) return [];
    const isSequential = node['Node Type'] === 'Seq Scan' || node['Node Type'] === 'Sample Scan';
    if (isSequential) return [{ table, filter: node.Filter ?? null, index: null }];
    // Walking an index for its order and throwing rows away is a whole read too, unless the query declares that walk.
    const walked = node['Index Name'];
    if (walked === undefined || node['Index Cond'] !== undefined || node.Filter === undefined) return [];
    if (!node['Node Type'].startsWith('Index') || query.usesIndex.includes(walked)) return [];
    return [{ table, filter: node.Filter, index: walked }];
  });
}

/** Column names that a filter compares with a parameter or another table: what a new index would begin with. */
export function equalityColumns(filter: string | null): string[] {
  if (filter === null) return [];
  const names = [...filter.matchAll(/\(?\b(?:"?\w+"?\.)?"?([a-z_][a-z0-9_]*)"?\)?(?:::\w+)? = (?:ANY \()?(?:\$\d+|"?\w+"?\.|\()/g)].map(
    (match) => match[1] ?? '',
  );
  return [...new Set(names)];
}
