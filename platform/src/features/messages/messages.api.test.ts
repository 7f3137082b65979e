import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, block, eventsOf, foundGroup, openDirect, read, type Said, say } from '../../../test/harness/chat.ts';
import { createTestApp, type SignedUpUser, type TestApp } from '../../../test/harness/test-app.ts';
import { message as messageShape, reactionEmoji, searchedMessagesMax } from './messages.schema.ts';

let host: TestApp;
let ada: SignedUpUser;
let ben: SignedUpUser;
beforeAll(async () => {
  host = await createTestApp({ environment: { RATE_LIMIT_FACTOR: '1000' } });
  ada = await host.signUp();
  ben = await host.signUp();
});
afterAll(() => host.close());

const messagesUrl = (id: string) => `/api/conversations/${id}/messages`;
const bodies = (items: readonly Said[]) => items.map((one) => one.body);

/** A sanctum with its conversation, its owner and one member. */
async function foundSanctum(owner: SignedUpUser, ...members: readonly SignedUpUser[]): Promise<{ name: string; id: string }> {
  const name = `place_${randomUUID().slice(0, 8)}`;
  await ask(host, owner, 'POST', '/api/sanctums', { name, title: 'A place' });
  for (const one of members) await ask(host, one, 'PUT', `/api/sanctums/${name}/membership`);
  const { id } = await ask<{ id: string }>(host, owner, 'GET', `/api/sanctums/${name}/conversation`);
  return { name, id };
}

