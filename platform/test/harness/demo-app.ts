/** The platform on the demo data, with its owner, who administers the site, and a visitor. */
import { expect } from 'vitest';
import { seedDemo } from '../../seed/seed.ts';
import { createTestApp, type SignedUpUser, type TestApp } from './test-app.ts';
import { createTestDatabase } from './test-database.ts';

export interface DemoApp {
  readonly test: TestApp;
  readonly keeper: SignedUpUser;
  readonly visitor: SignedUpUser;
  close(): Promise<void>;
}

const password = 'a long enough password';

export async function createDemoApp(): Promise<DemoApp> {
  // Before the platform starts, as a stack does it: an instance reads at its start who administers the site.
  const database = await createTestDatabase();
  await seedDemo({ databaseUrl: database.url, ownerPassword: password, log: () => {} });
  const test = await createTestApp({ database });
  const visitor = await test.signUp('visitor');
  const signedIn = await test.app.inject({
    method: 'POST',
    url: '/api/auth/sign-in',
    payload: { name: 'keeper', password, credentials: 'token' },
  });
  expect(signedIn.statusCode).toBe(200);
  const { accessToken, refreshToken, user } = signedIn.json();
  return {
    test,
    visitor,
    keeper: { headers: { authorization: `Bearer ${accessToken}` }, user, password, refreshToken },
    close: async () => {
      await test.close();
      await database.close();
    },
  };
}
