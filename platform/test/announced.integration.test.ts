/** What services announce: once for what happened, not at all for what did not. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Reader } from '../src/api/reader.ts';
import type { Announcements } from '../src/events/events.ts';
import { createBans } from '../src/features/memberships/bans.service.ts';
import { createMemberships } from '../src/features/memberships/memberships.service.ts';
import { createSanctums } from '../src/features/sanctums/sanctums.service.ts';
import { createTestDatabase, type TestDatabase } from './harness/test-database.ts';

let database: TestDatabase;
let owner: Reader;
let member: Reader;
let sanctumId: string;
const heard: unknown[] = [];
/** Hears after the commit, as subscribers do. */
const events: Announcements = {
  announce: (executor, event, data) => executor.afterCommit(() => void heard.push([event, data])),
};
const cursors = { sign: () => '', open: () => expect.fail('no cursor is opened here') };

beforeAll(async () => {
  database = await createTestDatabase();
  const people = await database.client.query<{ id: string }>(
    `insert into users (username, email, password_hash, display_name)
     select name, name || '@example.org', 'x', name from unnest(array['founder', 'guest']) as name returning id::text`,
  );
  const [first, second] = people.rows.map(({ id }): Reader => ({ userId: id, sessionId: '', role: 'user' }));
  if (first === undefined || second === undefined) throw new Error('the people were not planted');
  [owner, member] = [first, second];
  const founded = await database.db.transaction((tx) =>
    createSanctums(needs()).create(tx, owner, {
      name: 'Announced',
      title: 'Announced',
      description: '',
      visibility: 'public',
    }),
  );
  sanctumId = founded.id;
});
beforeEach(() => {
  heard.length = 0;
});
afterAll(() => database.close());

/** Whatever else the services want: it is not what is asked here. */
const needs = () => ({ db: database.db, cursors, events, places: { welcome: async () => {}, dismiss: async () => {} } });
const memberships = () => createMemberships(needs());
const both = () => ({ sanctumId, userId: member.userId });

test('coming and going is announced when it happens, and a repetition is none', async () => {
  for (const _ of [1, 2]) await memberships().join(member, 'announced');
  expect(heard).toEqual([['memberJoined', both()]]);
  for (const _ of [1, 2]) await memberships().leave(member, 'announced');
  expect(heard).toEqual([
    ['memberJoined', both()],
    ['memberLeft', both()],
  ]);
});

test('what is refused is not announced', async () => {
  await expect(memberships().leave(owner, 'announced')).rejects.toMatchObject({ code: 'sanctum.owner_stays' });
  await expect(createBans(needs()).ban(member, 'announced', 'founder')).rejects.toMatchObject({
    code: 'access.denied',
  });
  expect(heard).toEqual([]);
});

test('a ban is announced once as a ban, and not as going', async () => {
  await memberships().join(member, 'announced');
  heard.length = 0;
  await createBans(needs()).removeMember(owner, 'announced', 'guest');
  expect(heard).toEqual([['memberBanned', both()]]);
});

test('a sanctum that turns private is hidden, one that turns public is shown, and another title is neither', async () => {
  const sanctums = createSanctums(needs());
  for (const visibility of ['private', 'private', 'public'] as const) await sanctums.update(owner, 'announced', { visibility });
  await sanctums.update(owner, 'announced', { title: 'Another' });
  expect(heard).toEqual([
    ['sanctumHidden', { sanctumId }],
    ['sanctumShown', { sanctumId }],
  ]);
});