describe('sending', () => {
  test('stores the message at its position of the stream and announces the same shape', async () => {
    const id = await openDirect(host, ada, ben);
    const sent = await say(host, ada, id, 'Walnut or oak?');
    expect(messageShape.parse(sent)).toEqual(sent);
    const events = await eventsOf(host, id);
    expect(events).toEqual([{ position: Number(sent.id), type: 'message.sent', actor_id: ada.user.id, data: sent }]);
    expect((await read(host, ben, id)).items).toEqual([sent]);
  });

  test('gives a repetition the first message, and writes nothing', async () => {
    const id = await openDirect(host, ada, await host.signUp());
    const payload = { clientId: randomUUID(), body: 'Once' };
    const first = await ask<Said>(host, ada, 'POST', messagesUrl(id), payload);
    const second = await ask<Said>(host, ada, 'POST', messagesUrl(id), { ...payload, body: 'Twice' });
    expect(second).toEqual(first);
    expect(await eventsOf(host, id)).toHaveLength(1);
  });

  test('sends one message when the same comes many times at one moment, and positions have no gap', async () => {
    const id = await openDirect(host, ada, await host.signUp());
    const payload = { clientId: randomUUID(), body: 'Once' };
    const answers = await Promise.all(Array.from({ length: 8 }, () => ask<Said>(host, ada, 'POST', messagesUrl(id), payload)));
    expect(new Set(answers.map((one) => one.id)).size).toBe(1);
    await say(host, ada, id, 'Afterwards');
    expect((await eventsOf(host, id)).map((event) => event.position)).toEqual([1, 2]);
  });

  test('lets different people and different conversations use the same client id', async () => {
    const [here, there] = [await openDirect(host, ada, ben), await openDirect(host, ada, await host.signUp())];
    const clientId = randomUUID();
    const sent = await Promise.all([
      ask<Said>(host, ada, 'POST', messagesUrl(here), { clientId, body: 'a' }),
      ask<Said>(host, ben, 'POST', messagesUrl(here), { clientId, body: 'b' }),
      ask<Said>(host, ada, 'POST', messagesUrl(there), { clientId, body: 'c' }),
    ]);
    expect(bodies(sent)).toEqual(['a', 'b', 'c']);
  });

  test('keeps every message of many who send at once, in the order of the log, without a gap', async () => {
    const people = await Promise.all(Array.from({ length: 4 }, () => host.signUp()));
    const [first, ...others] = people;
    if (first === undefined) return expect.fail('nobody signed up');
    const id = await foundGroup(host, first, ...others);
    const start = (await read(host, first, id)).position;
    const sent = await Promise.all(
      people.flatMap((one, person) => Array.from({ length: 15 }, (_, n) => say(host, one, id, `${person} ${n}`))),
    );
    expect(sent).toHaveLength(60);
    const { items, before, position } = await read(host, first, id, '?limit=100');
    expect(before).toBeNull();
    expect(position).toBe(start + 60);
    expect(items.map((one) => Number(one.id))).toEqual(Array.from({ length: 60 }, (_, n) => start + 1 + n));
    expect(new Set(bodies(items)).size).toBe(60);
    const logged = (await eventsOf(host, id)).filter((event) => event.type === 'message.sent');
    expect(logged.map((event) => event.data)).toEqual(items);
  });

  test('refuses what says nothing, what is too long, and what is no text', async () => {
    const id = await openDirect(host, ada, ben);
    const refused = ['', ' \n', '\u200b\u2060', 'x'.repeat(4001), 'a\0b', 'half \ud800'];
    for (const body of refused) await ask(host, ada, 'POST', messagesUrl(id), { clientId: randomUUID(), body }, 'request.invalid');
    await ask(host, ada, 'POST', messagesUrl(id), { clientId: 'not-a-uuid', body: 'x' }, 'request.invalid');
    expect((await say(host, ada, id, '\u0001'.repeat(3999) + 'x')).body).toHaveLength(4000);
  });

  test('is not there for strangers, and a repetition of somebody else is nobody’s business', async () => {
    const id = await openDirect(host, ada, ben);
    const stranger = await host.signUp();
    const { clientId } = await say(host, ada, id, 'Between us');
    await ask(host, stranger, 'POST', messagesUrl(id), { clientId, body: 'Mine' }, 'conversation.not_found');
    await ask(host, stranger, 'GET', messagesUrl(id), undefined, 'conversation.not_found');
    await ask(host, ada, 'POST', messagesUrl('999999999'), { clientId, body: 'x' }, 'conversation.not_found');
  });

  test('replies to a message that is there, and quotes it for who may see it', async () => {
    const id = await openDirect(host, ada, ben);
    const asked = await say(host, ada, id, 'Which glue?');
    await ask(host, ben, 'POST', messagesUrl(id), { clientId: randomUUID(), body: 'x', replyTo: '999999' }, 'message.not_found');
    const answer = await say(host, ben, id, 'Hide glue', { replyTo: asked.id });
    const { items } = await read(host, ada, id);
    expect(items.at(-1)).toMatchObject({ id: answer.id, replyTo: { id: asked.id, quotation: { body: 'Which glue?', deleted: false } } });
    expect((await eventsOf(host, id)).at(-1)?.data).toMatchObject({ replyTo: { id: asked.id, quotation: null } });
  });
});

