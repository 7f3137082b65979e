import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApp, type SignedUpUser, type TestApp } from '../../../test/harness/test-app.ts';
import { friendPage, friendRequestPage, friendship, requestsPerDayMax } from './friends.schema.ts';

let host: TestApp;
beforeAll(async () => {
  host = await createTestApp({ environment: { RATE_LIMIT_FACTOR: '1000' } });
});
afterAll(() => host.close());

type Method = 'GET' | 'PUT' | 'DELETE' | 'PATCH';

const send = (person: SignedUpUser, method: Method, url: string, payload?: object) =>
  host.app.inject({ method, url, headers: person.headers, ...(payload === undefined ? {} : { payload }) });
const sent = (to: SignedUpUser) => `/api/me/friend-requests/sent/${to.user.username}`;
const received = (from: SignedUpUser) => `/api/me/friend-requests/received/${from.user.username}`;
const friendOf = (person: SignedUpUser) => `/api/me/friends/${person.user.username}`;

const ask = (from: SignedUpUser, to: SignedUpUser) => send(from, 'PUT', sent(to));
const cancel = (from: SignedUpUser, to: SignedUpUser) => send(from, 'DELETE', sent(to));
const accept = (by: SignedUpUser, from: SignedUpUser) => send(by, 'PUT', received(from));
const decline = (by: SignedUpUser, from: SignedUpUser) => send(by, 'DELETE', received(from));
const remove = (by: SignedUpUser, friend: SignedUpUser) => send(by, 'DELETE', friendOf(friend));

async function stateOf(reader: SignedUpUser, other: SignedUpUser): Promise<string> {
  const response = await send(reader, 'GET', `/api/users/${other.user.username}/friendship`);
  expect(response.statusCode).toBe(200);
  return friendship.strict().parse(response.json()).state;
}
const statesOf = async (one: SignedUpUser, two: SignedUpUser) => [await stateOf(one, two), await stateOf(two, one)];

async function namesOn(reader: SignedUpUser, list: 'friends' | 'friend-requests/received' | 'friend-requests/sent') {
  const response = await send(reader, 'GET', `/api/me/${list}`);
  const page = (list === 'friends' ? friendPage : friendRequestPage).parse(response.json());
  expect(page.count).toBe(page.items.length);
  return page.items.map((item) => item.username);
}

const people = (count: number) => Promise.all(Array.from({ length: count }, () => host.signUp()));
const two = async (): Promise<[SignedUpUser, SignedUpUser]> => [await host.signUp(), await host.signUp()];

async function befriend(one: SignedUpUser, other: SignedUpUser): Promise<void> {
  await ask(one, other);
  expect((await accept(other, one)).json().state).toBe('friends');
}

async function rowsBetween(one: SignedUpUser, other: SignedUpUser) {
  const ids = [one.user.id, other.user.id];
  const { rows } = await host.client.query<{ friendships: number; requests: number }>(
    `select (select count(*)::integer from friendships where user_id = any($1::bigint[]) and friend_id = any($1::bigint[])) as friendships,
       (select count(*)::integer from friend_requests where from_id = any($1::bigint[]) and to_id = any($1::bigint[])) as requests`,
    [ids],
  );
  return rows[0];
}

