import { note, quoteIdentifier, quoteQualified } from '@sanctum/migrations/sql-text';

/**
 * The schemas whose objects are ours, as a condition on `pg_namespace n`. The job queue's schema belongs to
 * graphile-worker, which migrates and maintains it itself.
 */
export const ownSchemas = `n.nspname not in ('pg_catalog', 'information_schema', 'graphile_worker') and n.nspname !~ '^pg_(toast|temp)'`;

const identifierBytesMax = 63;

/** A name for a new index by the house's pattern, cut to what PostgreSQL keeps, different from `taken`. */
export function indexName(table: string, columns: readonly string[], taken: ReadonlySet<string> = new Set()): string {
  const base = `idx_${table}_${columns.join('_')}`.replace(/[^A-Za-z0-9_]/g, '_').toLowerCase();
  for (let attempt = 1; attempt <= 100; attempt += 1) {
    const suffix = attempt === 1 ? '' : `_${attempt}`;
    const name = base.slice(0, identifierBytesMax - suffix.length) + suffix;
    if (!taken.has(name)) return name;
  }
  return base.slice(0, identifierBytesMax);
}

/** `table` in schema public, `schema.table` elsewhere: as people say it. A fix always names the schema. */
export function tableLabel(schema: string, table: string): string {
  return schema === 'public' ? quoteIdentifier(table) : quoteQualified(schema, table);
}

/** `create index …` as `pg_get_indexdef` or a migration writes it, in the form that does not block writers. */
export function concurrently(definition: string): string {
  const text = definition.trim().replace(/;\s*$/, '').replace(/\s+/g, ' ');
  return `${text.replace(/^create\s+(unique\s+)?index\s+(concurrently\s+)?(if\s+not\s+exists\s+)?/i, (_, unique?: string) => `create ${unique ? 'unique ' : ''}index concurrently `)};`;
}

/** How a fix made by hand is kept: the line that follows the SQL, as an SQL comment so that all of it can be pasted. */
export const keepInMigration = note`keep it: npx sanctum-ops migrate new index-a-column, put the statement in, then npx sanctum-ops migrate sign`;