describe('slow mode', () => {
  test('lets members wait, counts each message, and neither moderators nor repetitions', async () => {
    const member = await host.signUp();
    const { id } = await foundSanctum(ada, member);
    await ask(host, member, 'PATCH', `/api/conversations/${id}`, { slowModeSeconds: 60 }, 'access.denied');
    await ask(host, ada, 'PATCH', `/api/conversations/${id}`, { slowModeSeconds: 60 });
    const payload = { clientId: randomUUID(), body: 'First' };
    const first = await ask<Said>(host, member, 'POST', messagesUrl(id), payload);
    const response = await host.app.inject({
      method: 'POST',
      url: messagesUrl(id),
      headers: member.headers,
      payload: { clientId: randomUUID(), body: 'Second' },
    });
    expect([response.statusCode, response.json().code]).toEqual([429, 'conversation.slow_mode']);
    expect(Number(response.headers['retry-after'])).toBeGreaterThan(0);
    expect(Number(response.headers['retry-after'])).toBeLessThanOrEqual(60);
    expect(await ask<Said>(host, member, 'POST', messagesUrl(id), payload)).toEqual(first);
    await say(host, ada, id, 'One');
    await say(host, ada, id, 'Two');
    await host.client.query(`update conversation_marks set wrote_at = now() - interval '61 seconds' where conversation_id = $1`, [id]);
    await say(host, member, id, 'Later');
  });

  test('lets one through of many that a member sends at once', async () => {
    const member = await host.signUp();
    const { id } = await foundSanctum(ada, member);
    await ask(host, ada, 'PATCH', `/api/conversations/${id}`, { slowModeSeconds: 60 });
    const answers = await Promise.all(
      Array.from({ length: 6 }, () =>
        host.app.inject({ method: 'POST', url: messagesUrl(id), headers: member.headers, payload: { clientId: randomUUID(), body: 'x' } }),
      ),
    );
    expect(answers.map((one) => one.statusCode).toSorted()).toEqual([201, 429, 429, 429, 429, 429]);
  });
});

describe('reading', () => {
  test('walks in both directions and around a message without a hole', async () => {
    const id = await openDirect(host, ada, await host.signUp());
    const sent: Said[] = [];
    for (let number = 0; number < 12; number += 1) sent.push(await say(host, ada, id, `n ${number}`));
    const ids = sent.map((one) => one.id);
    const newest = await read(host, ada, id, '?limit=5');
    expect(newest.items.map((one) => one.id)).toEqual(ids.slice(7));
    expect([newest.before, newest.after]).toEqual([ids[7], null]);
    const older = await read(host, ada, id, `?limit=5&before=${newest.before}`);
    expect(older.items.map((one) => one.id)).toEqual(ids.slice(2, 7));
    const oldest = await read(host, ada, id, `?limit=5&before=${older.before}`);
    expect([oldest.items.map((one) => one.id), oldest.before]).toEqual([ids.slice(0, 2), null]);
    const around = await read(host, ada, id, `?limit=5&around=${ids[6]}`);
    expect(around.items.map((one) => one.id)).toEqual(ids.slice(4, 9));
    expect([around.before, around.after]).toEqual([ids[4], ids[8]]);
    const newer = await read(host, ada, id, `?limit=3&after=${around.after}`);
    expect([newer.items.map((one) => one.id), newer.after]).toEqual([ids.slice(9), null]);
    await ask(host, ada, 'GET', `${messagesUrl(id)}?before=3&after=4`, undefined, 'request.invalid');
  });

  test('searches whatever the case, newest first, and goes on from where it stopped', async () => {
    const id = await openDirect(host, ada, await host.signUp());
    const first = await say(host, ada, id, 'WALNUT 100% from the _attic');
    await host.client.query(
      `insert into messages (conversation_id, position, author_id, client_id, body)
       select $1, n, $2, gen_random_uuid(), 'filler' from generate_series(2, $3::integer) as n`,
      [id, ada.user.id, searchedMessagesMax + 10],
    );
    await host.client.query(`update streams set head = $2 where kind = 'conversation' and id = $1`, [id, searchedMessagesMax + 10]);
    const last = await say(host, ada, id, 'walnut again');
    interface Found {
      readonly items: readonly Said[];
      readonly before: string | null;
    }
    const url = `/api/conversations/${id}/search?q=walNut`;
    const page = await ask<Found>(host, ada, 'GET', url);
    expect(page.items.map((one) => one.id)).toEqual([last.id]);
    const next = await ask<Found>(host, ada, 'GET', `${url}&before=${page.before}`);
    expect([next.items.map((one) => one.id), next.before]).toEqual([[first.id], null]);
    for (const text of ['100%', '_attic']) {
      const found = await ask<Found>(host, ada, 'GET', `/api/conversations/${id}/search?q=${encodeURIComponent(text)}&before=5`);
      expect(found.items.map((one) => one.id)).toEqual([first.id]);
    }
    await ask(host, await host.signUp(), 'GET', url, undefined, 'conversation.not_found');
  });
});

