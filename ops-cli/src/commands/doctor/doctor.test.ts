import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { repositoryRoot } from '../../stack/home.ts';
import { createPaint } from '../../output.ts';
import { causeIds, causesPage } from './cause.ts';
import type { Cause } from './cause.ts';
import { diagnose, exitCodeOf, explainElsewhere, explainLocally } from './doctor.handler.ts';
import { renderDoctor } from './doctor.screen.ts';

const cause = (id: Cause['id'], confidence: number): Cause => ({ id, title: id, confidence, evidence: ['seen'], next: 'do it' });

test('the likeliest cause comes first and carries its page', async () => {
  const looks = [
    { name: 'one', run: async () => [cause('long-transaction', 0.5)] },
    { name: 'two', run: async () => [cause('disk-full', 0.97), cause('redis-stopped', 0.6)] },
  ];
  const diagnosis = await diagnose(looks, (causes) => causes);
  expect(diagnosis.causes.map((found) => found.id)).toEqual(['disk-full', 'redis-stopped', 'long-transaction']);
  expect(diagnosis.causes[0]?.runbook).toBe(`${causesPage}#disk-full`);
  expect(diagnosis.healthy).toBe(false);
  expect(exitCodeOf(diagnosis)).toBe(1);
});

test('a look that throws or takes too long is "could not look", never healthy', async () => {
  const looks = [
    { name: 'broken', run: async () => Promise.reject(new Error('no eyes')) },
    { name: 'slow', run: () => new Promise<never>(() => undefined) },
    { name: 'fine', run: async () => [] },
  ];
  const diagnosis = await diagnose(looks, (causes) => causes, 30);
  expect(diagnosis.couldNotLook.map((blind) => blind.name)).toEqual(['broken', 'slow']);
  expect(diagnosis).toMatchObject({ healthy: false, looked: ['fine'] });
  expect(exitCodeOf(diagnosis)).toBe(3);
});

test('nothing to look at is not healthy, and no exit code 0', async () => {
  const diagnosis = await diagnose([], (causes) => causes);
  expect(diagnosis.healthy).toBe(false);
  expect(exitCodeOf(diagnosis)).toBe(3);
});

test('what to type next about a system elsewhere names that system', () => {
  const pending = { ...cause('migrations-pending', 0.8), next: 'npx sanctum-ops migrate up' };
  const next = (options: Parameters<typeof explainElsewhere>[1]) => explainElsewhere([pending], options)[0]?.next;
  expect(next({ target: 'staging' })).toBe('npx sanctum-ops migrate up --target staging');
  expect(next({ databaseUrl: 'postgres://me:secret@db/x' })).toBe('npx sanctum-ops migrate up --database-url "$DATABASE_URL"');
  expect(next({})).toBe('npx sanctum-ops migrate up');
});

test('what only follows from a stopped database is left out', () => {
  const ids = (causes: readonly Cause[]) => explainLocally(causes).map((found) => found.id);
  expect(ids([cause('postgres-stopped', 0.9), cause('database-unreachable', 0.8)])).toEqual(['postgres-stopped']);
  expect(ids([cause('database-unreachable', 0.8)])).toEqual(['database-unreachable']);
  const ranked = explainLocally([cause('postgres-recovering', 0.85), cause('platform-not-ready', 0.65)]);
  expect(ranked.find((found) => found.id === 'platform-not-ready')?.confidence).toBe(0.3);
});

test('every cause has its heading in the page, and the page no heading without a cause', () => {
  const page = readFileSync(join(repositoryRoot, causesPage), 'utf8');
  const headings = [...page.matchAll(/^## (\S+)$/gm)].map((match) => match[1]);
  expect(headings.length).toBeGreaterThan(10);
  expect(new Set(headings)).toEqual(new Set(causeIds));
  expect(headings).toHaveLength(causeIds.length);
});

test('the screen shows evidence, the next command and what could not be looked at', async () => {
  const diagnosis = await diagnose(
    [
      { name: 'a', run: async () => [cause('disk-full', 0.97)] },
      { name: 'b', run: async () => Promise.reject(new Error('blind')) },
    ],
    (causes) => causes,
  );
  expect(renderDoctor(diagnosis, createPaint(false))).toBe(
    [
      '1. disk-full  97 % sure\n   seen\n   next  do it\n   page  runbooks/procedures/local-stack.md#disk-full',
      'could not look at b: blind',
      'looked at: a',
    ].join('\n\n'),
  );
});
