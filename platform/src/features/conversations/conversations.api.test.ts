import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, block, eventsOf, foundGroup, openDirect, read, say } from '../../../test/harness/chat.ts';
import { createTestApp, type SignedUpUser, type TestApp } from '../../../test/harness/test-app.ts';
import { conversation as conversationShape, groupPeopleMax } from './conversations.schema.ts';

let host: TestApp;
let ada: SignedUpUser;
let ben: SignedUpUser;
beforeAll(async () => {
  host = await createTestApp({ environment: { RATE_LIMIT_FACTOR: '1000' } });
  ada = await host.signUp();
  ben = await host.signUp();
});
afterAll(() => host.close());

interface Listed {
  readonly items: readonly { readonly id: string; readonly role: string; readonly unreadCount: number; readonly position: number }[];
  readonly nextCursor: string | null;
}

const list = (person: SignedUpUser, query = '') => ask<Listed>(host, person, 'GET', `/api/conversations${query}`);
const idsOf = ({ items }: Listed) => items.map((one) => one.id);
const setPrivacy = (person: SignedUpUser, messagesFrom: string, receiptsShown = true) =>
  host.client.query(
    `insert into user_privacy (user_id, friend_requests_from, presence_shown_to, receipts_shown, messages_from) values ($1, 'everybody', 'everybody', $3, $2)
     on conflict (user_id) do update set messages_from = $2, receipts_shown = $3`,
    [person.user.id, messagesFrom, receiptsShown],
  );

describe('a direct conversation', () => {
  test('is one for each pair, from both sides and at one moment', async () => {
    const other = await host.signUp();
    const opened = await Promise.all(
      Array.from({ length: 10 }, (_, n) => (n % 2 === 0 ? openDirect(host, ada, other) : openDirect(host, other, ada))),
    );
    expect(new Set(opened).size).toBe(1);
    const { rows } = await host.client.query(`select type from stream_events where kind = 'user' and id = $1`, [other.user.id]);
    expect(rows).toEqual([{ type: 'member.joined' }]);
    const seen = await ask(host, ada, 'GET', `/api/conversations/${opened[0]}`);
    expect(conversationShape.parse(seen)).toMatchObject({
      kind: 'direct',
      person: { username: other.user.username },
      memberCount: 2,
      lastMessage: null,
    });
  });

  test('is not opened with oneself, with nobody, or with who takes no messages', async () => {
    const shy = await host.signUp();
    const url = (name: string) => `/api/conversations/direct/${name}`;
    await ask(host, ada, 'PUT', url(ada.user.username), undefined, 'conversation.with_yourself');
    await ask(host, ada, 'PUT', url('nobody_of_this_name'), undefined, 'user.not_found');
    await setPrivacy(shy, 'nobody');
    await ask(host, ada, 'PUT', url(shy.user.username), undefined, 'conversation.not_welcome');
    await setPrivacy(shy, 'friends');
    await ask(host, ada, 'PUT', url(shy.user.username), undefined, 'conversation.not_welcome');
    await host.client.query(`insert into friendships (user_id, friend_id) values ($1, $2), ($2, $1)`, [shy.user.id, ada.user.id]);
    const id = await openDirect(host, ada, shy);
    await say(host, ada, id, 'Hello');
    await setPrivacy(shy, 'nobody');
    await ask(host, ada, 'POST', `/api/conversations/${id}/messages`, { clientId: randomUUID(), body: 'x' }, 'conversation.not_welcome');
    await say(host, shy, id, 'I write when I like');
  });

  test('is neither left nor changed', async () => {
    const id = await openDirect(host, ada, ben);
    await ask(host, ada, 'DELETE', `/api/conversations/${id}/membership`, undefined, 'conversation.other_kind');
    await ask(host, ada, 'PUT', `/api/conversations/${id}/members/${ben.user.username}`, undefined, 'conversation.other_kind');
    await ask(host, ada, 'PATCH', `/api/conversations/${id}`, { title: 'x' }, 'access.denied');
  });
});