describe('changing', () => {
  test('is for the author, within a day, and an event of the stream', async () => {
    const id = await openDirect(host, ada, ben);
    const sent = await say(host, ada, id, 'Tpyo');
    const url = `${messagesUrl(id)}/${sent.id}`;
    await ask(host, ben, 'PATCH', url, { body: 'x' }, 'access.denied');
    await ask(host, await host.signUp(), 'PATCH', url, { body: 'x' }, 'message.not_found');
    const edited = await ask<Said & { editedAt: string }>(host, ada, 'PATCH', url, { body: 'Typo' });
    expect(edited).toMatchObject({ body: 'Typo', editedAt: expect.any(String) });
    expect((await eventsOf(host, id)).at(-1)).toMatchObject({
      type: 'message.edited',
      data: { id: sent.id, body: 'Typo', editedAt: edited.editedAt },
    });
    await host.client.query(`update messages set created_at = now() - interval '25 hours' where conversation_id = $1 and position = $2`, [
      id,
      sent.id,
    ]);
    await ask(host, ada, 'PATCH', url, { body: 'x' }, 'message.too_old');
  });

  test('deletes the words, keeps the place, and stays deleted', async () => {
    const id = await openDirect(host, ada, ben);
    const sent = await say(host, ada, id, 'Oops');
    const url = `${messagesUrl(id)}/${sent.id}`;
    await ask(host, ben, 'PUT', `${url}/reactions/${encodeURIComponent('👍')}`);
    await ask(host, ben, 'DELETE', url, undefined, 'access.denied');
    await ask(host, ada, 'DELETE', url, undefined, 204);
    await ask(host, ada, 'DELETE', url, undefined, 'message.not_found');
    await ask(host, ada, 'PATCH', url, { body: 'x' }, 'message.not_found');
    expect(await ask(host, ben, 'GET', url)).toMatchObject({ body: '', reactions: [], deletedAt: expect.any(String) });
    expect((await eventsOf(host, id)).at(-1)).toMatchObject({ type: 'message.deleted', data: { id: sent.id } });
    const { rows } = await host.client.query(`select body from messages where conversation_id = $1 and position = $2`, [id, sent.id]);
    expect(rows).toEqual([{ body: '' }]);
  });

  test('is open to the moderators of a sanctum, and to authors who have left', async () => {
    const member = await host.signUp();
    const { name, id } = await foundSanctum(ada, member);
    const [first, second] = [await say(host, member, id, 'one'), await say(host, member, id, 'two')];
    await ask(host, ada, 'DELETE', `${messagesUrl(id)}/${first.id}`, undefined, 204);
    await ask(host, member, 'DELETE', `/api/sanctums/${name}/membership`);
    await ask(host, member, 'PATCH', `${messagesUrl(id)}/${second.id}`, { body: 'x' }, 'message.not_found');
    await ask(host, member, 'DELETE', `${messagesUrl(id)}/${second.id}`, undefined, 204);
  });
});

