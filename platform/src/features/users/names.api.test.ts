/** Names that stand for somebody: what is allowed, what is taken, what nobody may take. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApp, type SignedUpUser, type TestApp } from '../../../test/harness/test-app.ts';
import { isReservedName, lookOf } from './names.ts';

let host: TestApp;
let person: SignedUpUser;
let serial = 0;

beforeAll(async () => {
  host = await createTestApp({ environment: { RATE_LIMIT_FACTOR: '1000' } });
  person = await host.signUp('alice_and_bob');
});
afterAll(() => host.close());

async function register(username: string, displayName?: string): Promise<string> {
  const payload = { username, email: `n${(serial += 1)}@example.org`, password: 'walnut and brass 7', credentials: 'token', displayName };
  const response = await host.app.inject({ method: 'POST', url: '/api/auth/register', payload });
  return response.statusCode === 201 ? 'registered' : response.json().code;
}

async function found(name: string, title = 'T'): Promise<string> {
  const response = await host.app.inject({ method: 'POST', url: '/api/sanctums', headers: person.headers, payload: { name, title } });
  return response.statusCode === 201 ? 'founded' : response.json().code;
}

describe('a name', () => {
  test.each([
    ['Cyrillic letters', 'аdа_lоvе'],
    ['Greek letters', 'αda_love'],
    ['full width', 'ａｄａ'],
    ['a zero width space', 'ada\u200Blove'],
    ['a mark of direction', 'ada\u202Elove'],
    ['a letter with a mark', 'adá_love'],
    ['a dotless i', 'adım_love'],
    ['a sign for kelvin', '\u212Aeeper_x'],
    ['a newline at its end', 'ada_love\n'],
  ])('with %s is refused, for a person and for a sanctum', async (_, name) => {
    expect(await register(name)).toBe('request.invalid');
    expect(await found(name)).toBe('request.invalid');
  });

  test.each([
    ['Linus_T', ['1inus_t', 'IINUS_T', 'iinus_t', 'LINU5_T'], [true, true, true, false]],
    ['Momo', ['m0mo', 'rnomo', 'MOrnO', 'm_omo'], [true, true, true, false]],
    ['Wwwanda', ['vvwwanda', 'vvvvwanda'], [true, true]],
  ] as const)('that looks like %s is taken, and one that does not is free', async (name, others, taken) => {
    expect(await register(name)).toBe('registered');
    expect(await found(name)).toBe('founded');
    for (const [index, other] of others.entries()) {
      expect({ other, code: await register(other) }).toEqual({ other, code: taken[index] ? 'user.username_taken' : 'registered' });
      expect({ other, code: await found(other) }).toEqual({ other, code: taken[index] ? 'sanctum.name_taken' : 'founded' });
    }
  });

  test('of many that look alike and are wanted at once one is given', async () => {
    const answers = await Promise.all(['Colin_1', 'co1in_1', 'C0lin_l', 'coiin_i', 'COLIN_I'].map((name) => register(name)));
    expect(answers.toSorted()).toEqual(['registered', ...Array(4).fill('user.username_taken')]);
  });

  test('looks to the database as it looks here', async () => {
    const names = fc.sample(fc.stringMatching(/^[A-Za-z0-9_]{3,30}$/), { numRuns: 500, seed: 7 });
    names.push('rnrnvvvv', 'vvrn', 'O0oIi1lL', 'rrnn', 'vvv');
    const { rows } = await host.client.query<{ name: string; look: string }>(
      `select name, replace(replace(translate(lower(name), '01i', 'oll'), 'rn', 'm'), 'vv', 'w') as look from unnest($1::text[]) name`,
      [names],
    );
    expect(rows.length).toBe(names.length);
    for (const { name, look } of rows) expect({ name, look }).toEqual({ name, look: lookOf(name) });
    const { rows: indexes } = await host.client.query<{ definition: string }>(
      `select pg_get_indexdef(indexrelid) as definition from pg_index where indexrelid::regclass::text like 'idx_%_name_look_unique'`,
    );
    expect(indexes).toHaveLength(2);
    for (const { definition } of indexes)
      expect(definition).toMatch(
        /^CREATE UNIQUE INDEX .*replace\(replace\(translate\(lower\(\w+\), '01i'::text, 'oll'::text\), 'rn'::text, 'm'::text\), 'vv'::text, 'w'::text\)\)$/,
      );
  });
});

describe('a reserved name', () => {
  test.each([
    'admin',
    'Admin',
    'ADM1N',
    'adrnin',
    '_admin_',
    'a_d_m_i_n',
    'admin42',
    'm0derator',
    'Moderator_1',
    'support',
    'SANCTUM',
    'root',
    'api',
    'settings',
    'null',
  ])('%s is nobody, and no sanctum', async (name) => {
    expect(await register(name)).toBe('request.invalid');
    expect(await found(name)).toBe('request.invalid');
  });

  test.each(['administer_of_clay', 'modest', 'rooted', 'supporter', 'teammate', 'useful', 'homebrew', 'keeper', 'owner'])(
    '%s is free',
    (name) => {
      expect(isReservedName(name)).toBe(false);
    },
  );

  test('is every first word of an address, of the API and of the web app', () => {
    const router = readFileSync(join(import.meta.dirname, '../../../web/src/router.tsx'), 'utf8');
    const ofWeb = [...router.matchAll(/under\('\/([^/']*)/g)].map((match) => match[1] ?? '');
    const ofApi = host.app.routes.flatMap(({ url }) => [url.split('/')[1] ?? '', url.startsWith('/api/') ? (url.split('/')[2] ?? '') : '']);
    const words = [...new Set([...ofWeb, ...ofApi])]
      .map((word) => (word.split('.')[0] ?? '').replaceAll(/[^a-z]/gi, ''))
      .filter((word) => word.length >= 3);
    expect(words.length).toBeGreaterThan(15);
    expect(words.filter((word) => !isReservedName(word))).toEqual([]);
  });
});

test('a display name and a title of nothing that can be seen are refused, and tidied where something is left', async () => {
  for (const nothing of ['\u200B\u200B\u200B', '\u3164', '\u202E', '\u2800\u2800', '\u0301']) {
    expect(await register(`empty_${serial}`, nothing)).toBe('request.invalid');
    expect(await found(`empty_${serial}`, nothing)).toBe('request.invalid');
    const patch = await host.app.inject({ method: 'PATCH', url: '/api/me', headers: person.headers, payload: { displayName: nothing } });
    expect(patch.json().code).toBe('request.invalid');
  }
  const tidy = await host.app.inject({
    method: 'PATCH',
    url: '/api/me',
    headers: person.headers,
    payload: { displayName: 'The\u202E Keeper\u200B' },
  });
  expect(tidy.json().displayName).toBe('The Keeper');
});
