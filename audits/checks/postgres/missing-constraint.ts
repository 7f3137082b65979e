import { script, sql } from '@sanctum/migrations/sql-text';
import { defineCheck, fingerprint } from '../../src/check.ts';
import type { CheckContext, Finding } from '../../src/check.ts';
import { foreignDatabase } from '../../src/postgres/catalogue.ts';
import { promisedForeignKeys, promisedNotNull, promisedUniques, rowRules } from '../../src/postgres/model.ts';
import type { PromisedConstraint, PromisedUnique, RowRule } from '../../src/postgres/model.ts';

const offendersShownMax = 5;

interface Live {
  constraints: Set<string>;
  uniques: Set<string>;
  nullable: Set<string>;
  tables: Set<string>;
}

type Query = CheckContext['db']['query'];

const constraints = `
  select c.conname as name, t.relname as table
  from pg_constraint c join pg_class t on t.oid = c.conrelid
  where c.contype = 'f' and c.connamespace = 'public'::regnamespace`;

const uniques = `
  select c.relname as name from pg_index i join pg_class c on c.oid = i.indexrelid
  where i.indisunique and i.indisvalid and c.relnamespace = 'public'::regnamespace`;

const columns = `
  select t.relname as table, a.attname as column, a.attnotnull as is_not_null
  from pg_attribute a join pg_class t on t.oid = a.attrelid
  where t.relnamespace = 'public'::regnamespace and t.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped`;

export default defineCheck({
  id: 'postgres/missing-constraint',
  title: 'Rule of the model that the database does not hold',
  area: 'critical-paths',
  severity: 'high',
  needs: ['database'],
  requirements: ['DB-06', 'DB-08'],
  timeoutMs: 20_000,
  async run(ctx) {
    const notApplicable = await foreignDatabase(ctx);
    if (notApplicable !== undefined) return { examined: 0, findings: [], notApplicable };
    const { db } = ctx;
    const findings = await db.readOnly(async (query) => {
      const live = await readLive(query);
      return [
        ...promisedForeignKeys.filter((one) => !live.constraints.has(`${one.table}.${one.name}`)).map(missingForeignKey),
        ...promisedUniques.filter((one) => !live.uniques.has(one.name)).map(missingUnique),
        ...nullableFindings(live),
        ...(await brokenRules(query, live)),
      ];
    });
    const notNull = Object.values(promisedNotNull).flat().length;
    return { examined: promisedForeignKeys.length + promisedUniques.length + notNull + rowRules.length, findings };
  },
});

async function readLive(query: Query): Promise<Live> {
  const rows = await query<{ name: string; table: string }>(constraints);
  const attributes = await query<{ table: string; column: string; is_not_null: boolean }>(columns);
  return {
    constraints: new Set(rows.map((row) => `${row.table}.${row.name}`)),
    uniques: new Set((await query<{ name: string }>(uniques)).map((row) => row.name)),
    nullable: new Set(attributes.filter((row) => !row.is_not_null).map((row) => `${row.table}.${row.column}`)),
    tables: new Set(attributes.map((row) => row.table)),
  };
}

function missingForeignKey(one: PromisedConstraint): Finding {
  return {
    subject: one.name,
    detail: `${one.table} has no foreign key ${one.name} (${one.definition.text}).`,
    location: `${one.table}, constraint ${one.name}`,
    risk: `Rows of ${one.table} can outlive what they belong to.`,
    impact: 'Lists and joins lose rows, or show rows that belong to nothing.',
    fix: script(
      sql`alter table ${['public', one.table]} add constraint ${one.name} ${one.definition} not valid`,
      sql`alter table ${['public', one.table]} validate constraint ${one.name}`,
    ),
    severity: 'critical',
    fingerprint: fingerprint('missing-constraint', one.name),
  };
}

function missingUnique(one: PromisedUnique): Finding {
  return {
    subject: one.name,
    detail: `${one.table} has no valid unique index ${one.name} (${one.columns.text}): nothing holds "${one.rule}".`,
    location: `${one.table}, index ${one.name}`,
    risk: 'Two requests at the same time both succeed where only one may.',
    impact: `Duplicates in ${one.table}; sign-in or look-up by ${one.columns.text} meets two rows.`,
    fix: script(
      sql`create unique index concurrently ${one.name} on ${['public', one.table]} (${one.columns})${one.where === undefined ? sql`` : sql` where ${one.where}`}`,
    ),
    severity: 'critical',
    fingerprint: fingerprint('missing-constraint', one.name),
  };
}

function nullableFindings({ nullable, tables }: Live): Finding[] {
  return Object.entries(promisedNotNull).flatMap(([table, names]) => {
    if (!tables.has(table)) return [missingTable(table)];
    return names
      .filter((column) => nullable.has(`${table}.${column}`))
      .map((column) => ({
        subject: `${table}.${column}`,
        detail: `${table}.${column} may be null, and the code relies on it having a value.`,
        location: `${table}.${column}`,
        risk: 'One row without the value is enough to break every list that holds it.',
        impact: 'Answers with status 500 for everyone whose page holds such a row.',
        fix: presentFix(['public', table], column),
        fingerprint: fingerprint('nullable', table, column),
      }));
  });
}

function presentFix(table: readonly string[], column: string): string {
  const constraint = `${column}_present`;
  return script(
    sql`alter table ${table} add constraint ${constraint} check (${column} is not null) not valid`,
    sql`alter table ${table} validate constraint ${constraint}`,
    sql`alter table ${table} alter column ${column} set not null`,
    sql`alter table ${table} drop constraint ${constraint}`,
  );
}

function missingTable(table: string): Finding {
  return {
    subject: table,
    detail: `The table ${table} does not exist.`,
    location: `${table} (table)`,
    risk: 'This database is empty, older than the code, or not ours.',
    impact: `Everything that reads ${table} fails.`,
    fix: 'npx sanctum-ops migrate status, then npx sanctum-ops migrate up',
    severity: 'critical',
    fingerprint: fingerprint('missing-table', table),
  };
}

async function brokenRules(query: Query, { tables }: Live): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const rule of rowRules.filter((one) => tables.has(one.table))) {
    const offenders = await query<{ key: string }>(`${rule.offenders} limit ${offendersShownMax}`);
    if (offenders.length > 0)
      findings.push(
        brokenRule(
          rule,
          offenders.map((row) => row.key),
        ),
      );
  }
  return findings;
}

function brokenRule(rule: RowRule, keys: readonly string[]): Finding {
  const shown = keys.length === offendersShownMax ? `${keys.join(', ')} and perhaps more` : keys.join(', ');
  return {
    subject: rule.name,
    detail: `Rows of ${rule.table} break the rule that ${rule.rule}: ${shown}.`,
    location: `${rule.table} (rows)`,
    risk: 'Something wrote past the service that keeps the rule, or failed half way.',
    impact: 'The rows concerned are missing from lists, or cannot be managed by anyone.',
    fix: rule.fix,
    fingerprint: fingerprint('row-rule', rule.name),
  };
}
