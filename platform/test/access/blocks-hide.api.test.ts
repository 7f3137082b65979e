/**
 * Two people, one of whom blocks the other: neither finds anything of the other one anywhere. Every route there is is walked as both,
 * by the names and ids of the other one, and what they get is held to what somebody gets who is not there.
 */
import { randomUUID } from 'node:crypto';
import type { InjectOptions } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Route } from '../../src/http/routes/route.ts';
import { readExpectations } from './beside-features.ts';
import type { Probe } from './rows.ts';
import { talkProbes } from './block-probes.ts';
import { createTestApp, type SignedUpUser, type TestApp } from '../harness/test-app.ts';

const requestId = 'the-same-request';
const neverThereId = '999999999999';
const neverThereName = 'never_was_here';

interface Owned {
  readonly post: string;
  readonly comment: string;
  /** A message in the conversation of the place that both are members of. */
  readonly message: string;
  /** A group that is their own. */
  readonly group: string;
}

interface Side {
  readonly person: SignedUpUser;
  readonly own: Owned;
}

let host: TestApp;
let ada: Side;
let bob: Side;
let third: SignedUpUser;
let thirdPost: string;
/** Addresses of conversations: of the place that both are members of, of a third person's group with both, of the two. */
let commons: string;
let group: string;
let direct: string;

type Method = NonNullable<InjectOptions['method']>;

async function send(person: SignedUpUser | undefined, method: Method, url: string, payload?: object) {
  return host.app.inject({
    method,
    url,
    headers: { ...person?.headers, 'x-request-id': requestId },
    ...(payload === undefined ? {} : { payload }),
  });
}

async function make(person: SignedUpUser, url: string, payload: object): Promise<string> {
  const answer = await send(person, 'POST', url, payload);
  if (answer.statusCode !== 201) throw new Error(`${url} answered ${answer.statusCode}: ${answer.body}`);
  return answer.json<{ id: string }>().id;
}

beforeAll(async () => {
  host = await createTestApp({ environment: { LOG_LEVEL: 'info', RATE_LIMIT_FACTOR: '1000' } });
  // An id then is one of a person, a post or a comment, and no other.
  for (const [index, table] of ['users', 'posts', 'comments'].entries())
    await host.client.query(`select setval(pg_get_serial_sequence('${table}', 'id'), ${(index + 1) * 100_000})`);
  third = await host.signUp('third_person');
  await make(third, '/api/sanctums', { name: 'commons', title: 'Commons' });
  thirdPost = await make(third, '/api/sanctums/commons/posts', { kind: 'text', title: 'Third marmalade' });
  commons = `/api/conversations/${(await send(third, 'GET', '/api/sanctums/commons/conversation')).json().id}`;
  const side = async (name: string): Promise<Side> => {
    const person = await host.signUp(name);
    await send(person, 'PUT', '/api/sanctums/commons/membership');
    const post = await make(person, '/api/sanctums/commons/posts', { kind: 'text', title: `${name} marmalade`, body: 'Words' });
    const comment = await make(person, `/api/posts/${thirdPost}/comments`, { body: `${name} says` });
    await send(person, 'PUT', `/api/posts/${thirdPost}/like`);
    const message = await make(person, `${commons}/messages`, { clientId: randomUUID(), body: `${name} says` });
    await make(third, `${commons}/messages`, { clientId: randomUUID(), body: 'An answer', replyTo: message });
    return { person, own: { post, comment, message, group: await make(person, '/api/conversations', { title: 'Own talk' }) } };
  };
  ada = await side('ada_who_blocks');
  bob = await side('bob_is_blocked');
  direct = `/api/conversations/${(await send(ada.person, 'PUT', '/api/conversations/direct/bob_is_blocked')).json().id}`;
  for (const { person } of [bob, ada])
    await make(person, `${direct}/messages`, { clientId: randomUUID(), body: `${person.user.username} says` });
  group = `/api/conversations/${await make(third, '/api/conversations', { title: 'Three', usernames: ['ada_who_blocks', 'bob_is_blocked'] })}`;
  for (const { person } of [ada, bob]) await send(person, 'PUT', `${group}/membership`);
  // Somebody else answers both, and everybody has a friend in common.
  for (const { own } of [ada, bob]) await make(third, `/api/posts/${thirdPost}/comments`, { body: 'An answer', parentId: own.comment });
  for (const { person } of [ada, bob]) {
    await send(person, 'PUT', '/api/me/friend-requests/sent/third_person');
    await send(third, 'PUT', `/api/me/friend-requests/received/${person.user.username}`);
  }
  await send(ada.person, 'PUT', `/api/me/friend-requests/sent/${bob.person.user.username}`);
  await send(bob.person, 'PUT', `/api/me/friend-requests/received/${ada.person.user.username}`);
  // Each has a place of their own to which they invite the other.
  for (const [one, other] of [
    [ada, bob],
    [bob, ada],
  ] as const) {
    const name = `place_${one.person.user.id}`;
    await make(one.person, '/api/sanctums', { name, title: 'A place' });
    expect((await send(one.person, 'PUT', `/api/sanctums/${name}/invitations/${other.person.user.username}`, {})).statusCode).toBe(200);
  }
  // All of it is seen before: else there would be nothing to hide.
  for (const [reader, other] of [
    [ada, bob],
    [bob, ada],
  ] as const)
    for (const [operation, url] of lists()) {
      const answer = await send(reader.person, 'GET', url);
      expect(tracesOf(other, answer.body), `${operation} before`).not.toEqual([]);
    }
  expect((await send(ada.person, 'PUT', `/api/me/blocks/${bob.person.user.username}`)).statusCode).toBe(200);
});
afterAll(() => host.close());