describe('a group', () => {
  test('lets nobody in who did not accept, and shows them nothing before', async () => {
    const invited = await host.signUp();
    const { id } = await ask<{ id: string }>(host, ada, 'POST', '/api/conversations', {
      title: 'Bench talk',
      usernames: [invited.user.username],
    });
    await say(host, ada, id, 'Before');
    expect(await ask(host, invited, 'GET', `/api/conversations/${id}`)).toMatchObject({
      role: 'invited',
      title: 'Bench talk',
      lastMessage: null,
      unreadCount: 0,
    });
    expect((await list(invited)).items).toMatchObject([{ id, role: 'invited' }]);
    await ask(host, invited, 'GET', `/api/conversations/${id}/messages`, undefined, 'conversation.not_found');
    await ask(host, invited, 'POST', `/api/conversations/${id}/messages`, { clientId: randomUUID(), body: 'x' }, 'conversation.not_found');
    const joined = await ask(host, invited, 'PUT', `/api/conversations/${id}/membership`);
    expect(joined).toMatchObject({ role: 'member', memberCount: 2, unreadCount: 0, lastMessage: { body: 'Before' } });
    expect((await eventsOf(host, id)).at(-1)).toMatchObject({
      type: 'member.joined',
      data: { person: { username: invited.user.username } },
    });
    await ask(host, await host.signUp(), 'PUT', `/api/conversations/${id}/membership`, undefined, 'conversation.not_found');
  });

  test('does not ask again who declined', async () => {
    const invited = await host.signUp();
    const id = await foundGroup(host, ada);
    const url = `/api/conversations/${id}/members/${invited.user.username}`;
    await ask(host, ada, 'PUT', url, undefined, 204);
    await ask(host, ada, 'PUT', url, undefined, 204);
    await ask(host, invited, 'DELETE', `/api/conversations/${id}/membership`, undefined, 204);
    await ask(host, ada, 'PUT', url, undefined, 'conversation.declined');
    expect((await list(invited)).items).toEqual([]);
    await host.client.query(`update conversation_memberships set created_at = now() - interval '31 days' where user_id = $1`, [
      invited.user.id,
    ]);
    await ask(host, ada, 'PUT', url, undefined, 204);
  });

  test('is governed by its owner', async () => {
    const [member, other] = [await host.signUp(), await host.signUp()];
    const id = await foundGroup(host, ada, member, other);
    const url = (person: SignedUpUser) => `/api/conversations/${id}/members/${person.user.username}`;
    await ask(host, member, 'DELETE', url(other), undefined, 'access.denied');
    await ask(host, member, 'PATCH', `/api/conversations/${id}`, { title: 'Mine' }, 'access.denied');
    await ask(host, member, 'PUT', url(await host.signUp()), undefined, 'access.denied');
    await ask(host, ada, 'PATCH', `/api/conversations/${id}`, { slowModeSeconds: 5 }, 'conversation.other_kind');
    expect(await ask(host, ada, 'PATCH', `/api/conversations/${id}`, { title: 'Ours' })).toMatchObject({ title: 'Ours' });
    await ask(host, ada, 'DELETE', url(other), undefined, 204);
    await ask(host, ada, 'DELETE', url(other), undefined, 'conversation.not_member');
    await ask(host, other, 'GET', `/api/conversations/${id}/messages`, undefined, 'conversation.not_found');
    const { rows } = await host.client.query(`select type from stream_events where kind = 'user' and id = $1 order by position`, [
      other.user.id,
    ]);
    expect(rows.map((row) => row.type)).toEqual(['member.invited', 'member.joined', 'member.left', 'subscription.ended']);
    expect((await eventsOf(host, id)).map((event) => event.type)).toEqual([
      'member.joined',
      'member.joined',
      'conversation.changed',
      'member.left',
    ]);
  });

  test('goes to the member who is in longest when its owner leaves, and closes with the last one', async () => {
    const [first, second] = [await host.signUp(), await host.signUp()];
    const id = await foundGroup(host, ada, first, second);
    await ask(host, ada, 'DELETE', `/api/conversations/${id}/membership`, undefined, 204);
    expect(await ask(host, first, 'GET', `/api/conversations/${id}`)).toMatchObject({ role: 'owner', memberCount: 2 });
    await ask(host, first, 'PUT', `/api/conversations/${id}/members/${ben.user.username}`, undefined, 204);
    await ask(host, second, 'DELETE', `/api/conversations/${id}/membership`, undefined, 204);
    await ask(host, first, 'DELETE', `/api/conversations/${id}/membership`, undefined, 204);
    await ask(host, ben, 'PUT', `/api/conversations/${id}/membership`, undefined, 'conversation.not_found');
    expect(idsOf(await list(ben))).not.toContain(id);
  });

  test('never holds more than its limit, however many are invited at once', async () => {
    const id = await foundGroup(host, ada);
    await host.client.query(
      `with people as (
         insert into users (username, email, password_hash, display_name)
         select 'crowd_' || n, 'crowd_' || n || '@example.org', 'x', 'Crowd' from generate_series(1, $2::integer) as n returning id)
       insert into conversation_memberships (conversation_id, user_id, role) select $1, id, 'member' from people`,
      [id, groupPeopleMax - 2],
    );
    const people = await Promise.all(Array.from({ length: 4 }, () => host.signUp()));
    const answers = await Promise.all(
      people.map(({ user }) =>
        host.app.inject({ method: 'PUT', url: `/api/conversations/${id}/members/${user.username}`, headers: ada.headers }),
      ),
    );
    expect(answers.map((one) => one.statusCode).toSorted()).toEqual([204, 409, 409, 409]);
  });
});

