import { note, quoteIdentifier, script, sql } from '@sanctum/migrations/sql-text';
import { defineCheck, fingerprint } from '../../src/check.ts';
import type { Finding } from '../../src/check.ts';
import { readIndexes } from '../../src/postgres/catalogue.ts';
import type { CatalogueIndex } from '../../src/postgres/catalogue.ts';
import { tableLabel } from '../../src/postgres/scope.ts';

interface Compared extends CatalogueIndex {
  readonly keys: readonly string[];
  readonly included: readonly string[];
}

export default defineCheck({
  id: 'postgres/duplicate-index',
  title: 'Index that another index already covers',
  area: 'resources',
  severity: 'medium',
  needs: ['database'],
  requirements: ['DB-01'],
  timeoutMs: 15_000,
  mayBeEmpty: 'A database without an index has none twice.',
  async run(ctx) {
    const all = (await readIndexes(ctx)).filter((index) => index.is_valid).map(compared);
    const perTable = Map.groupBy(all, (index) => index.table_oid);
    const findings = [...perTable.values()].flatMap((onTable) =>
      onTable.flatMap((index) => {
        const covering = onTable.find((other) => covers(other, index));
        return covering ? [finding(index, covering)] : [];
      }),
    );
    return { examined: all.length, findings };
  },
});

function compared(index: CatalogueIndex): Compared {
  const column = (at: number) => (index.columns[at] === 0 ? `(${index.expressions?.[at] ?? ''})` : `#${index.columns[at] ?? ''}`);
  const keys = Array.from({ length: index.key_count }, (_, at) =>
    JSON.stringify([column(at), index.operator_classes[at], index.collations[at], index.options[at]]),
  );
  return { ...index, keys, included: index.columns.slice(index.key_count).map((_, at) => column(index.key_count + at)) };
}

/** True when dropping `index` loses nothing because `other` does all that it does. */
function covers(other: Compared, index: Compared): boolean {
  if (other.oid === index.oid || other.method !== index.method || other.predicate !== index.predicate) return false;
  if (index.is_needed_by_name || index.is_attached || other.kind !== index.kind || other.parameters !== index.parameters) return false;
  const isSame = other.keys.length === index.keys.length && index.keys.every((key, at) => key === other.keys[at]);
  // A unique index is a rule, and only the same rule, enforced at the same moment, replaces it.
  if (index.is_unique && !(isSame && isSameRule(other, index))) return false;
  // Only btree serves a search by its leading columns alone.
  if (!isSame && index.method !== 'btree') return false;
  if (!index.keys.every((key, at) => key === other.keys[at])) return false;
  const readable = new Set([...other.included, ...other.keys.map((key) => (JSON.parse(key) as string[])[0])]);
  if (!index.included.every((column) => readable.has(column))) return false;
  if (!isSame || holdsAllOf(other, index) !== holdsAllOf(index, other)) return true;
  // Two equal ones cover each other: keep the needed one, then the unique one, then the older one.
  if (other.is_needed_by_name !== index.is_needed_by_name || other.is_attached !== index.is_attached) return true;
  if (other.is_unique !== index.is_unique) return other.is_unique;
  return other.oid < index.oid;
}

function isSameRule(other: Compared, index: Compared): boolean {
  return other.is_unique && other.is_immediate === index.is_immediate && other.treats_nulls_as_equal === index.treats_nulls_as_equal;
}

function holdsAllOf(other: Compared, index: Compared): boolean {
  return index.included.every((column) => other.included.includes(column));
}

function finding(index: Compared, other: Compared): Finding {
  const table = tableLabel(index.schema, index.table);
  const name = quoteIdentifier(index.name);
  const isSame = index.keys.length === other.keys.length;
  return {
    subject: tableLabel(index.schema, index.name),
    detail: isSame
      ? `${name} and ${quoteIdentifier(other.name)} on ${table} have the same columns, order, method and predicate.`
      : `${name} on ${table} is the leading part of ${quoteIdentifier(other.name)}, which serves every search that it serves.`,
    location: `${table}, index ${name}`,
    risk: `Every write to ${table} keeps ${name} up to date for nothing (${Math.ceil(index.bytes / 1024)} KiB).`,
    impact: 'Slower writes, more memory for the same cache hit ratio, longer vacuum and backups.',
    fix:
      index.kind === 'I'
        ? script(
            note`on a partitioned table this has no concurrent form: it locks the table and its partitions for a moment`,
            sql`drop index ${[index.schema, index.name]}`,
          )
        : script(sql`drop index concurrently ${[index.schema, index.name]}`),
    severity: isSame ? 'medium' : 'low',
    fingerprint: fingerprint('duplicate-index', index.schema, index.name, other.name),
  };
}