/** What of a person stands in a text. */
function tracesOf({ person, own }: Side, body: string): string[] {
  const { username, id } = person.user;
  const traces = [username, `"${id}"`, `place_${id}"`, `"${own.post}"`, `${username} marmalade`, `${username} says`];
  return traces.filter((trace) => body.includes(trace));
}

/** Every list and search in which the other one stands before the block, with the operation of its route. */
function lists(): readonly (readonly [string, string])[] {
  const sorts = ['hot', 'new', 'top'];
  return [
    ...sorts.flatMap((sort) => [
      ['popularFeed', `/api/feeds/popular?sort=${sort}`] as const,
      ['homeFeed', `/api/feeds/home?sort=${sort}`] as const,
      ['listSanctumPosts', `/api/sanctums/commons/posts?sort=${sort}`] as const,
    ]),
    ...['top', 'new'].map((sort) => ['listComments', `/api/posts/${thirdPost}/comments?sort=${sort}`] as const),
    ['search', '/api/search?q=marmalade&kind=posts'],
    ['listMembers', '/api/sanctums/commons/members'],
    ['listMyInvitations', '/api/me/invitations'],
    ['listFriends', '/api/me/friends'],
    ['listConversations', '/api/conversations'],
    ['listConversationMembers', `${group}/members`],
    ['listMessages', `${commons}/messages`],
    ['searchMessages', `${commons}/search?q=says`],
  ];
}

const sides = () =>
  [
    ['the one who blocks', ada, bob],
    ['the one who is blocked', bob, ada],
  ] as const;