describe('the conversation of a sanctum', () => {
  test('is there for members as long as they are members, and a ban ends it at once', async () => {
    const member = await host.signUp();
    const name = `place_${randomUUID().slice(0, 8)}`;
    await ask(host, ada, 'POST', '/api/sanctums', { name, title: 'A place' });
    const url = `/api/sanctums/${name}/conversation`;
    await ask(host, member, 'GET', url, undefined, 'conversation.not_found');
    await ask(host, member, 'PUT', `/api/sanctums/${name}/membership`);
    const { id } = await ask<{ id: string }>(host, member, 'GET', url);
    expect(await ask(host, member, 'GET', `/api/conversations/${id}`)).toMatchObject({
      kind: 'sanctum',
      sanctum: { name },
      role: 'member',
      memberCount: 2,
    });
    await say(host, member, id, 'Hello');
    expect(idsOf(await list(member))).toEqual([id]);
    await ask(host, member, 'DELETE', `/api/conversations/${id}/membership`, undefined, 'conversation.other_kind');
    await ask(host, ada, 'PUT', `/api/sanctums/${name}/bans/${member.user.username}`);
    await ask(host, member, 'GET', `/api/conversations/${id}/messages`, undefined, 'conversation.not_found');
    await ask(host, member, 'POST', `/api/conversations/${id}/messages`, { clientId: randomUUID(), body: 'x' }, 'conversation.not_found');
    expect(idsOf(await list(member))).toEqual([]);
  });
});

describe('the list', () => {
  test('shows the last active first, page by page, with what is unread', async () => {
    const reader = await host.signUp();
    const ids: string[] = [];
    for (let number = 0; number < 5; number += 1) {
      const other = await host.signUp();
      const id = await openDirect(host, other, reader);
      await say(host, other, id, `from ${number}`);
      ids.unshift(id);
    }
    const first = await list(reader, '?limit=2');
    expect(idsOf(first)).toEqual(ids.slice(0, 2));
    const second = await list(reader, `?limit=2&cursor=${first.nextCursor}`);
    const third = await list(reader, `?limit=2&cursor=${second.nextCursor}`);
    expect([...idsOf(first), ...idsOf(second), ...idsOf(third)]).toEqual(ids);
    expect(third.nextCursor).toBeNull();
    const oldest = ids.at(-1) ?? '';
    await say(host, reader, oldest, 'an answer');
    const all = await list(reader);
    expect(idsOf(all)).toEqual([oldest, ...ids.slice(0, 4)]);
    expect(all.items.map((one) => one.unreadCount)).toEqual([1, 1, 1, 1, 1]);
    for (const item of all.items) expect(conversationShape.safeParse(item).error).toBeUndefined();
  });
});