describe('a request', () => {
  test('is asked, seen on both sides, accepted, and ends when a friend is removed', async () => {
    const [ada, bob] = await two();
    expect((await ask(ada, bob)).json()).toMatchObject({ username: bob.user.username, state: 'sent' });
    expect(await statesOf(ada, bob)).toEqual(['sent', 'received']);
    expect(await namesOn(bob, 'friend-requests/received')).toEqual([ada.user.username]);
    expect(await namesOn(ada, 'friend-requests/sent')).toEqual([bob.user.username]);
    expect((await accept(bob, ada)).json().state).toBe('friends');
    expect(await statesOf(ada, bob)).toEqual(['friends', 'friends']);
    expect(await namesOn(ada, 'friends')).toEqual([bob.user.username]);
    expect(await namesOn(bob, 'friend-requests/received')).toEqual([]);
    expect((await remove(ada, bob)).statusCode).toBe(204);
    expect(await statesOf(ada, bob)).toEqual(['none', 'none']);
    expect(await rowsBetween(ada, bob)).toEqual({ friendships: 0, requests: 0 });
  });

  test('that both send makes them friends', async () => {
    const [ada, bob] = await two();
    await ask(ada, bob);
    expect((await ask(bob, ada)).json().state).toBe('friends');
    expect(await rowsBetween(ada, bob)).toEqual({ friendships: 2, requests: 0 });
  });

  test('is safe to repeat, as is each answer to it', async () => {
    const [ada, bob] = await two();
    const first = (await ask(ada, bob)).json();
    expect((await ask(ada, bob)).json()).toEqual(first);
    const accepted = (await accept(bob, ada)).json();
    expect((await accept(bob, ada)).json()).toEqual(accepted);
    expect((await ask(ada, bob)).json()).toMatchObject({ state: 'friends', since: accepted.since });
    expect((await remove(bob, ada)).statusCode).toBe(204);
    expect((await remove(bob, ada)).statusCode).toBe(204);
    expect((await decline(bob, ada)).json().state).toBe('none');
    expect((await cancel(ada, bob)).json().state).toBe('none');
    expect((await accept(bob, ada)).json().code).toBe('friend.request_not_found');
  });

  test('that is cancelled can be neither seen nor accepted', async () => {
    const [ada, bob] = await two();
    await ask(ada, bob);
    await cancel(ada, bob);
    expect(await statesOf(ada, bob)).toEqual(['none', 'none']);
    expect(await namesOn(bob, 'friend-requests/received')).toEqual([]);
    expect((await accept(bob, ada)).json().code).toBe('friend.request_not_found');
    await ask(ada, bob);
    expect(await statesOf(ada, bob)).toEqual(['sent', 'received']);
  });

  test('to nobody, to oneself and without a session is refused', async () => {
    const ada = await host.signUp();
    expect((await send(ada, 'PUT', '/api/me/friend-requests/sent/nobody_here')).json().code).toBe('user.not_found');
    expect((await ask(ada, ada)).json().code).toBe('friend.yourself');
    expect((await send(ada, 'GET', `/api/users/${ada.user.username}/friendship`)).json().code).toBe('friend.yourself');
    expect((await host.app.inject({ method: 'PUT', url: sent(ada) })).statusCode).toBe(401);
  });
});

describe('a declined request', () => {
  test('still waits for who asked, and asking again, also after taking it back, reaches nobody', async () => {
    const [ada, bob] = await two();
    const first = (await ask(ada, bob)).json();
    expect((await decline(bob, ada)).json().state).toBe('none');
    expect((await ask(ada, bob)).json()).toEqual(first);
    expect(await statesOf(ada, bob)).toEqual(['sent', 'none']);
    await cancel(ada, bob);
    expect(await stateOf(ada, bob)).toBe('none');
    expect((await ask(ada, bob)).json().state).toBe('sent');
    expect(await namesOn(bob, 'friend-requests/received')).toEqual([]);
    expect(await namesOn(ada, 'friend-requests/sent')).toEqual([bob.user.username]);
  });

  test('does not come back by blocking and unblocking who declined it', async () => {
    const [ada, bob] = await two();
    await ask(ada, bob);
    await decline(bob, ada);
    const block = `/api/me/blocks/${bob.user.username}`;
    expect((await send(ada, 'PUT', block)).statusCode).toBe(200);
    expect((await send(ada, 'DELETE', block)).statusCode).toBe(204);
    expect((await ask(ada, bob)).json().state).toBe('sent');
    expect(await namesOn(bob, 'friend-requests/received')).toEqual([]);
  });

  test('is a friendship when the other one asks after all, and reaches them again after its days', async () => {
    const [ada, bob] = await two();
    await ask(ada, bob);
    await decline(bob, ada);
    expect((await ask(bob, ada)).json().state).toBe('friends');

    const [cleo, dan] = await two();
    await ask(cleo, dan);
    await decline(dan, cleo);
    await host.client.query(`update friend_requests set expires_at = now() - interval '1 second' where from_id = $1`, [cleo.user.id]);
    expect(await statesOf(cleo, dan)).toEqual(['none', 'none']);
    await ask(cleo, dan);
    expect(await statesOf(cleo, dan)).toEqual(['sent', 'received']);
  });
});

