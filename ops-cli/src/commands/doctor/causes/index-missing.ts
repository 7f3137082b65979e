import { defineCause } from '../cause.ts';
import type { IndexState } from '../probes/database.ts';
import { dropIndex, rebuildIndex } from '../cures.queries.ts';
import { sqlCure } from '../cures.ts';

const queriesShown = 3;

export default defineCause({
  id: 'index-missing',
  title: 'An index that queries need is not there, or cannot be used',
  explains: ['overload'],
  judge: ({ database, migrations }) => {
    if (database?.state !== 'open' || database.indexes === undefined || migrations === undefined) return undefined;
    if ((migrations.pending ?? []).length > 0 || migrations.head === null) return undefined;
    const broken = database.indexes.flatMap((index) => {
      const what = problemOf(index);
      return what === undefined ? [] : [{ ...index, what }];
    });
    if (broken.length === 0) return undefined;
    const statements = broken.flatMap(repair);
    const evidence = broken.map(({ name, what, queries }) => `${name} ${what}; ${describe(queries)} read the whole table instead`);
    if (statements.length === 0) return { confidence: 0.88, evidence, next: 'npx sanctum-ops audit postgres/unindexed-query' };
    return { confidence: 0.88, evidence, cure: sqlCure(...statements) };
  },
});

function describe(queries: readonly string[]): string {
  const more = queries.length > queriesShown ? ` and ${queries.length - queriesShown} more` : '';
  return `${queries.slice(0, queriesShown).join(', ')}${more}`;
}

function problemOf({ wanted, definition, isValid, isBeingBuilt }: IndexState): string | undefined {
  // Indexes of the job queue and of others stand in no dump of ours.
  if (wanted === undefined || isBeingBuilt) return undefined;
  if (definition === undefined) return 'is not there';
  if (!isValid) return 'is invalid';
  return isConstraint(wanted) || same(wanted, definition) ? undefined : 'has another definition than the migrations give it';
}

function same(one: string, other: string): boolean {
  return one.replace(/\s+/g, ' ').toLowerCase() === other.replace(/\s+/g, ' ').toLowerCase();
}

function isConstraint(wanted: string): boolean {
  return wanted.startsWith('alter table');
}

function repair({ name, wanted, definition }: IndexState): string[] {
  if (wanted === undefined) return [];
  if (isConstraint(wanted)) return definition === undefined ? [wanted] : [rebuildIndex(name)];
  const create = wanted.replace(
    /^create (unique )?index /i,
    (_, unique: string | undefined) => `create ${unique ?? ''}index concurrently `,
  );
  return [...(definition === undefined ? [] : [dropIndex(name)]), create];
}
