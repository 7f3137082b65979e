import { expect, test } from 'vitest';
import { CouldNotLook, defineCheck } from './check.ts';
import type { Check, CheckContext, CheckResult } from './check.ts';
import { createFinding } from '../test/reports.ts';
import { runAll, runCheck } from './runner.ts';
import { createTargets } from './targets/targets.ts';
import { noWaivers, parseWaivers } from './waivers.ts';

const now = new Date('2026-06-15T12:00:00Z');
const root = new URL('../../', import.meta.url).pathname;

function checkThat(run: (ctx: CheckContext) => Promise<CheckResult>, part: Partial<Check> = {}): Check {
  return defineCheck({
    id: 'planted/condition',
    title: 'Planted',
    area: 'scale',
    severity: 'high',
    needs: ['repository'],
    requirements: [],
    timeoutMs: 2_000,
    run,
    ...part,
  });
}

const bench = { targets: createTargets({ root }), waivers: noWaivers, now };
const { severity: _severity, waived: _waived, ...plain } = createFinding();

test('a check that looked and found nothing passes', async () => {
  expect(
    await runCheck(
      checkThat(async () => ({ examined: 2, findings: [] })),
      bench,
    ),
  ).toMatchObject({ outcome: 'pass', examined: 2 });
});

test("a finding takes its check's severity unless it has its own", async () => {
  const report = await runCheck(
    checkThat(async () => ({ examined: 1, findings: [plain, { ...plain, subject: 'worse', severity: 'critical' }] })),
    bench,
  );
  expect(report).toMatchObject({ outcome: 'fail', findings: [{ subject: 'worse', severity: 'critical' }, { severity: 'high' }] });
});

test('nothing examined is an error, unless the check says why that may be', async () => {
  const empty = async () => ({ examined: 0, findings: [] });
  expect(await runCheck(checkThat(empty), bench)).toMatchObject({ outcome: 'error' });
  expect(await runCheck(checkThat(empty, { mayBeEmpty: 'A new house has none.' }), bench)).toMatchObject({ outcome: 'pass' });
});

test('a check that throws, synchronously too, is an error with its message', async () => {
  const broken = checkThat(() => {
    throw new Error('planted fault');
  });
  expect(await runCheck(broken, bench)).toMatchObject({ outcome: 'error', error: { message: 'planted fault' } });
});

test('a check that could not look hands over its fix', async () => {
  const blind = checkThat(async () => {
    throw new CouldNotLook('It is dark.', { fix: 'Light a lamp.' });
  });
  expect(await runCheck(blind, bench)).toMatchObject({ outcome: 'error', error: { message: 'It is dark.', fix: 'Light a lamp.' } });
});

test('a check that looked at a part reports its findings and is an error', async () => {
  const partly = checkThat(async () => ({ examined: 1, findings: [plain], notLooked: { message: 'half', fix: 'the rest' } }));
  expect(await runCheck(partly, bench)).toMatchObject({ outcome: 'error', error: { message: 'half' }, findings: [{ waived: false }] });
});

test('a check that never ends is stopped at its time limit and told by its signal', async () => {
  let told = false;
  const endless = checkThat(
    (ctx) =>
      new Promise(() => {
        ctx.signal.addEventListener('abort', () => {
          told = true;
        });
      }),
    { timeoutMs: 20 },
  );
  expect(await runCheck(endless, bench)).toMatchObject({ outcome: 'error', error: { message: 'It did not finish within 20 ms.' } });
  expect(told).toBe(true);
});

test('a review that is aborted ends its checks as errors', async () => {
  const report = await runCheck(
    checkThat(() => new Promise(() => {})),
    { ...bench, signal: AbortSignal.abort(new Error('interrupted')) },
  );
  expect(report).toMatchObject({ outcome: 'error', error: { message: 'interrupted' } });
});