describe('at once', () => {
  const rounds = 8;

  test('two who ask each other are friends, and nothing is left that waits', async () => {
    for (let round = 0; round < rounds; round += 1) {
      const [ada, bob] = await two();
      const answers = await Promise.all([ask(ada, bob), ask(bob, ada), ask(ada, bob), ask(bob, ada)]);
      expect(answers.map((answer) => answer.statusCode)).toEqual([200, 200, 200, 200]);
      expect(await statesOf(ada, bob)).toEqual(['friends', 'friends']);
      expect(await rowsBetween(ada, bob)).toEqual({ friendships: 2, requests: 0 });
    }
  });

  test('accepting and cancelling give both sides the same', async () => {
    for (let round = 0; round < rounds; round += 1) {
      const [ada, bob] = await two();
      await ask(ada, bob);
      await Promise.all([accept(bob, ada), cancel(ada, bob)]);
      const states = await statesOf(ada, bob);
      expect([
        ['friends', 'friends'],
        ['none', 'none'],
      ]).toContainEqual(states);
      expect((await rowsBetween(ada, bob))?.friendships).toBe(states[0] === 'friends' ? 2 : 0);
    }
  });

  test('a block leaves neither friendship nor request, whatever is asked meanwhile', async () => {
    for (let round = 0; round < rounds; round += 1) {
      const [ada, bob] = await two();
      await ask(bob, ada);
      const work = [accept(ada, bob), send(ada, 'PUT', `/api/me/blocks/${bob.user.username}`), ask(bob, ada), ask(ada, bob)];
      const answers = await Promise.all(work);
      expect(answers.every((answer) => answer.statusCode < 500)).toBe(true);
      expect((await rowsBetween(ada, bob))?.friendships).toBe(0);
      expect(await namesOn(ada, 'friend-requests/received')).toEqual([]);
      expect(await namesOn(bob, 'friend-requests/sent')).toEqual([]);
    }
  });

  test('no more people are asked in a day than one may, however many requests come', async () => {
    const ada = await host.signUp();
    await host.client.query(
      `insert into users (username, email, password_hash, display_name)
       select 'asked_' || n, 'asked_' || n || '@example.org', 'x', 'Asked' from generate_series(1, $1::integer) n`,
      [requestsPerDayMax + 10],
    );
    const answers = await Promise.all(
      Array.from({ length: requestsPerDayMax + 10 }, (_, index) => send(ada, 'PUT', `/api/me/friend-requests/sent/asked_${index + 1}`)),
    );
    const statuses = answers.map((answer) => answer.statusCode);
    expect(statuses.filter((status) => status === 200)).toHaveLength(requestsPerDayMax);
    expect(new Set(answers.filter((answer) => answer.statusCode !== 200).map((answer) => answer.json().code))).toEqual(
      new Set(['friend.requests_too_many']),
    );
    // Taking them back does not make room.
    for (let index = 1; index <= 5; index += 1) await send(ada, 'DELETE', `/api/me/friend-requests/sent/asked_${index}`);
    const late = await host.signUp();
    expect((await ask(ada, late)).json().code).toBe('friend.requests_too_many');
  });
});

describe('privacy', () => {
  const choose = (person: SignedUpUser, friendRequestsFrom: string) => send(person, 'PATCH', '/api/me/privacy', { friendRequestsFrom });

  test('of who chose nothing is open to requests, and what is not sent stays as it is', async () => {
    const ada = await host.signUp();
    const defaults = { friendRequestsFrom: 'everybody', messagesFrom: 'everybody', presenceShownTo: 'friends', receiptsShown: true };
    expect((await send(ada, 'GET', '/api/me/privacy')).json()).toEqual(defaults);
    await send(ada, 'PATCH', '/api/me/privacy', { receiptsShown: false });
    await send(ada, 'PATCH', '/api/me/privacy', { presenceShownTo: 'nobody' });
    expect((await send(ada, 'GET', '/api/me/privacy')).json()).toEqual({ ...defaults, presenceShownTo: 'nobody', receiptsShown: false });
    expect((await send(ada, 'PATCH', '/api/me/privacy', { presenceShownTo: 'enemies' })).json().code).toBe('request.invalid');
  });

  test('keeps strangers out, lets people of the same sanctum ask, or nobody', async () => {
    const [ada, bob] = await two();
    await choose(ada, 'sanctums');
    expect((await ask(bob, ada)).json().code).toBe('friend.not_accepting');
    const name = `meet_${ada.user.id}`;
    await host.app.inject({ method: 'POST', url: '/api/sanctums', headers: ada.headers, payload: { name, title: 'Meet' } });
    await send(bob, 'PUT', `/api/sanctums/${name}/membership`);
    expect((await ask(bob, ada)).json().state).toBe('sent');

    const cleo = await host.signUp();
    await choose(ada, 'nobody');
    expect((await ask(cleo, ada)).json().code).toBe('friend.not_accepting');
    // Whom Ada asks herself may answer.
    await ask(ada, cleo);
    expect((await accept(cleo, ada)).json().state).toBe('friends');
  });
});

