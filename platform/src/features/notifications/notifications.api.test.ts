import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createNotified, type Line, type Notified } from '../../../test/harness/notified.ts';
import { createTestApp, type SignedUpUser, type TestApp } from '../../../test/harness/test-app.ts';
import { notificationPage } from './notifications.schema.ts';

let host: TestApp;
let world: Notified;
beforeAll(async () => {
  host = await createTestApp({ environment: { RATE_LIMIT_FACTOR: '1000' } });
  world = await createNotified(host);
});
afterAll(async () => {
  await world.close();
  await host.close();
});

const people = (count: number) => Promise.all(Array.from({ length: count }, () => host.signUp()));
const names = (line: Line | undefined) => line?.actors.map(({ username }) => username);
async function scene(count = 3): Promise<{ ada: SignedUpUser; others: SignedUpUser[]; sanctum: string; postId: string }> {
  const [ada, ...others] = await people(count);
  if (ada === undefined) throw new Error('nobody');
  const sanctum = await world.sanctum(ada);
  return { ada, others, sanctum, postId: await world.post(ada, sanctum) };
}
const join = (person: SignedUpUser, sanctum: string) => world.send(person, 'PUT', `/api/sanctums/${sanctum}/membership`);

describe('what is told', () => {
  test('three replies to one post are one line with a count, the latest first, and one more after it was read is a new line', async () => {
    const { ada, others, postId } = await scene(4);
    const comments: string[] = [];
    for (const person of others) comments.push(await world.comment(person, postId, 'Well said.'));
    const page = await world.page(ada);
    expect(notificationPage.strict().parse(page)).toEqual(page);
    expect(page.items).toMatchObject([{ type: 'reply', count: 3, post: { id: postId }, commentId: comments[2], read: false }]);
    expect(names(page.items[0])).toEqual(others.map(({ user }) => user.username).toReversed());
    expect([page.unread, page.position]).toEqual([1, page.items[0]?.position]);
    await world.send(ada, 'PUT', '/api/me/notifications/read', {});
    await world.comment(others[0] ?? ada, postId, 'Once more.');
    const after = await world.page(ada);
    expect(after.items.map(({ count, read }) => [count, read])).toEqual([
      [1, false],
      [3, true],
    ]);
    expect(after.unread).toBe(1);
  });

  test('a reply tells the author of what was answered, and nobody of their own', async () => {
    const { ada, others, postId } = await scene(2);
    const [bob] = others as [SignedUpUser];
    const first = await world.comment(ada, postId, 'My own post.');
    const answer = await world.comment(bob, postId, 'An answer.', first);
    await world.comment(bob, postId, 'Of my own.', answer);
    expect((await world.page(ada)).items).toMatchObject([{ type: 'reply', count: 1, commentId: answer }]);
    expect((await world.page(bob)).items).toEqual([]);
  });

  test('a person called by name is told once for one text, as the author they are first', async () => {
    const { ada, others, sanctum, postId } = await scene(3);
    const [bob, eve] = others as [SignedUpUser, SignedUpUser];
    await world.comment(
      bob,
      postId,
      `@${ada.user.username} and @${eve.user.username.toUpperCase()} and @${eve.user.username}, @nobody_there`,
    );
    expect((await world.page(ada)).items.map(({ type, count }) => [type, count])).toEqual([['reply', 1]]);
    expect((await world.page(eve)).items.map(({ type, count }) => [type, count])).toEqual([['mention', 1]]);
    await join(bob, sanctum);
    const called = await world.post(bob, sanctum, `Ask @${eve.user.username}`);
    expect((await world.page(eve)).items[0]).toMatchObject({ type: 'mention', post: { id: called }, commentId: null });
  });

  test('likes are told at round numbers, once each however often they come and go, and not of their own', async () => {
    const { ada, others, postId } = await scene(3);
    const like = (person: SignedUpUser, url: string, method: 'PUT' | 'DELETE' = 'PUT') => world.send(person, method, `${url}/like`);
    const post = `/api/posts/${postId}`;
    await like(ada, post);
    expect((await world.page(ada)).items).toEqual([]);
    await like(ada, post, 'DELETE');
    for (let turn = 0; turn < 3; turn += 1) {
      await like(others[0] ?? ada, post);
      await like(others[0] ?? ada, post, 'DELETE');
    }
    await like(others[1] ?? ada, post);
    expect((await world.page(ada)).items).toMatchObject([{ type: 'likes', number: 1, count: 1, actors: [], post: { id: postId } }]);
    const comment = await world.comment(ada, postId, 'Mine.');
    await like(others[0] ?? ada, `/api/comments/${comment}`);
    expect((await world.page(ada)).items[0]).toMatchObject({ type: 'likes', number: 1, commentId: comment });
  });

  test('an invitation, a friend who asks and one who accepts', async () => {
    const [ada, bob, eve] = (await people(3)) as [SignedUpUser, SignedUpUser, SignedUpUser];
    const sanctum = await world.sanctum(ada, 'private');
    await world.send(ada, 'PUT', `/api/sanctums/${sanctum}/invitations/${bob.user.username}`, { role: 'member' });
    for (const person of [ada, eve]) await world.send(person, 'PUT', `/api/me/friend-requests/sent/${bob.user.username}`);
    const { items } = await world.page(bob);
    expect(items.map(({ type, count }) => [type, count])).toEqual([
      ['friend_request', 2],
      ['invitation', 1],
    ]);
    expect(items[1]?.sanctum?.name).toBe(sanctum);
    await world.send(bob, 'PUT', `/api/me/friend-requests/received/${ada.user.username}`);
    expect((await world.page(ada)).items).toMatchObject([{ type: 'friend_accepted', actors: [{ username: bob.user.username }] }]);
  });

  test('what moderators remove is told to its author, not by whom, and what authors remove themselves is not', async () => {
    const { ada, others, sanctum, postId } = await scene(2);
    const [bob] = others as [SignedUpUser];
    await join(bob, sanctum);
    const [removed, own] = [await world.comment(bob, postId, 'Rude.'), await world.comment(bob, postId, 'Withdrawn.')];
    const post = await world.post(bob, sanctum);
    await world.send(bob, 'DELETE', `/api/comments/${own}`);
    await world.send(ada, 'DELETE', `/api/comments/${removed}`);
    await world.send(ada, 'DELETE', `/api/posts/${post}`);
    expect((await world.page(bob)).items).toMatchObject([
      { type: 'removal', count: 2, actors: [], sanctum: { name: sanctum }, post: null },
    ]);
    // Replies that are gone are no line any more.
    expect((await world.page(ada)).items).toEqual([]);
  });
});

