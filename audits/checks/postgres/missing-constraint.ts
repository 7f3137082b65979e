import { defineCheck, fingerprint } from '../../src/check.ts';
import type { CheckContext, Finding } from '../../src/check.ts';
import { promisedForeignKeys, promisedNotNull, promisedUniques, rowRules } from '../../src/postgres/model.ts';
import type { PromisedConstraint, PromisedUnique, RowRule } from '../../src/postgres/model.ts';

const offendersShownMax = 5;

interface Live {
  constraints: Map<string, { table: string; is_valid: boolean; is_foreign_key: boolean }>;
  uniques: Set<string>;
  nullable: Set<string>;
  tables: Set<string>;
}

type Query = CheckContext['db']['query'];

const constraints = `
  select conname as name, conrelid::regclass::text as table, convalidated as is_valid, contype = 'f' as is_foreign_key
  from pg_constraint where contype in ('f', 'c') and connamespace = 'public'::regnamespace`;

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
  async run({ db }) {
    const findings = await db.readOnly(async (query) => {
      const live = await readLive(query);
      return [
        ...promisedForeignKeys.filter((one) => !live.constraints.has(one.name)).map(missingForeignKey),
        ...[...live.constraints].filter(([, one]) => !one.is_valid).map(([name, one]) => notValidated(name, one.table)),
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
  const rows = await query<{ name: string; table: string; is_valid: boolean; is_foreign_key: boolean }>(constraints);
  const attributes = await query<{ table: string; column: string; is_not_null: boolean }>(columns);
  return {
    constraints: new Map(rows.map((row) => [row.name, row])),
    uniques: new Set((await query<{ name: string }>(uniques)).map((row) => row.name)),
    nullable: new Set(attributes.filter((row) => !row.is_not_null).map((row) => `${row.table}.${row.column}`)),
    tables: new Set(attributes.map((row) => row.table)),
  };
}

function missingForeignKey(one: PromisedConstraint): Finding {
  return {
    subject: one.name,
    detail: `${one.table} has no foreign key ${one.name} (${one.definition}).`,
    location: `${one.table}, constraint ${one.name}`,
    risk: `Rows of ${one.table} can outlive what they belong to.`,
    impact: 'Lists and joins lose rows, or show rows that belong to nothing.',
    fix: `alter table ${one.table} add constraint ${one.name} ${one.definition} not valid;\nalter table ${one.table} validate constraint ${one.name};`,
    severity: 'critical',
    fingerprint: fingerprint('missing-constraint', one.name),
  };
}

function notValidated(name: string, table: string): Finding {
  return {
    subject: name,
    detail: `The constraint ${name} on ${table} was added as not valid and never validated: older rows may break it.`,
    location: `${table}, constraint ${name}`,
    risk: 'The rule holds for new rows only, and the planner does not trust it.',
    impact: 'Old rows that break it surface later, in code that relies on the rule.',
    fix: `alter table ${table} validate constraint ${name};`,
    severity: 'medium',
    fingerprint: fingerprint('not-validated', table, name),
  };
}

function missingUnique(one: PromisedUnique): Finding {
  return {
    subject: one.name,
    detail: `${one.table} has no valid unique index ${one.name} (${one.columns}): nothing holds "${one.rule}".`,
    location: `${one.table}, index ${one.name}`,
    risk: 'Two requests at the same time both succeed where only one may.',
    impact: `Duplicates in ${one.table}; sign-in or look-up by ${one.columns} meets two rows.`,
    fix: `create unique index concurrently ${one.name} on ${one.table} (${one.columns})${one.where === undefined ? '' : ` where ${one.where}`};`,
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
        fix: `alter table ${table} add constraint ${table}_${column}_present check (${column} is not null) not valid;\nalter table ${table} validate constraint ${table}_${column}_present;\nalter table ${table} alter column ${column} set not null;\nalter table ${table} drop constraint ${table}_${column}_present;`,
        fingerprint: fingerprint('nullable', table, column),
      }));
  });
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