describe('after a block', () => {
  test('no list, feed or search shows the other one', async () => {
    for (const [who, reader, other] of sides()) {
      const people = [
        ['search', `/api/search?q=${other.person.user.username}&kind=people`],
        ['listMutualFriends', '/api/users/third_person/mutual-friends'],
      ] as const;
      for (const [operation, url] of [...lists(), ...people]) {
        const answer = await send(reader.person, 'GET', url);
        expect(answer.statusCode, `${who}: ${url}`).toBe(200);
        expect(tracesOf(other, answer.body), `${who}: ${operation} ${url}`).toEqual([]);
      }
    }
  });

  test('what both see of others stays', async () => {
    for (const [, reader] of sides()) {
      for (const url of ['/api/feeds/popular', `/api/posts/${thirdPost}`, '/api/search?q=marmalade&kind=posts'])
        expect((await send(reader.person, 'GET', url)).body, url).toContain('Third marmalade');
      const comments = (await send(reader.person, 'GET', `/api/posts/${thirdPost}/comments`)).json<{ items: { body: string }[] }>().items;
      expect(comments.filter(({ body }) => body === 'An answer')).toHaveLength(2);
    }
  });

  test('counts are those of what is shown', async () => {
    for (const [who, reader, other] of sides()) {
      const get = async (url: string) => (await send(reader.person, 'GET', url)).json();
      const post = await get(`/api/posts/${thirdPost}`);
      const window = (await get(`/api/posts/${thirdPost}/comments`)) as {
        items: { deleted: boolean; author: unknown; likeCount: number }[];
      };
      expect(post.commentCount, who).toBe(window.items.filter(({ deleted }) => !deleted).length);
      const stubs = window.items.filter(({ deleted }) => deleted);
      expect(stubs).toMatchObject([
        { author: null, body: '', bodyHtml: '', likeCount: 0, liked: false, editedAt: null, canEdit: false, canDelete: false },
      ]);
      for (const url of ['/api/feeds/popular', '/api/feeds/home', '/api/sanctums/commons/posts', '/api/search?q=third&kind=posts']) {
        const page = (await get(url)) as { items: { id: string; commentCount: number }[] };
        expect(page.items.find(({ id }) => id === thirdPost)?.commentCount, url).toBe(post.commentCount);
      }
      const members = (await get('/api/sanctums/commons/members')) as { items: unknown[] };
      expect((await get('/api/sanctums/commons')).memberCount, who).toBe(members.items.length);
      for (const url of ['/api/sanctums', '/api/sanctums?mine=true', '/api/search?q=commons&kind=sanctums']) {
        const page = (await get(url)) as { items: { name: string; memberCount: number }[] };
        expect(page.items.find(({ name }) => name === 'commons')?.memberCount, url).toBe(members.items.length);
      }
      const friends = (await get('/api/me/friends')) as { items: unknown[]; count: number };
      expect(friends).toMatchObject({ count: 1, items: [{ username: 'third_person' }] });
      expect(await get('/api/me/invitations')).toMatchObject({ items: [] });
      expect(tracesOf(other, JSON.stringify(window))).toEqual([]);
    }
  });

  test('the cursor of a list tells no count', async () => {
    const { nextCursor } = (await send(bob.person, 'GET', '/api/sanctums?limit=1')).json<{ nextCursor: string }>();
    expect(Buffer.from(nextCursor, 'base64url').toString('latin1')).not.toMatch(/count/i);
  });
});

/** A request about a person, post or comment: once about the hidden one, once about one that never was. */
const besideFeatures = await readExpectations();

/**
 * By operation: every route that takes a person, a post or a comment. A route that has none has to say why, below. More stand beside
 * their features.
 */
const probes: Readonly<Record<string, readonly Probe[]>> = {
  ...Object.fromEntries(besideFeatures.flatMap(({ hiddenProbes = {} }) => Object.entries(hiddenProbes))),
  getProfile: [{ method: 'GET', url: (name) => `/api/users/${name}` }],
  listUserPosts: ['hot', 'new', 'top'].map((sort) => ({ method: 'GET', url: (name) => `/api/users/${name}/posts?sort=${sort}` })),
  getFriendship: [{ method: 'GET', url: (name) => `/api/users/${name}/friendship` }],
  listMutualFriends: [{ method: 'GET', url: (name) => `/api/users/${name}/mutual-friends` }],
  removeFriend: [{ method: 'DELETE', url: (name) => `/api/me/friends/${name}` }],
  askToBeFriends: [{ method: 'PUT', url: (name) => `/api/me/friend-requests/sent/${name}` }],
  cancelFriendRequest: [{ method: 'DELETE', url: (name) => `/api/me/friend-requests/sent/${name}` }],
  acceptFriendRequest: [{ method: 'PUT', url: (name) => `/api/me/friend-requests/received/${name}` }],
  declineFriendRequest: [{ method: 'DELETE', url: (name) => `/api/me/friend-requests/received/${name}` }],
  invitePerson: [{ method: 'PUT', url: (name) => `/api/sanctums/place_own/invitations/${name}`, payload: () => ({}) }],
  getPost: [
    { method: 'GET', url: (_name, post) => `/api/posts/${post}` },
    { method: 'HEAD', url: (_name, post) => `/api/posts/${post}` },
  ],
  updatePost: [{ method: 'PATCH', url: (_name, post) => `/api/posts/${post}`, payload: () => ({ title: 'Mine' }) }],
  deletePost: [{ method: 'DELETE', url: (_name, post) => `/api/posts/${post}` }],
  listComments: [
    { method: 'GET', url: (_name, post) => `/api/posts/${post}/comments` },
    { method: 'GET', url: (_name, post) => `/api/posts/${post}/comments?sort=new&limit=3` },
  ],
  createComment: [
    { method: 'POST', url: (_name, post) => `/api/posts/${post}/comments`, payload: () => ({ body: 'Here' }) },
    { method: 'POST', url: () => `/api/posts/${thirdPost}/comments`, payload: (comment) => ({ body: 'Below', parentId: comment }) },
  ],
  updateComment: [{ method: 'PATCH', url: (_name, _post, comment) => `/api/comments/${comment}`, payload: () => ({ body: 'Mine' }) }],
  deleteComment: [{ method: 'DELETE', url: (_name, _post, comment) => `/api/comments/${comment}` }],
  likeComment: [{ method: 'PUT', url: (_name, _post, comment) => `/api/comments/${comment}/like` }],
  chooseNotificationLevel: [
    { method: 'PUT', url: (name) => `/api/me/notification-levels/person/${name}`, payload: () => ({ level: 'none' }) },
    { method: 'PUT', url: (_name, post) => `/api/me/notification-levels/post/${post}`, payload: () => ({ level: 'none' }) },
  ],
  forgetNotificationLevel: [
    { method: 'DELETE', url: (name) => `/api/me/notification-levels/person/${name}` },
    { method: 'DELETE', url: (_name, post) => `/api/me/notification-levels/post/${post}` },
  ],
  unlikeComment: [{ method: 'DELETE', url: (_name, _post, comment) => `/api/comments/${comment}/like` }],
  ...talkProbes,
};

