import { quoteIdentifier, script, sql } from '@sanctum/migrations/sql-text';
import { defineCheck, fingerprint } from '../../src/check.ts';
import type { Finding } from '../../src/check.ts';
import { ownSchemas, tableLabel } from '../../src/postgres/scope.ts';

interface Constraint {
  schema: string;
  table: string;
  name: string;
  kind: string;
  is_valid: boolean;
  /** `not enforced` is a decision that validation cannot undo. */
  is_enforced: boolean;
  /** A partition's copy is validated with the constraint of its parent. */
  is_inherited: boolean;
}

// A domain's constraint has no table; what it is on stands in its place. PostgreSQL 18 added "not enforced" and
// "not null … not valid": to_jsonb reads the first on servers that do not know it.
const constraints = `
  select n.nspname as schema, coalesce(t.relname, y.typname) as table, c.conname as name,
         case when c.contypid <> 0 then 'domain' else c.contype::text end as kind, c.convalidated as is_valid,
         coalesce((to_jsonb(c)->>'conenforced')::bool, true) as is_enforced,
         (c.conparentid <> 0 or not c.conislocal and c.contypid = 0) as is_inherited
  from pg_constraint c
  join pg_namespace n on n.oid = c.connamespace
  left join pg_class t on t.oid = c.conrelid
  left join pg_type y on y.oid = c.contypid
  where c.contype in ('f', 'c', 'n') and ${ownSchemas}
  order by 1, 2, 3`;

const kinds: Readonly<Record<string, string>> = { f: 'foreign key', c: 'check', n: 'not null constraint', domain: 'check of the domain' };

export default defineCheck({
  id: 'postgres/constraint-not-valid',
  title: 'Constraint that was never validated',
  area: 'critical-paths',
  severity: 'medium',
  needs: ['database'],
  requirements: ['DB-06', 'DB-08'],
  timeoutMs: 10_000,
  mayBeEmpty: 'A database without a constraint has none that is not valid.',
  async run({ db }) {
    const all = await db.query<Constraint>(constraints);
    const findings = all.filter((one) => !one.is_valid && one.is_enforced && !one.is_inherited).map(finding);
    return { examined: all.length, findings };
  },
});

function finding(one: Constraint): Finding {
  const on = tableLabel(one.schema, one.table);
  const name = quoteIdentifier(one.name);
  const isDomain = one.kind === 'domain';
  return {
    subject: `${on}, ${name}`,
    detail: `The ${kinds[one.kind] ?? 'constraint'} ${name} on ${on} was added as not valid and never validated: older rows may break it.`,
    location: `${on}, constraint ${name}`,
    risk: 'The rule holds for new rows only, and the planner does not trust it.',
    impact: 'Old rows that break it surface later, in code that relies on the rule.',
    fix: script(
      isDomain
        ? sql`alter domain ${[one.schema, one.table]} validate constraint ${one.name}`
        : sql`alter table ${[one.schema, one.table]} validate constraint ${one.name}`,
    ),
    fingerprint: fingerprint('not-validated', one.schema, one.table, one.name),
  };
}