describe('what is not told', () => {
  test('nothing by somebody who is hidden from the reader, before or after it was told', async () => {
    const { ada, others, postId } = await scene(4);
    const [bob, eve, dan] = others as [SignedUpUser, SignedUpUser, SignedUpUser];
    for (const person of [bob, eve]) await world.comment(person, postId, 'Hello.');
    expect((await world.page(ada)).items).toMatchObject([{ count: 2 }]);
    await world.send(ada, 'PUT', `/api/me/blocks/${eve.user.username}`);
    const page = await world.page(ada);
    expect([page.items[0]?.count, names(page.items[0])]).toEqual([1, [bob.user.username]]);
    await world.send(bob, 'PUT', `/api/me/blocks/${ada.user.username}`);
    expect(await world.page(ada)).toMatchObject({ items: [], unread: 0 });
    const elsewhere = await world.post(dan, await world.sanctum(dan));
    await world.comment(bob, elsewhere, `@${ada.user.username} look`);
    expect(await world.page(ada)).toMatchObject({ items: [], unread: 0 });
  });

  test('nothing of a place that the reader may not see, at the time of telling and at the time of reading', async () => {
    const [ada, bob, eve] = (await people(3)) as [SignedUpUser, SignedUpUser, SignedUpUser];
    const sanctum = await world.sanctum(ada, 'private');
    const secret = await world.post(ada, sanctum);
    await world.comment(ada, secret, `@${bob.user.username} cannot read this`);
    expect((await world.page(bob)).items).toEqual([]);
    const open = await world.sanctum(eve);
    const postId = await world.post(eve, open);
    const mine = await world.comment(bob, postId, 'Mine.');
    await world.comment(ada, postId, 'An answer.', mine);
    expect((await world.page(bob)).items).toHaveLength(1);
    await host.client.query("update sanctums set visibility = 'private' where name = $1", [open]);
    expect(await world.page(bob)).toMatchObject({ items: [], unread: 0 });
    await host.client.query("update sanctums set visibility = 'public' where name = $1", [open]);
    expect((await world.page(bob)).items).toHaveLength(1);
  });

  test('nothing beyond what the reader chose: the thread before the sanctum before the account, and a person beside them', async () => {
    const { ada, others, sanctum, postId } = await scene(3);
    const [bob, eve] = others as [SignedUpUser, SignedUpUser];
    const choose = (scope: string, of: string, level: string) =>
      world.send(ada, 'PUT', `/api/me/notification-levels/${scope}/${of}`, { level });
    const told = async () => (await world.page(ada)).items.reduce((sum, { count }) => sum + count, 0);
    await choose('account', 'me', 'none');
    await world.comment(bob, postId, 'One.');
    expect(await told()).toBe(0);
    await choose('sanctum', sanctum, 'mentions');
    await world.comment(bob, postId, 'Two.');
    expect(await told()).toBe(0);
    await world.comment(bob, postId, `Three, @${ada.user.username}.`);
    expect((await world.page(ada)).items.map(({ type }) => type)).toEqual(['mention']);
    await choose('post', postId, 'all');
    await world.comment(bob, postId, 'Four.');
    expect(await told()).toBe(2);
    await choose('person', eve.user.username, 'none');
    await world.comment(eve, postId, `Five, @${ada.user.username}.`);
    expect(await told()).toBe(2);
    const levels = (await world.send(ada, 'GET', '/api/me/notification-levels'))['items'];
    expect(levels).toMatchObject([
      { scope: 'account', of: 'me', level: 'none' },
      { scope: 'person', of: eve.user.username, level: 'none' },
      { scope: 'post', of: postId, level: 'all' },
      { scope: 'sanctum', of: sanctum, level: 'mentions' },
    ]);
    await world.send(ada, 'DELETE', `/api/me/notification-levels/person/${eve.user.username}`);
    await world.comment(eve, postId, 'Six.');
    expect(await told()).toBe(3);
  });

  test('no more people than one may call in an hour', async () => {
    const [ada] = (await people(1)) as [SignedUpUser];
    const sanctum = await world.sanctum(ada);
    const called = await people(12);
    const text = called.map(({ user }) => `@${user.username}`).join(' ');
    for (let turn = 0; turn < 8; turn += 1) {
      await world.post(ada, sanctum, text);
      await world.page(ada);
    }
    const { rows } = await host.client.query<{ count: number }>(
      'select count(*)::integer as count from notification_events where actor_id = $1',
      [ada.user.id],
    );
    expect(rows[0]?.count).toBe(60);
    expect((await world.page(called[11] ?? ada)).items).toEqual([]);
  });
});

