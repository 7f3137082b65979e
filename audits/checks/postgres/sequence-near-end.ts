import { note, quoteIdentifier, script, sql } from '@sanctum/migrations/sql-text';
import type { SqlText } from '@sanctum/migrations/sql-text';
import { defineCheck, fingerprint } from '../../src/check.ts';
import type { CheckResult, Finding } from '../../src/check.ts';
import { tableLabel } from '../../src/postgres/scope.ts';
import { heldColumns, integerRank } from '../../src/postgres/column-types.ts';
import { isNearEnd, readSequences, usedShareCritical } from '../../src/postgres/sequences.ts';
import type { SequenceUse } from '../../src/postgres/sequences.ts';

const shownMax = 5;

export default defineCheck({
  id: 'postgres/sequence-near-end',
  title: 'Sequence near its end',
  area: 'scale',
  severity: 'high',
  needs: ['database'],
  requirements: ['DB-08'],
  timeoutMs: 10_000,
  mayBeEmpty: 'A database without a sequence has none that ends.',
  async run(ctx) {
    const perSequence = [...Map.groupBy(await readSequences(ctx), (use) => use.oid).values()];
    const isHeld = await heldColumns(ctx.db, perSequence.flat().filter(isNearEnd));
    const findings = perSequence.flatMap((uses) => {
      const worst = uses.find(isNearEnd);
      return worst === undefined ? [] : [finding(worst, uses, isHeld)];
    });
    return {
      examined: perSequence.length,
      findings,
      ...unreadable(perSequence.map(([first]) => first).filter((use) => use?.is_readable === false)),
    };
  },
});

function unreadable(uses: readonly (SequenceUse | undefined)[]): Pick<CheckResult, 'notLooked'> {
  const names = uses.flatMap((use) => (use === undefined ? [] : [tableLabel(use.schema, use.name)]));
  if (names.length === 0) return {};
  const more = names.length > shownMax ? ` and ${names.length - shownMax} more` : '';
  const schemas = [...new Set(uses.flatMap((use) => (use === undefined ? [] : [use.schema])))];
  return {
    notLooked: {
      message: `The last value of ${names.slice(0, shownMax).join(', ')}${more} may not be read by this user.`,
      fix: script(
        note`as the owner of the sequences; put the audit's user in place of pg_monitor`,
        ...schemas.map((schema) => sql`grant select on all sequences in schema ${schema} to pg_monitor`),
      ),
    },
  };
}

function finding(worst: SequenceUse, uses: readonly SequenceUse[], isHeld: (use: SequenceUse) => boolean): Finding {
  const name = tableLabel(worst.schema, worst.name);
  const table = worst.table === null ? null : tableLabel(worst.table_schema ?? '', worst.table);
  const subject = table === null ? name : `${table}.${quoteIdentifier(worst.column ?? '')}`;
  return {
    subject,
    detail: `${name} is at ${worst.last_value} of ${worst.limit}: ${(worst.used * 100).toFixed(1)} % is used${uses.length > 1 ? `; it feeds ${uses.length} columns` : ''}.`,
    location: `${name} (sequence)`,
    risk: `At its end every new row of ${table ?? 'the tables that use it'} fails with "reached maximum value", "out of range" or a duplicate key.`,
    impact: `Nothing new can be written to ${table ?? 'them'} until the type is changed, and that rewrites the table while nobody can use it.`,
    fix: fix(worst, uses, isHeld),
    severity: worst.used >= usedShareCritical ? 'critical' : 'high',
    fingerprint: fingerprint('sequence-near-end', worst.schema, worst.name),
  };
}

function fix(worst: SequenceUse, uses: readonly SequenceUse[], isHeldColumn: (use: SequenceUse) => boolean): string {
  const name = [worst.schema, worst.name];
  const narrow = uses.filter((use) => isNearEnd(use) && use.column !== null && (integerRank(use.column_type ?? '') ?? 0) < 3);
  const columns = narrow.flatMap((use): SqlText[] => {
    if (isHeldColumn(use) || integerRank(use.column_type ?? '') === undefined) {
      return [
        note`something holds the type of the column (a view, a domain, a partition key, a parent table): widen that in steps, by a new column`,
      ];
    }
    return [
      note`rewrites the table under an exclusive lock: choose a quiet hour, or copy into a new column in steps`,
      sql`alter table ${[use.table_schema ?? '', use.table ?? '']} alter column ${use.column ?? ''} type bigint`,
    ];
  });
  const isHeld = narrow.some((use) => isHeldColumn(use) || integerRank(use.column_type ?? '') === undefined);
  const end = worst.increment > 0 ? sql`maxvalue ${9223372036854775807n}` : sql`minvalue ${-9223372036854775808n}`;
  const widen = sql`alter sequence ${name} as bigint ${end}${worst.is_cycling ? sql` no cycle` : sql``}`;
  return script(...columns, ...(isHeld ? [] : [widen]));
}
