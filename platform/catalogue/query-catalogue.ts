/**
 * Every SQL statement the platform runs, by name, for whoever looks at all of them: the plan audit, doctor, the tests. The files are the
 * registry: what stands in a `*.queries.ts` is in here. No part of the server, which imports each query where it runs it.
 */
import { globSync } from 'node:fs';
import { join } from 'node:path';
import type { CatalogueQuery } from '../src/db/query.ts';

type QueriesModule = Readonly<Record<string, unknown>>;

function isQuery(value: unknown): value is CatalogueQuery {
  return typeof value === 'object' && value !== null && 'parameterNames' in value && 'usesIndex' in value;
}

/** All queries, sorted by name. Throws when two share a name: metrics and prepared statements would mix them. */
export function collectQueries(from: readonly QueriesModule[]): readonly CatalogueQuery[] {
  const queries = from.flatMap((module) => Object.values(module)).filter(isQuery);
  const seen = new Set<string>();
  for (const query of queries) {
    if (seen.has(query.name)) throw new Error(`two queries are named "${query.name}": rename one`);
    seen.add(query.name);
  }
  return queries.sort((left, right) => (left.name < right.name ? -1 : 1));
}

async function readModules(): Promise<QueriesModule[]> {
  const source = join(import.meta.dirname, '../src');
  const files = globSync('**/*.queries.ts', { cwd: source }).toSorted();
  if (files.length === 0) throw new Error(`there are no *.queries.ts below ${source}: nothing could be looked at`);
  // Bounded by the files of the platform.
  return await Promise.all(files.map((file) => import(join(source, file)) as Promise<QueriesModule>));
}

export const queryCatalogue: readonly CatalogueQuery[] = collectQueries(await readModules());