describe('reactions', () => {
  test('are counted once for each person and emoji, and announced once', async () => {
    const ben = await host.signUp();
    const id = await openDirect(host, ada, ben);
    const sent = await say(host, ada, id, 'Done');
    const url = (emoji: string) => `${messagesUrl(id)}/${sent.id}/reactions/${encodeURIComponent(emoji)}`;
    const [first, second] = [reactionEmoji[5], reactionEmoji[0]];
    await ask(host, ben, 'PUT', url(first));
    await ask(host, ben, 'PUT', url(first));
    await ask(host, ada, 'PUT', url(first));
    expect(await ask(host, ben, 'PUT', url(second))).toMatchObject({
      reactions: [
        { emoji: second, count: 1, mine: true },
        { emoji: first, count: 2, mine: true },
      ],
    });
    expect(await ask(host, ben, 'DELETE', url(first))).toMatchObject({ reactions: [{ count: 1 }, { count: 1, mine: false }] });
    await ask(host, ben, 'DELETE', url(first));
    const events = (await eventsOf(host, id)).filter((event) => event.type === 'reaction.changed');
    expect(events.map((event) => [event.actor_id, event.data['emoji'], event.data['given']])).toEqual([
      [ben.user.id, first, true],
      [ada.user.id, first, true],
      [ben.user.id, second, true],
      [ben.user.id, first, false],
    ]);
    await ask(host, ben, 'PUT', url('🍆'), undefined, 'request.invalid');
  });

  test('are not there for strangers', async () => {
    const id = await openDirect(host, ada, ben);
    const sent = await say(host, ada, id, 'Done');
    const url = `${messagesUrl(id)}/${sent.id}/reactions/${encodeURIComponent('👍')}`;
    await ask(host, await host.signUp(), 'PUT', url, undefined, 'message.not_found');
  });
});

describe('blocks', () => {
  test('hide words, quotations and reactions in a group, both ways, and leave no gap to stumble over', async () => {
    const [owner, one, other] = [await host.signUp(), await host.signUp(), await host.signUp()];
    const id = await foundGroup(host, owner, one, other);
    const words = await say(host, one, id, 'hidden words');
    const quoting = await say(host, owner, id, 'quoting', { replyTo: words.id });
    await ask(host, one, 'PUT', `${messagesUrl(id)}/${quoting.id}/reactions/${encodeURIComponent('👍')}`);
    expect((await read(host, other, id)).items).toHaveLength(2);
    await block(host, one, other);
    const seen = await read(host, other, id);
    expect(seen.items).toMatchObject([{ id: quoting.id, replyTo: { id: words.id, quotation: null }, reactions: [] }]);
    await ask(host, other, 'GET', `${messagesUrl(id)}/${words.id}`, undefined, 'message.not_found');
    await ask(host, other, 'PUT', `${messagesUrl(id)}/${words.id}/reactions/${encodeURIComponent('👍')}`, undefined, 'message.not_found');
    expect(await ask(host, other, 'GET', `/api/conversations/${id}/search?q=hidden`)).toMatchObject({ items: [] });
    const mine = await say(host, other, id, 'mine');
    await ask(host, one, 'GET', `${messagesUrl(id)}/${mine.id}`, undefined, 'message.not_found');
    expect(await ask(host, one, 'GET', `/api/conversations/${id}`)).toMatchObject({
      memberCount: 2,
      lastMessage: { id: quoting.id },
      unreadCount: 1,
    });
    expect((await read(host, owner, id)).items).toHaveLength(3);
  });

  test('end a direct conversation for both', async () => {
    const [one, other] = [await host.signUp(), await host.signUp()];
    const id = await openDirect(host, one, other);
    await say(host, one, id, 'Before');
    await block(host, other, one);
    for (const person of [one, other]) {
      await ask(host, person, 'GET', messagesUrl(id), undefined, 'conversation.not_found');
      await ask(host, person, 'POST', messagesUrl(id), { clientId: randomUUID(), body: 'x' }, 'conversation.not_found');
      await ask(host, person, 'GET', `/api/conversations/${id}`, undefined, 'conversation.not_found');
      expect(await ask(host, person, 'GET', '/api/conversations')).toMatchObject({ items: [] });
    }
    await ask(host, one, 'PUT', `/api/conversations/direct/${other.user.username}`, undefined, 'user.not_found');
  });

  test('do not hide from who moderates the sanctum', async () => {
    const member = await host.signUp();
    const { id } = await foundSanctum(ada, member);
    await block(host, member, ada);
    const sent = await say(host, member, id, 'Out of reach?');
    expect((await read(host, ada, id)).items).toMatchObject([{ id: sent.id }]);
  });
});