describe('reading', () => {
  test('a walk by pages meets every line once, newest first, and another reader cannot use its cursor', async () => {
    const { ada, others, sanctum } = await scene(2);
    const [bob] = others as [SignedUpUser];
    for (let index = 0; index < 7; index += 1) await world.comment(bob, await world.post(ada, sanctum), 'Hello.');
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page = await world.page(ada, `?limit=3${cursor === '' ? '' : `&cursor=${cursor}`}`);
      expect(page.items.length).toBeGreaterThan(0);
      seen.push(...page.items.map(({ position }) => position));
      cursor = page.nextCursor;
      if (cursor !== null) await expect(world.page(bob, `?cursor=${cursor}`)).rejects.toThrow('cursor.foreign');
    }
    expect(seen).toHaveLength(7);
    expect(seen).toEqual(seen.toSorted((one, two) => Number(two) - Number(one)));
    await expect(world.page(ada, '?limit=51')).rejects.toThrow('400');
  });

  test('marking read up to a position leaves unread what came after it', async () => {
    const { ada, others, sanctum } = await scene(2);
    const [bob] = others as [SignedUpUser];
    await world.comment(bob, await world.post(ada, sanctum), 'One.');
    const { position } = await world.page(ada);
    await world.comment(bob, await world.post(ada, sanctum), 'Two.');
    expect((await world.page(ada)).unread).toBe(2);
    expect(await world.send(ada, 'PUT', '/api/me/notifications/read', { upTo: position })).toMatchObject({ unread: 1 });
    expect((await world.page(ada)).items.map(({ read }) => read)).toEqual([false, true]);
    expect(await world.send(ada, 'GET', '/api/me/notifications/unread')).toMatchObject({ unread: 1 });
    expect(await world.send(ada, 'PUT', '/api/me/notifications/read', {})).toMatchObject({ unread: 0 });
  });

  test('the stream of the account holds every line and every reading in the order of their positions, by whom it was', async () => {
    const { ada, others, postId } = await scene(2);
    const [bob] = others as [SignedUpUser];
    const commentId = await world.comment(bob, postId, 'Hello.');
    const { items } = await world.page(ada);
    await world.send(ada, 'PUT', '/api/me/notifications/read', {});
    await world.send(ada, 'PUT', '/api/me/notifications/read', {});
    const { events, head } = await host.app.streams.read({ kind: 'notifications', id: ada.user.id }, 0, 10);
    expect(events.map(({ type, actorId, position }) => [type, actorId, position])).toEqual([
      ['notification.added', bob.user.id, Number(items[0]?.position)],
      ['notification.read', null, head],
    ]);
    expect(JSON.parse(events[0]?.data ?? '')).toMatchObject({ id: items[0]?.id, type: 'reply', count: 1, commentId });
  });
});