describe('lists', () => {
  test('are walked by key without repeats or holes, with the count of all', async () => {
    const ada = await host.signUp();
    const others = await people(7);
    for (const other of others) await ask(other, ada);
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const url: string = `/api/me/friend-requests/received?limit=3${cursor === null ? '' : `&cursor=${cursor}`}`;
      const page = friendRequestPage.parse((await send(ada, 'GET', url)).json());
      expect(page.count).toBe(7);
      seen.push(...page.items.map((item) => item.username));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(seen).toEqual(others.map((other) => other.user.username).toReversed());
    expect((await send(ada, 'GET', '/api/me/friends?limit=51')).json().code).toBe('request.invalid');
  });

  test('show friends whom both have, and how many that are beside a request', async () => {
    const [ada, bob] = await two();
    const [both, alsoBoth, onlyAda, onlyBob] = (await people(4)) as [SignedUpUser, SignedUpUser, SignedUpUser, SignedUpUser];
    for (const friend of [both, alsoBoth, onlyAda]) await befriend(ada, friend);
    for (const friend of [both, alsoBoth, onlyBob]) await befriend(bob, friend);
    const mutual = friendPage.parse((await send(ada, 'GET', `/api/users/${bob.user.username}/mutual-friends`)).json());
    expect(mutual.items.map((item) => item.username).toSorted()).toEqual([both.user.username, alsoBoth.user.username].toSorted());
    expect(mutual.count).toBe(2);
    await ask(bob, ada);
    const page = friendRequestPage.parse((await send(ada, 'GET', '/api/me/friend-requests/received')).json());
    expect(page.items).toMatchObject([{ username: bob.user.username, mutualCount: 2 }]);
    expect((await send(ada, 'GET', '/api/users/nobody_here/mutual-friends')).json().code).toBe('user.not_found');
  });

  test('refuse a cursor of another person or list', async () => {
    const ada = await host.signUp();
    for (const other of await people(2)) await ask(other, ada);
    const { nextCursor } = (await send(ada, 'GET', '/api/me/friend-requests/received?limit=1')).json();
    const bob = await host.signUp();
    expect((await send(bob, 'GET', `/api/me/friend-requests/received?cursor=${nextCursor}`)).json().code).toBe('cursor.foreign');
    expect((await send(ada, 'GET', `/api/me/friends?cursor=${nextCursor}`)).json().code).toBe('cursor.foreign');
  });
});

describe('the stream of an account', () => {
  const eventsOf = async (person: SignedUpUser) => {
    const { events } = await host.app.streams.read({ kind: 'user', id: person.user.id }, 0, 50);
    return events.map(({ type, actorId, data }) => ({ type, actorId, state: (JSON.parse(data) as { state?: string }).state }));
  };

  test('of either side tells what the two are to each other, as that side sees it', async () => {
    const [ada, bob] = await two();
    await ask(ada, bob);
    await ask(ada, bob);
    await accept(bob, ada);
    await remove(ada, bob);
    const told = (sent: string) => [
      { type: 'friend.requested', actorId: ada.user.id, state: sent },
      { type: 'friend.accepted', actorId: bob.user.id, state: 'friends' },
      { type: 'friend.changed', actorId: ada.user.id, state: 'none' },
    ];
    expect(await eventsOf(ada)).toEqual(told('sent'));
    expect(await eventsOf(bob)).toEqual(told('received'));
  });

  test('of who was declined says nothing of it, and a request that is held back reaches nobody', async () => {
    const [ada, bob] = await two();
    await ask(ada, bob);
    await decline(bob, ada);
    await cancel(ada, bob);
    await ask(ada, bob);
    expect((await eventsOf(ada)).map(({ state }) => state)).toEqual(['sent', 'none', 'sent']);
    expect((await eventsOf(bob)).map(({ state }) => state)).toEqual(['received', 'none']);
  });

  test('of who is blocked says that somebody is hidden, and not who', async () => {
    const [ada, bob] = await two();
    await send(ada, 'PUT', `/api/me/blocks/${bob.user.username}`);
    expect(await eventsOf(ada)).toEqual([{ type: 'block.changed', actorId: ada.user.id, state: undefined }]);
    expect(await eventsOf(bob)).toEqual([{ type: 'block.changed', actorId: null, state: undefined }]);
  });
});