const notProbed: Readonly<Record<string, readonly string[]>> = {
  'moderation of a sanctum acts on everyone in it, hidden or not': ['setMember', 'removeMember', 'withdrawInvitation'],
  'the owner of a group acts on everyone in it': ['removeFromConversation'],
  'a picture is there for who may see its message, which images.api.test.ts asks as both': ['getImage', 'uploadImage'],
  'it is the block itself': ['blockPerson', 'unblockPerson'],
  'it takes no person, post or comment': ['revokeSession'],
};

/** Routes whose address holds a name of a person or an id of what one wrote. */
const aboutSomebody = (routes: readonly Route[]) =>
  routes.filter(({ url }) => /:(?!name\b|file\b)/.test(url)).map(({ operationId }) => operationId);

interface Seen {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
  readonly statements: unknown;
}

type Asked = Parameters<Probe['url']>;

async function see(reader: Side, { method, url, payload }: Probe, ...asked: Asked): Promise<Seen> {
  const before = host.logs.length;
  const path = url(...asked)
    .replace('place_own', `place_${reader.person.user.id}`)
    .replace('group_own', reader.own.group);
  const answer = await send(reader.person, method, path, payload?.(asked[2]));
  const line = host.logs.slice(before).find((entry) => entry['request_id'] === requestId && entry['status'] === answer.statusCode);
  const { date: _date, 'ratelimit-remaining': _remaining, ...headers } = answer.headers;
  return { status: answer.statusCode, headers, body: answer.body, statements: line?.['statements'] };
}

describe('by name and by id', () => {
  test('every route about somebody is walked, or says why not', () => {
    const asked = aboutSomebody(host.app.routes);
    expect(asked.length).toBeGreaterThan(20);
    const beside = besideFeatures.flatMap(({ notProbed: reasons = {} }) => Object.keys(reasons));
    const known = [...Object.keys(probes), ...Object.values(notProbed).flat(), ...beside];
    expect(asked.filter((operation) => !known.includes(operation))).toEqual([]);
    expect(known.filter((operation) => !asked.includes(operation))).toEqual([]);
  });

  test.each(Object.keys(probes))('%s tells a hidden one and one that never was the same', async (operation) => {
    for (const [who, reader, other] of sides()) {
      for (const probe of probes[operation] ?? []) {
        const { post, comment, message } = other.own;
        const there: Asked = [other.person.user.username, post, comment, { message: `${commons}/messages/${message}`, direct }];
        const talk = { message: `${commons}/messages/${neverThereId}`, direct: `/api/conversations/${neverThereId}` };
        const hidden = await see(reader, probe, ...there);
        const missing = await see(reader, probe, neverThereName, neverThereId, neverThereId, talk);
        expect({ who, ...hidden }).toEqual({ who, ...missing });
        expect(hidden.status, who).toBe(404);
      }
    }
  });

  test('the one who is blocked cannot find out by blocking, and the one who blocks is told nothing new', async () => {
    const block = (reader: Side, name: string) => send(reader.person, 'PUT', `/api/me/blocks/${name}`);
    expect((await block(bob, ada.person.user.username)).json().code).toBe('user.not_found');
    expect((await send(bob.person, 'DELETE', `/api/me/blocks/${ada.person.user.username}`)).json().code).toBe('user.not_found');
    expect((await send(bob.person, 'GET', '/api/me/blocks')).json()).toMatchObject({ items: [] });
    const first = await block(ada, bob.person.user.username);
    expect((await block(ada, bob.person.user.username)).json()).toEqual(first.json());
    expect((await send(ada.person, 'GET', '/api/me/blocks')).json()).toMatchObject({ items: [{ username: bob.person.user.username }] });
    expect((await block(ada, ada.person.user.username)).json().code).toBe('block.yourself');
  });
});