describe('receipts', () => {
  test('move forward only, clear what is unread, and are told to those who are there', async () => {
    const [reader, writer] = [await host.signUp(), await host.signUp()];
    const id = await openDirect(host, writer, reader);
    for (let number = 0; number < 3; number += 1) await say(host, writer, id, `n ${number}`);
    const url = `/api/conversations/${id}/receipt`;
    expect(await ask(host, reader, 'PUT', url, { position: 2 })).toEqual({ readPosition: 2 });
    expect(await ask(host, reader, 'GET', `/api/conversations/${id}`)).toMatchObject({ unreadCount: 1, readPosition: 2 });
    expect(await ask(host, reader, 'PUT', url, { position: 1 })).toEqual({ readPosition: 2 });
    expect(await ask(host, reader, 'PUT', url, { position: 1_000_000 })).toEqual({ readPosition: 4 });
    const events = (await eventsOf(host, id)).filter((event) => event.type === 'receipt.moved');
    expect(events.map((event) => event.data)).toEqual([
      { person: { username: reader.user.username, displayName: expect.any(String) }, readPosition: 2 },
      { person: { username: reader.user.username, displayName: expect.any(String) }, readPosition: 4 },
    ]);
    expect(await ask(host, writer, 'GET', `/api/conversations/${id}/members`)).toMatchObject({
      items: expect.arrayContaining([expect.objectContaining({ username: reader.user.username, readPosition: 4 })]),
    });
  });

  test('of who does not show them are kept for themselves, and they see none', async () => {
    const [reader, writer] = [await host.signUp(), await host.signUp()];
    await setPrivacy(reader, 'everybody', false);
    const id = await openDirect(host, writer, reader);
    await say(host, writer, id, 'Seen?');
    expect(await ask(host, reader, 'PUT', `/api/conversations/${id}/receipt`, { position: 1 })).toEqual({ readPosition: 1 });
    await ask(host, writer, 'PUT', `/api/conversations/${id}/receipt`, { position: 1 });
    expect((await eventsOf(host, id)).filter((event) => event.actor_id === reader.user.id)).toEqual([]);
    for (const person of [reader, writer]) {
      const { items } = await ask<{ items: { username: string; readPosition: number | null }[] }>(
        host,
        person,
        'GET',
        `/api/conversations/${id}/members`,
      );
      expect(items.find((one) => one.username !== person.user.username)?.readPosition).toBeNull();
    }
  });

  test('are the same whether the reader muted the conversation or not', async () => {
    const [reader, writer] = [await host.signUp(), await host.signUp()];
    const id = await openDirect(host, writer, reader);
    await say(host, writer, id, 'Hello');
    await ask(host, reader, 'PUT', `/api/conversations/${id}/mute`, undefined, 204);
    await ask(host, reader, 'PUT', `/api/conversations/${id}/receipt`, { position: 1 });
    expect(await ask(host, reader, 'GET', `/api/conversations/${id}`)).toMatchObject({ muted: true, readPosition: 1 });
    expect(await ask(host, writer, 'GET', `/api/conversations/${id}`)).toMatchObject({ muted: false });
    expect((await eventsOf(host, id)).map((event) => event.type)).toEqual(['message.sent', 'receipt.moved']);
    await ask(host, reader, 'DELETE', `/api/conversations/${id}/mute`, undefined, 204);
    expect(await ask(host, reader, 'GET', `/api/conversations/${id}`)).toMatchObject({ muted: false, readPosition: 1 });
  });

  test('of hidden people are not shown in a group', async () => {
    const [owner, one, other] = [await host.signUp(), await host.signUp(), await host.signUp()];
    const id = await foundGroup(host, owner, one, other);
    await block(host, one, other);
    const { items } = await ask<{ items: { username: string }[] }>(host, other, 'GET', `/api/conversations/${id}/members`);
    expect(items.map((member) => member.username)).toEqual([owner.user.username, other.user.username]);
  });
});

test('typing and receipts are not for strangers, and the snapshot tells the position of the stream', async () => {
  const id = await openDirect(host, ada, ben);
  const stranger = await host.signUp();
  await ask(host, ada, 'POST', `/api/conversations/${id}/typing`, undefined, 204);
  await ask(host, stranger, 'POST', `/api/conversations/${id}/typing`, undefined, 'conversation.not_found');
  await ask(host, stranger, 'PUT', `/api/conversations/${id}/receipt`, { position: 1 }, 'conversation.not_found');
  await ask(host, stranger, 'PUT', `/api/conversations/${id}/mute`, undefined, 'conversation.not_found');
  await ask(host, stranger, 'GET', `/api/conversations/${id}/members`, undefined, 'conversation.not_found');
  await say(host, ada, id, 'Hello');
  const { position } = await read(host, ada, id);
  expect(position).toBe((await eventsOf(host, id)).length);
});
