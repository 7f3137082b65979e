import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestApp, type SignedUpUser, type TestApp } from '../../../test/harness/test-app.ts';
import { waitUntil } from '../../../test/harness/wait-until.ts';

let host: TestApp;
let ada: SignedUpUser;
let friend: SignedUpUser;
let stranger: SignedUpUser;

const send = (person: SignedUpUser, method: 'GET' | 'PUT' | 'PATCH' | 'DELETE', url: string, payload?: object) =>
  host.app.inject({ method, url, headers: person.headers, ...(payload === undefined ? {} : { payload }) });

/** What the reader is told of Ada. */
async function seenBy(reader: SignedUpUser): Promise<string> {
  const answer = await send(reader, 'GET', `/api/presence?of=${ada.user.username.toUpperCase()}`);
  return answer.json<{ items: { state: string }[] }>().items[0]?.state ?? 'no answer';
}
const seenByAll = async () => [await seenBy(ada), await seenBy(friend), await seenBy(stranger)];

beforeAll(async () => {
  host = await createTestApp();
  [ada, friend, stranger] = [await host.signUp(), await host.signUp(), await host.signUp()];
  await send(friend, 'PUT', `/api/me/friend-requests/sent/${ada.user.username}`);
  await send(ada, 'PUT', `/api/me/friend-requests/received/${friend.user.username}`);
});
afterAll(() => host.close());

test('who is here is told to those whom the person chose', async () => {
  expect(await seenByAll()).toEqual(['offline', 'offline', 'unknown']);
  host.app.presence.connected(ada.user.id);
  await waitUntil('Ada is here', async () => (await seenBy(ada)) === 'online');
  const seen: Record<string, string[]> = {};
  for (const presenceShownTo of ['friends', 'everybody', 'nobody']) {
    await send(ada, 'PATCH', '/api/me/privacy', { presenceShownTo });
    seen[presenceShownTo] = await seenByAll();
  }
  expect(seen).toEqual({
    friends: ['online', 'online', 'unknown'],
    everybody: ['online', 'online', 'online'],
    nobody: ['online', 'unknown', 'unknown'],
  });
});

test('a block hides it, whatever was chosen, and an unknown name is told no other way', async () => {
  await send(ada, 'PATCH', '/api/me/privacy', { presenceShownTo: 'everybody' });
  expect(await seenBy(stranger)).toBe('online');
  await send(ada, 'PUT', `/api/me/blocks/${stranger.user.username}`);
  expect(await seenBy(stranger)).toBe('unknown');
  const both = await send(stranger, 'GET', `/api/presence?of=nobody_here,${ada.user.username}`);
  expect(both.json().items.map(({ state }: { state: string }) => state)).toEqual(['unknown', 'unknown']);
});

test.each(['', 'a,,b', 'x', Array.from({ length: 51 }, (_, index) => `name_${index}`).join(',')])(
  'a question for "%s" is refused',
  async (of) => {
    expect((await send(ada, 'GET', `/api/presence?of=${of}`)).json().code).toBe('request.invalid');
  },
);
