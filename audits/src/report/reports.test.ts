import { expect, test } from 'vitest';
import { createCheckReport, createFinding, createReview } from '../../test/reports.ts';
import type { reviewDocument } from './json.ts';
import { renderJson } from './json.ts';
import { renderJunit } from './junit.ts';
import { renderMarkdown } from './markdown.ts';
import { renderSarif } from './sarif.ts';
import { renderText } from './text.ts';

const waiver = { owner: 'ada', reason: 'next release', expires: '2026-07-01' };
const review = createReview([
  createCheckReport({
    id: 'postgres/open',
    outcome: 'fail',
    findings: [createFinding({ severity: 'critical', detail: 'a <b> & "c" | d' })],
  }),
  createCheckReport({ id: 'postgres/waived', findings: [createFinding({ subject: 'waived_thing', waived: true, waiver })] }),
  createCheckReport({
    id: 'http/blind',
    area: 'security',
    outcome: 'error',
    error: { message: 'no answer', fix: 'start it' },
    examined: 0,
  }),
  createCheckReport({ id: 'redis/skipped', outcome: 'skipped', needs: ['redis'], reason: 'Redis is not configured', examined: 0 }),
  createCheckReport({ id: 'code/fine', area: 'tests', requirements: ['ARCH-01'], examined: 40 }),
]);

test('the JSON document has the fields of the contract', () => {
  const document = JSON.parse(renderJson(review)) as ReturnType<typeof reviewDocument>;
  expect(document).toMatchObject({
    schema: 'sanctum.review/1',
    verdict: 'NO_GO',
    summary: { critical: 1, high: 0, medium: 0, low: 0, waived: 1, errors: 1, skipped: 1 },
  });
  expect(document.checks[0]).toMatchObject({ id: 'postgres/open', outcome: 'fail', examined: 1, requirements: ['DB-01'] });
  expect(Object.keys(document.checks[0]?.findings[0] ?? {})).toEqual(
    expect.arrayContaining(['subject', 'detail', 'location', 'risk', 'impact', 'fix', 'fingerprint', 'waived']),
  );
});

test('the text names finding, place, risk, impact and fix, and ends with the verdict', () => {
  const text = renderText(review);
  for (const part of [
    'CRITICAL  posts.sanctum_id',
    'platform/src/a.ts:12',
    'It reads everything.',
    'Slow lists.',
    'create index concurrently a',
  ]) {
    expect(text).toContain(part);
  }
  expect(text).toContain('COULD NOT LOOK  no answer');
  expect(text).toContain('SKIPPED  Redis is not configured');
  expect(text.trimEnd().split('\n').at(-1)).toContain('NO-GO');
  expect(text).not.toContain('\u001b[');
  expect(renderText(review, { color: true })).toContain('\u001b[');
});

test('the Markdown report has every part of a readiness report', () => {
  const markdown = renderMarkdown(review);
  const parts = [...markdown.matchAll(/^## (.+)$/gm)].map((match) => match[1]);
  expect(parts).toEqual([
    'Executive summary',
    'Questions',
    'Critical findings',
    'High findings',
    'Medium findings',
    'Low findings',
    'Waived findings',
    'Not looked at',
    'Deployment checklist',
    'What to watch after the deploy',
    'Future improvements',
    'Every check',
  ]);
  for (const part of ['**Recommendation: NO-GO.**', '**Risk: CRITICAL**', 'Location: platform/src/a.ts:12', '- tests: the one check'])
    expect(markdown).toContain(part);
  expect(markdown).toMatch(/recover from Redis and database failures\? \| \*\*unknown\*\*/);
  expect(markdown).toContain('a \\<b\\> \\& "c" \\| d');
});

test('JUnit tells a finding from blindness and escapes foreign text', () => {
  const xml = renderJunit(review);
  expect(xml).toContain('tests="5" failures="1" errors="1" skipped="1"');
  expect(xml).toContain('a &lt;b&gt; &amp; &quot;c&quot;');
  expect(xml).toContain('<error message="no answer">start it</error>');
});

test('SARIF places findings and suppresses waived ones with their justification', () => {
  const [run] = (
    JSON.parse(renderSarif(review)) as { runs: { results: Record<string, unknown>[]; invocations: { executionSuccessful: boolean }[] }[] }
  ).runs;
  expect(run?.results[0]).toMatchObject({
    ruleId: 'postgres/open',
    level: 'error',
    locations: [{ physicalLocation: { artifactLocation: { uri: 'platform/src/a.ts' }, region: { startLine: 12 } } }],
  });
  expect(run?.results[0]).not.toHaveProperty('suppressions');
  expect(run?.results[1]).toMatchObject({ suppressions: [{ justification: 'next release (ada, until 2026-07-01)' }] });
  expect(run?.invocations[0]?.executionSuccessful).toBe(false);
});

test('checks that could not look for the same reason stand together, with the fix once', () => {
  const error = { message: 'postgresql db cannot be read.', fix: 'npx sanctum-ops up' };
  const text = renderText(
    createReview(['postgres/a', 'postgres/b'].map((id) => createCheckReport({ id, outcome: 'error', error, examined: 0 }))),
  );
  expect(text.match(/npx sanctum-ops up/g)).toHaveLength(1);
  expect(text).toContain('postgres/a, postgres/b');
});

test('on a narrow terminal prose is broken between words, what is to be pasted is not', () => {
  const long = createFinding({ risk: 'word '.repeat(40).trim(), fix: `create index ${'x'.repeat(100)};` });
  const narrow = createReview([createCheckReport({ outcome: 'fail', findings: [long] })]);
  const lines = renderText(narrow, { columns: 60 }).split('\n');
  const risk = lines.filter((line) => line.includes('word'));
  expect(risk.length).toBeGreaterThan(2);
  expect(Math.max(...risk.map((line) => line.length))).toBeLessThanOrEqual(60);
  expect(lines).toContain(`  fix:    create index ${'x'.repeat(100)};`);
  expect(
    renderText(narrow)
      .split('\n')
      .filter((line) => line.includes('word')),
  ).toHaveLength(1);
});
