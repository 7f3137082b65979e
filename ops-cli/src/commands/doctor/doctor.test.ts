import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createPaint } from '../../output.ts';
import { repositoryRoot, stackHome } from '../../stack/home.ts';
import { defineCause, pageOf } from './cause.ts';
import type { CauseDeclaration, Found } from './cause.ts';
import { diagnose, exitCodeOf, withFlags } from './diagnose.ts';
import { renderDoctor } from './doctor.screen.ts';
import { probe } from './look.ts';
import type { Look } from './look.ts';
import { milliseconds } from './milliseconds.ts';
import { loadCauses } from './registry.ts';
import { resetStatements } from './setting-statements.ts';
import { shellWord } from './shell-word.ts';

const look = (part: Partial<Look> = {}): Look => ({
  sight: { isLocal: true, home: stackHome({ SANCTUM_HOME: '/nowhere' }), addresses: {} },
  looked: ['machine'],
  blind: [],
  ...part,
});

const cause = (id: string, found: Partial<Found>, explains: readonly string[] = []): CauseDeclaration =>
  defineCause({ id, title: id, explains, judge: () => ({ confidence: 0.5, evidence: ['seen'], next: 'do it', ...found }) });

test('the likeliest cause comes first and carries its page', () => {
  const { diagnosis } = diagnose(look(), [cause('small', { confidence: 0.2 }), cause('large', { confidence: 0.9 })], {});
  expect(diagnosis.causes.map((found) => found.id)).toEqual(['large', 'small']);
  expect(diagnosis.causes[0]?.runbook).toBe('runbooks/causes/large.md');
  expect(exitCodeOf(diagnosis)).toBe(1);
});

test('what only follows from another cause is left out', () => {
  const { diagnosis } = diagnose(look(), [cause('symptom', { confidence: 0.9 }), cause('root', { confidence: 0.3 }, ['symptom'])], {});
  expect(diagnosis.causes.map((found) => found.id)).toEqual(['root']);
});

test('no cause explains itself away: every chain of explanations ends', async () => {
  const causes = await loadCauses();
  const known = new Map(causes.map((one) => [one.id, one]));
  expect(causes.length).toBeGreaterThan(40);
  for (const one of causes) {
    expect(
      (one.explains ?? []).filter((id) => !known.has(id)),
      `${one.id} explains causes that do not exist`,
    ).toEqual([]);
    const back = (one.explains ?? []).filter((id) => known.get(id)?.explains?.includes(one.id));
    expect(back, `${one.id} and these explain each other: both would vanish`).toEqual([]);
  }
});

test('a part that could not be looked at is said, and is never healthy', () => {
  const { diagnosis } = diagnose(look({ blind: [{ name: 'Redis', reason: 'no eyes' }] }), [], {});
  expect(diagnosis.healthy).toBe(false);
  expect(exitCodeOf(diagnosis)).toBe(3);
  expect(renderDoctor(diagnosis, createPaint(false))).toContain('could not look at Redis: no eyes');
});

test('nothing to look at is not healthy', () => {
  const { diagnosis } = diagnose(look({ looked: [] }), [], {});
  expect(exitCodeOf(diagnosis)).toBe(3);
});

test('a probe that throws or takes too long is named', async () => {
  const bench = { looked: [], blind: [], timeoutMs: 30 };
  await probe(bench, 'broken', async () => Promise.reject(new Error('no eyes')));
  await probe(bench, 'slow', () => new Promise<never>(() => undefined));
  expect(await probe(bench, 'fine', async () => 1)).toBe(1);
  expect(bench).toMatchObject({ looked: ['fine'], blind: [{ name: 'broken' }, { name: 'slow' }] });
});

test('what to type next about a system elsewhere names that system, and never its password', () => {
  const elsewhere = look({ sight: { ...look().sight, isLocal: false } });
  const cured = cause('curable', { cure: { does: [], run: async () => undefined } });
  const next = (options: Parameters<typeof diagnose>[2]) => diagnose(elsewhere, [cured], options).diagnosis.causes[0]?.next;
  expect(next({ target: 'staging' })).toBe('npx sanctum-ops doctor --cure curable --yes --target staging');
  expect(next({ databaseUrl: 'postgres://me:secret@db/x' })).toBe(
    'npx sanctum-ops doctor --cure curable --yes --database-url "$DATABASE_URL"',
  );
  expect(withFlags('npx sanctum-ops migrate up', ' --database-url "$DATABASE_URL" --redis-url "$REDIS_URL"')).toBe(
    'npx sanctum-ops migrate up --database-url "$DATABASE_URL"',
  );
  expect(withFlags('kill 1', ' --target staging')).toBe('kill 1');
});

test('text from outside cannot move the cursor or hide a line', () => {
  const hostile = cause('hostile', { evidence: ['name\u001b[2J\u202e\r'] });
  const text = renderDoctor(diagnose(look(), [hostile], {}).diagnosis, createPaint(false));
  expect(text).toContain('name\\u{1b}[2J\\u{202e}\\r');
});

test('every cause has its page in the house form, and every page its cause', async () => {
  const causes = await loadCauses();
  const pages = readdirSync(join(repositoryRoot, 'runbooks/causes'));
  expect(pages.toSorted()).toEqual(causes.map(({ id }) => `${id}.md`).toSorted());
  for (const { id } of causes) {
    const page = readFileSync(join(repositoryRoot, pageOf(id)), 'utf8');
    expect(page, id).toMatch(
      new RegExp(`^# ${id}\n\n## Meaning\n[\\s\\S]+\n## Impact\n[\\s\\S]+\n## Diagnosis\n\`\`\`sh\n[\\s\\S]+\n## Mitigation\n`),
    );
  }
  expect(existsSync(join(repositoryRoot, pageOf('overload')))).toBe(true);
});

test('overload is never told to stop and start', async () => {
  const page = readFileSync(join(repositoryRoot, pageOf('overload')), 'utf8');
  const overload = (await loadCauses()).find(({ id }) => id === 'overload');
  const load = { seconds: 1, shed: 12, requests: 40, waiting: 3, loopDelayMs: 700 };
  const platform = {
    url: 'http://127.0.0.1:1',
    run: undefined,
    logFile: undefined,
    process: 'unknown' as const,
    healthMs: 3_000,
    silence: undefined,
    clockOffByMs: 0,
    readiness: { status: 503, body: {} },
    cpuShare: 0.9,
    load,
    recentErrors: [],
  };
  const found = overload?.judge({ ...look().sight, platform });
  expect(found?.evidence.length).toBeGreaterThan(3);
  expect(`${found?.next} ${page}`).not.toMatch(/sanctum-ops (down|up)|make (down|up)/);
});

test('durations are read as PostgreSQL writes them', () => {
  expect(['5ms', '5', '2min', '1 h', "'30s'", '0'].map(milliseconds)).toEqual([5, 5, 120_000, 3_600_000, 30_000, 0]);
  expect(milliseconds('soon')).toBeNaN();
});

test('a setting is taken back from whom it was given', () => {
  expect(resetStatements({ name: 'statement_timeout', owner: 'alter role "a b"' })).toEqual(['alter role "a b" reset statement_timeout']);
  expect(resetStatements({ name: 'default_transaction_read_only', owner: 'alter system' })[0]).toBe(
    'alter system set default_transaction_read_only = off',
  );
});

test('paths that are pasted are one word', () => {
  expect(shellWord('/a/b-c.d')).toBe('/a/b-c.d');
  expect(shellWord("/a b/it's")).toBe("'/a b/it'\\''s'");
});
