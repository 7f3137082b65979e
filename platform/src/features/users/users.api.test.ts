import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestApp, type TestApp } from '../../../test/harness/test-app.ts';
import { waitUntil } from '../../../test/harness/wait-until.ts';
import { me, profile } from './users.schema.ts';

let host: TestApp;
beforeAll(async () => {
  host = await createTestApp();
});
afterAll(() => host.close());

const getProfile = (name: string, on = host) => on.app.inject({ url: `/api/users/${name}` });

test('a profile shows what everyone may know, and no more', async () => {
  await host.signUp('Visible');
  const response = await getProfile('vISIBLE');
  expect(response.statusCode).toBe(200);
  expect(profile.strict().parse(response.json())).toMatchObject({ username: 'Visible', bio: '' });
  expect(response.body).not.toContain('example.org');
});

test('a name that nobody had is found as soon as somebody registers it', async () => {
  expect((await getProfile('Newcomer')).json().code).toBe('user.not_found');
  await host.signUp('Newcomer');
  expect((await getProfile('Newcomer')).statusCode).toBe(200);
});

test('a change is seen at once here, and soon on another instance that had the old profile', async () => {
  const ada = await host.signUp('Ada');
  const second = await createTestApp({ database: host.database, store: host.store });
  try {
    expect((await getProfile('Ada', second)).json().bio).toBe('');
    const changed = await host.app.inject({
      method: 'PATCH',
      url: '/api/me',
      headers: ada.headers,
      payload: { bio: 'Engines', displayName: ' Ada L. ' },
    });
    expect(me.strict().parse(changed.json())).toMatchObject({ bio: 'Engines', displayName: 'Ada L.' });
    expect((await getProfile('Ada')).json()).toMatchObject({ bio: 'Engines', displayName: 'Ada L.' });
    await waitUntil('the second instance shows the change', async () => (await getProfile('Ada', second)).json().bio === 'Engines');
  } finally {
    await second.close();
  }
});

test('what is not sent stays as it is', async () => {
  const grace = await host.signUp('Grace');
  const patch = (payload: object) => host.app.inject({ method: 'PATCH', url: '/api/me', headers: grace.headers, payload });
  await patch({ bio: 'Compilers' });
  expect((await patch({ displayName: 'Grace H.' })).json()).toMatchObject({ bio: 'Compilers', displayName: 'Grace H.' });
  expect((await patch({})).json()).toMatchObject({ bio: 'Compilers', displayName: 'Grace H.' });
  expect((await patch({ bio: '' })).json()).toMatchObject({ bio: '' });
});

test.each([
  { role: 'admin' },
  { email: 'x@example.org' },
  { username: 'Other' },
  { displayName: '' },
  { displayName: 'a\nb' },
  { bio: 'x'.repeat(2001) },
])('a change of %j is refused', async (payload) => {
  const someone = await host.signUp();
  const response = await host.app.inject({ method: 'PATCH', url: '/api/me', headers: someone.headers, payload });
  expect(response.json().code).toBe('request.invalid');
});
