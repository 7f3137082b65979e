import { expect, test } from 'vitest';
import { createCheckReport, createFinding } from '../test/reports.ts';
import { exitCodeOf, judge, summarise } from './verdict.ts';

const passed = createCheckReport({ id: 'a/passed', outcome: 'pass', examined: 3 });
const failed = (severity: 'critical' | 'high' | 'medium' | 'low', waived = false) =>
  createCheckReport({
    id: `a/${severity}`,
    outcome: waived ? 'pass' : 'fail',
    examined: 1,
    findings: [createFinding({ severity, waived })],
  });
const blind = createCheckReport({ id: 'a/blind', outcome: 'error', error: { message: 'm', fix: 'f' } });
const skippedRedis = createCheckReport({ id: 'redis/x', outcome: 'skipped', needs: ['redis'] });
const skippedDatabase = createCheckReport({ id: 'postgres/x', outcome: 'skipped', needs: ['database'] });

test.each([
  ['all checks passed', [passed], 'GO'],
  ['an open critical finding', [passed, failed('critical')], 'NO_GO'],
  ['an open critical finding beside a check that could not look', [blind, failed('critical')], 'NO_GO'],
  ['a check that could not look beside an open high finding', [blind, failed('high')], 'INCONCLUSIVE'],
  ['an open high finding', [passed, failed('high')], 'CONDITIONAL_GO'],
  ['only smaller findings', [failed('medium'), failed('low')], 'GO'],
  ['a waived critical finding', [passed, failed('critical', true)], 'GO'],
  ['nothing at all', [], 'INCONCLUSIVE'],
  ['only checks of a Redis that is not configured', [skippedRedis], 'INCONCLUSIVE'],
  ['a Redis that is not configured beside checks that passed', [passed, skippedRedis], 'GO'],
  ['a database that is not configured', [passed, skippedDatabase], 'INCONCLUSIVE'],
  ['a check that is not required and could not look', [passed, { ...blind, required: false }], 'GO'],
  ['a critical finding of a check that could look only partly', [{ ...failed('critical'), outcome: 'error' as const }], 'NO_GO'],
])('%s gives its verdict', (_name, checks, verdict) => {
  expect(judge(checks).verdict).toBe(verdict);
});

test('the verdict names what decided it', () => {
  expect(judge([passed, failed('critical')]).because).toContain('a/critical');
  expect(judge([passed, blind]).because).toContain('a/blind');
});

test('the summary counts open findings by severity and the waived ones apart', () => {
  expect(summarise([failed('critical'), failed('high', true), failed('low'), blind, skippedRedis])).toEqual({
    critical: 1,
    high: 0,
    medium: 0,
    low: 1,
    waived: 1,
    errors: 1,
    skipped: 1,
  });
});

test('exit codes tell findings from blindness, and strict refuses a condition', () => {
  expect([exitCodeOf('GO'), exitCodeOf('CONDITIONAL_GO'), exitCodeOf('NO_GO'), exitCodeOf('INCONCLUSIVE')]).toEqual([0, 0, 1, 3]);
  expect(exitCodeOf('CONDITIONAL_GO', { strict: true })).toBe(1);
});