test('a need that is not configured skips the check with its reason', async () => {
  const report = await runCheck(
    checkThat(async () => ({ examined: 1, findings: [] }), { needs: ['redis'] }),
    bench,
  );
  expect(report).toMatchObject({ outcome: 'skipped' });
  expect(report.reason).toContain('Redis is not configured');
});

test.each([
  ['database', { databaseUrl: 'postgres://nobody@127.0.0.1:1/none' }, 'sanctum-ops up'],
  ['redis', { redisUrl: 'redis://127.0.0.1:1' }, 'REDIS_URL'],
  ['http', { baseUrl: 'http://127.0.0.1:1' }, 'sanctum-ops up'],
  ['repository', { root: '/nowhere/at/all' }, '--root'],
] as const)('a %s that cannot be reached is an error with a fix, never a pass', async (need, options, fix) => {
  const targets = createTargets(options);
  const report = await runCheck(
    checkThat(async () => ({ examined: 1, findings: [] }), { needs: [need] }),
    { ...bench, targets },
  );
  expect(report.outcome).toBe('error');
  expect(report.error?.fix).toContain(fix);
  await targets.close();
});

test('a password in a URL reaches neither labels nor messages', async () => {
  const targets = createTargets({
    databaseUrl: 'postgres://ada:planted-password@127.0.0.1:1/none',
    redisUrl: 'redis://:planted-password@127.0.0.1:1',
  });
  const reports = await runAll(
    [
      checkThat(async () => ({ examined: 1, findings: [] }), { needs: ['database'] }),
      checkThat(async () => ({ examined: 1, findings: [] }), { id: 'planted/other', needs: ['redis'] }),
    ],
    { ...bench, targets },
  );
  expect(reports.map((report) => report.outcome)).toEqual(['error', 'error']);
  expect(JSON.stringify([reports, targets.labels])).not.toContain('planted-password');
  await targets.close();
});

test('a check that uses what it did not declare is an error', async () => {
  const report = await runCheck(
    checkThat(async (ctx) => ({ examined: (await ctx.db.query('select 1')).length, findings: [] })),
    bench,
  );
  expect(report.error?.message).toContain('does not declare the need "database"');
});

test('a waived finding does not fail its check and carries its waiver', async () => {
  const text = `schema: sanctum.waivers/1\nwaivers:\n  - check: planted/condition\n    fingerprint: '${plain.fingerprint}'\n    owner: ada\n    reason: It goes with the next release.\n    expires: 2026-07-01\n`;
  const report = await runCheck(
    checkThat(async () => ({ examined: 1, findings: [plain] })),
    { ...bench, waivers: parseWaivers(text, now) },
  );
  expect(report).toMatchObject({ outcome: 'pass', findings: [{ waived: true, waiver: { owner: 'ada', expires: '2026-07-01' } }] });
});

test('no more checks run at a time than allowed, and a last one sees what the others found', async () => {
  let running = 0;
  let most = 0;
  const busy = (id: string) =>
    checkThat(
      async () => {
        running += 1;
        most = Math.max(most, running);
        await new Promise((resolve) => setImmediate(resolve));
        running -= 1;
        return { examined: 1, findings: [plain] };
      },
      { id },
    );
  const seen: string[] = [];
  const last = checkThat(
    async (ctx) => {
      seen.push(...ctx.earlier.map((one) => `${one.id} ${one.looked} ${one.findings.length}`));
      return { examined: 1, findings: [] };
    },
    { id: 'planted/last', runsLast: true },
  );
  const reports = await runAll([last, busy('planted/a'), busy('planted/b'), busy('planted/c')], { ...bench, concurrency: 2 });
  expect(most).toBe(2);
  expect(seen.toSorted()).toEqual(['planted/a true 1', 'planted/b true 1', 'planted/c true 1']);
  expect(reports.map((report) => report.id)).toEqual(['planted/last', 'planted/a', 'planted/b', 'planted/c']);
});