describe('for others', () => {
  test('nothing changes: who is not signed in gets the shared page, and a third person sees both', async () => {
    for (const reader of [undefined, third]) {
      for (const side of [ada, bob]) {
        const feed = await send(reader, 'GET', '/api/feeds/popular?sort=new');
        expect(feed.body).toContain(`${side.person.user.username} marmalade`);
        expect((await send(reader, 'GET', `/api/users/${side.person.user.username}`)).statusCode).toBe(200);
      }
    }
  });

  test('a page that a reader got is never given to another one', async () => {
    const answer = await send(bob.person, 'GET', '/api/feeds/popular');
    expect(String(answer.headers['cache-control'])).toMatch(/private|no-store/);
    expect(answer.headers['etag']).toBeUndefined();
  });

  test('who moderates the place and who administers the site see what stands there', async () => {
    const moderator = await host.signUp('keeps_order');
    await send(moderator, 'PUT', '/api/sanctums/commons/membership');
    expect((await send(third, 'PUT', '/api/sanctums/commons/members/keeps_order', { role: 'moderator' })).statusCode).toBe(200);
    expect((await send(bob.person, 'PUT', '/api/me/blocks/keeps_order')).statusCode).toBe(200);
    const page = await send(moderator, 'GET', '/api/sanctums/commons/posts?sort=new');
    expect(page.body).toContain('bob_is_blocked marmalade');
    expect((await send(moderator, 'GET', `/api/posts/${bob.own.post}`)).json()).toMatchObject({ canDelete: true });
    expect((await send(moderator, 'GET', '/api/users/bob_is_blocked')).statusCode).toBe(404);
    await host.client.query(`update users set role = 'admin' where username = 'keeps_order'`);
    expect((await send(moderator, 'GET', '/api/users/bob_is_blocked')).statusCode).toBe(200);
    expect((await send(bob.person, 'GET', '/api/users/keeps_order')).statusCode).toBe(404);
  });
});

describe('a block that is lifted', () => {
  test('shows everything again, and leaves strangers', async () => {
    expect((await send(ada.person, 'DELETE', `/api/me/blocks/${bob.person.user.username}`)).statusCode).toBe(204);
    expect((await send(ada.person, 'DELETE', `/api/me/blocks/${bob.person.user.username}`)).statusCode).toBe(204);
    for (const [who, reader, other] of sides()) {
      for (const [operation, url] of lists()) {
        if (operation === 'listFriends') continue;
        expect(tracesOf(other, (await send(reader.person, 'GET', url)).body), `${who}: ${url}`).not.toEqual([]);
      }
      const relation = await send(reader.person, 'GET', `/api/users/${other.person.user.username}/friendship`);
      expect(relation.json()).toMatchObject({ state: 'none' });
    }
  });

  test('by one of two who blocked each other leaves the other one’s', async () => {
    const [one, other] = [await host.signUp(), await host.signUp()];
    const block = (by: SignedUpUser, whom: SignedUpUser, method: 'PUT' | 'DELETE') =>
      send(by, method, `/api/me/blocks/${whom.user.username}`);
    // At once: neither sees the other one's block before.
    for (let round = 0; round < 5; round += 1) {
      const answers = await Promise.all([block(one, other, 'PUT'), block(other, one, 'PUT')]);
      expect(answers.map(({ statusCode }) => statusCode).toSorted()).toEqual([200, 404]);
      await Promise.all([block(one, other, 'DELETE'), block(other, one, 'DELETE')]);
      const { rows } = await host.client.query('select from user_blocks where user_id = any($1::bigint[])', [[one.user.id, other.user.id]]);
      expect(rows).toEqual([]);
    }
  });
});
