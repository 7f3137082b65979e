import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/harness/test-database.ts';
import type { Me } from '../users/users.schema.ts';
import { createAccessTokens } from './access-tokens.ts';
import { createRefreshTokens } from './refresh-tokens.ts';
import { createSessions, type Sessions } from './sessions.service.ts';

const schedules = 60;
const device = { userAgent: 'test', address: '127.0.0.1' };
let database: TestDatabase;
let sessions: Sessions;
let user: Me;

beforeAll(async () => {
  database = await createTestDatabase();
  sessions = createSessions({
    db: database.db,
    accessTokens: createAccessTokens({ key: randomBytes(32), lifetimeSeconds: 600 }),
    refreshTokens: createRefreshTokens({ key: randomBytes(32) }),
    events: { announce: () => {} },
    lifetimeSeconds: 3600,
  });
  const { rows } = await database.client.query<{ id: string }>(
    `insert into users (username, email, password_hash, display_name) values ('tabs', 'tabs@example.org', '', 'Tabs') returning id`,
  );
  user = {
    id: rows[0]?.id ?? '',
    username: 'tabs',
    displayName: 'Tabs',
    email: 'tabs@example.org',
    bio: '',
    role: 'user',
    createdAt: new Date().toISOString(),
  };
});
afterAll(() => database.close());

function age(seconds: number) {
  return database.client.query(`update sessions set rotated_at = rotated_at - make_interval(secs => $1) where revoked_at is null`, [
    seconds,
  ]);
}

/** Refreshes of a browser between two expiries: how many at once, in waves; whether a wave's responses reach the jar. */
const wave = fc.record({ tabs: fc.integer({ min: 1, max: 4 }), lost: fc.boolean() });
const expiries = fc.array(fc.array(wave, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 3 });

test('racing tabs on a real database stay signed in, and a token stolen from them works for nobody once it is old', async () => {
  let rotations = 0;
  await fc.assert(
    fc.asyncProperty(expiries, async (schedule) => {
      const opened = (await sessions.open(database.db, user, '', device)) ?? expect.fail('the session was not opened');
      let jar = opened.refreshToken;
      for (const waves of schedule) {
        for (const [index, { tabs, lost }] of waves.entries()) {
          const answers = await Promise.all(Array.from({ length: tabs }, () => sessions.refresh(jar, 'cookie', device)));
          const next = new Set(answers.map((answer) => answer.refreshToken));
          expect(next.size).toBe(1);
          if (!lost || index === waves.length - 1) [jar = ''] = next;
        }
        rotations += 1;
        await age(11);
      }
      await sessions.refresh(jar, 'cookie', device);
      await age(11);
      await expect(sessions.refresh(opened.refreshToken, 'cookie', device)).rejects.toMatchObject({ code: 'auth.refresh_reused' });
      await expect(sessions.refresh(jar, 'cookie', device)).rejects.toMatchObject({ code: 'auth.refresh_reused' });
    }),
    { numRuns: schedules, seed: 20_261_122 },
  );
  expect(rotations).toBeGreaterThanOrEqual(schedules);
});
