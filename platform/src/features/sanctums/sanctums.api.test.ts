import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApp, type SignedUpUser, type TestApp } from '../../../test/harness/test-app.ts';
import { sanctum, sanctumPage } from './sanctums.schema.ts';

let host: TestApp;
let owner: SignedUpUser;
let other: SignedUpUser;

beforeAll(async () => {
  host = await createTestApp();
  owner = await host.signUp('owner');
  other = await host.signUp('other');
});
afterAll(() => host.close());

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

function call(method: Method, url: string, user?: SignedUpUser, payload?: object, headers: Record<string, string> = {}) {
  return host.app.inject({ method, url, headers: { ...user?.headers, ...headers }, ...(payload === undefined ? {} : { payload }) });
}

function found(name: string, overrides: object = {}, headers: Record<string, string> = {}) {
  return call('POST', '/api/sanctums', owner, { name, title: `About ${name}`, ...overrides }, headers);
}

/** Many people by SQL: registering them would cost a password hash each. */
async function plantPeople(prefix: string, count: number): Promise<string[]> {
  const { rows } = await host.client.query<{ id: string }>(
    `insert into users (username, email, password_hash, display_name)
     select $1 || n, $1 || n || '@example.org', '', $1 || n from generate_series(1, $2) n returning id`,
    [prefix, count],
  );
  expect(rows).toHaveLength(count);
  return rows.map((row) => row.id);
}

describe('founding a sanctum', () => {
  test('makes its founder the owner and gives it its conversation', async () => {
    const response = await found('Woodworking', { description: 'Planes & chisels' });
    expect(response.statusCode).toBe(201);
    const body = sanctum.parse(response.json());
    expect(body).toMatchObject({ name: 'Woodworking', visibility: 'public', memberCount: 1, role: 'owner' });
    const { rows } = await host.client.query(
      `select (select count(*)::integer from conversations where sanctum_id = $1) as conversations,
              (select array_agg(role) from memberships where sanctum_id = $1) as roles`,
      [body.id],
    );
    expect(rows).toEqual([{ conversations: 1, roles: ['owner'] }]);
  });

  test('a name that differs only in case is taken; of many at once one wins and nothing of the losers stays', async () => {
    await found('Sourdough');
    expect((await found('sOURDOUGH')).json().code).toBe('sanctum.name_taken');
    const answers = await Promise.all(Array.from({ length: 10 }, () => found('Astronomy')));
    expect(answers.filter((answer) => answer.statusCode === 201)).toHaveLength(1);
    expect(answers.filter((answer) => answer.statusCode === 409)).toHaveLength(9);
    const { rows } = await host.client.query(
      `select count(*)::integer as conversations from conversations c join sanctums s on s.id = c.sanctum_id where lower(s.name) = 'astronomy'`,
    );
    expect(rows).toEqual([{ conversations: 1 }]);
  });

  test('sent twice with one Idempotency-Key happens once', async () => {
    const key = { 'idempotency-key': 'found-knitting-0001' };
    const first = await found('Knitting', {}, key);
    const again = await found('Knitting', {}, key);
    expect([first.statusCode, again.statusCode]).toEqual([201, 201]);
    expect(again.body).toBe(first.body);
    expect(again.headers['idempotency-replayed']).toBe('true');
  });

  test.each([
    ['a name with a dash', { name: 'a-b-c' }],
    ['an empty title', { title: '  ' }],
    ['a title of 101 characters', { title: 'x'.repeat(101) }],
    ['an unknown visibility', { visibility: 'secret' }],
    ['an owner of choice', { ownerId: '1' }],
  ])('%s is refused', async (_, overrides) => {
    expect((await found('Refused', overrides)).json().code).toBe('request.invalid');
  });
});

describe('joining and leaving', () => {
  test('are safe to repeat and keep the count', async () => {
    await found('Running');
    const membership = '/api/sanctums/running/membership';
    for (const _ of [1, 2]) expect((await call('PUT', membership, other)).json()).toMatchObject({ memberCount: 2, role: 'member' });
    for (const _ of [1, 2]) expect((await call('DELETE', membership, other)).json()).toMatchObject({ memberCount: 1, role: null });
    expect((await call('DELETE', membership, owner)).json().code).toBe('sanctum.owner_stays');
    expect((await call('PUT', '/api/sanctums/Nowhere/membership', other)).json().code).toBe('sanctum.not_found');
  });

  test('fifty people who come and go at once leave the count exact', async () => {
    const id = (await found('Crowded')).json().id as string;
    const { createMemberships } = await import('../memberships/memberships.service.ts');
    const memberships = createMemberships({
      db: host.db,
      cursors: { sign: () => '', open: () => expect.fail('no cursor is opened here') },
      events: { announce: () => {} },
      places: { welcome: async () => {}, dismiss: async () => {} },
    });
    const people = await plantPeople('crowd_', 50);
    const readers = people.map((userId) => ({ userId, sessionId: '', role: 'user' as const }));
    await Promise.all(
      readers.flatMap((reader, index) => [
        memberships.join(reader, 'Crowded'),
        memberships.join(reader, 'crowded'),
        ...(index % 2 === 0 ? [memberships.leave(reader, 'CROWDED')] : []),
      ]),
    );
    const { rows } = await host.client.query(
      `select member_count, (select count(*)::integer from memberships where sanctum_id = $1) as members from sanctums where id = $1`,
      [id],
    );
    expect(rows[0].member_count).toBe(rows[0].members);
    expect(rows[0].members).toBeGreaterThanOrEqual(26);
  });
});

describe('a private sanctum', () => {
  beforeAll(async () => {
    expect((await found('Secrets', { visibility: 'private' })).statusCode).toBe(201);
  });

  test('can be found by name, cannot be joined, and hides its members', async () => {
    expect((await call('GET', '/api/sanctums/Secrets')).json()).toMatchObject({ title: 'About Secrets', memberCount: 1, role: null });
    expect((await call('PUT', '/api/sanctums/Secrets/membership', other)).json().code).toBe('sanctum.private');
    expect((await call('GET', '/api/sanctums/Secrets/members', other)).json().code).toBe('sanctum.not_found');
    expect((await call('GET', '/api/sanctums/Secrets/members')).json().code).toBe('sanctum.not_found');
    expect((await call('GET', '/api/sanctums/Nowhere_at_all/members')).json().code).toBe('sanctum.not_found');
    expect((await call('GET', '/api/sanctums/Secrets/members', owner)).json().items).toHaveLength(1);
  });

  test('opens for those who accept an invitation, and for nobody else', async () => {
    const invited = await call('PUT', '/api/sanctums/Secrets/invitations/other', owner, { role: 'member' });
    expect(invited.json()).toMatchObject({ username: 'other', role: 'member', invitedBy: { username: 'owner' } });
    expect((await call('GET', '/api/sanctums/Secrets/members', other)).json().code).toBe('sanctum.not_found');
    expect((await call('PUT', '/api/me/invitations/Secrets', other)).json()).toMatchObject({ role: 'member', memberCount: 2 });
    expect((await call('GET', '/api/sanctums/Secrets/members', other)).json().items).toHaveLength(2);
    expect((await call('PUT', '/api/sanctums/Secrets/membership', other)).json().role).toBe('member');
    expect((await call('DELETE', '/api/sanctums/Secrets/members/other', owner)).statusCode).toBe(204);
    expect((await call('GET', '/api/sanctums/Secrets/members', other)).statusCode).toBe(404);
  });
});

describe('lists', () => {
  async function walk(first: string, user?: SignedUpUser) {
    const items: { name?: string; username?: string }[] = [];
    let cursor: string | null = null;
    do {
      const response = await call('GET', cursor === null ? first : `${first}&cursor=${encodeURIComponent(cursor)}`, user);
      expect(response.statusCode).toBe(200);
      const page = response.json();
      items.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor !== null && items.length < 1000);
    return items;
  }

  test('of sanctums shows each once, biggest first, and its bytes have the declared shape', async () => {
    await host.client.query(
      `insert into sanctums (name, title, owner_id, member_count) select 'listed_' || n, 'T', $1, n % 5 from generate_series(1, 40) n`,
      [owner.user.id],
    );
    const { rows } = await host.client.query<{ name: string }>(`select name from sanctums order by member_count desc, id desc`);
    expect(rows.length).toBeGreaterThan(40);
    const items = await walk('/api/sanctums?limit=7', owner);
    expect(items.map((item) => item.name)).toEqual(rows.map((row) => row.name));
    const page = (await call('GET', '/api/sanctums?limit=50', owner)).json();
    expect(sanctumPage.strict().parse(page).items.length).toBeGreaterThan(40);
  });

  test('of my sanctums shows only those, and needs to know who asks', async () => {
    await call('PUT', '/api/sanctums/Woodworking/membership', other);
    expect((await walk('/api/sanctums?mine=true&limit=1', other)).map((item) => item.name)).toEqual(['Woodworking']);
    expect((await call('GET', '/api/sanctums?mine=true')).json().code).toBe('auth.required');
  });

  test('of members go page by page', async () => {
    const id = (await found('Big')).json().id;
    const people = await plantPeople('page_', 23);
    await host.client.query(`insert into memberships (sanctum_id, user_id) select $1, unnest($2::bigint[])`, [id, people]);
    const names = (await walk('/api/sanctums/big/members?limit=5')).map((item) => item.username);
    expect(names).toEqual(['owner', ...Array.from({ length: 23 }, (_, n) => `page_${n + 1}`)]);
  });

  test('refuse a cursor of another list, another reader, or nobody', async () => {
    const cursor = async (url: string, user?: SignedUpUser) => encodeURIComponent((await call('GET', url, user)).json().nextCursor);
    const mine = await cursor('/api/sanctums?limit=1', owner);
    expect((await call('GET', `/api/sanctums?limit=1&cursor=${mine}`, owner)).statusCode).toBe(200);
    expect((await call('GET', `/api/sanctums?cursor=${mine}`, other)).json().code).toBe('cursor.foreign');
    expect((await call('GET', `/api/sanctums?cursor=${mine}`)).json().code).toBe('cursor.foreign');
    expect((await call('GET', `/api/sanctums?mine=true&cursor=${mine}`, owner)).json().code).toBe('cursor.foreign');
    expect((await call('GET', `/api/sanctums/Big/members?cursor=${mine}`, owner)).json().code).toBe('cursor.foreign');
    expect((await call('GET', '/api/sanctums?cursor=nonsense', owner)).json().code).toBe('cursor.invalid');
  });
});

describe('changing the visibility', () => {
  const popularity = async () =>
    (
      await host.client.query(
        `select r.popular from post_ranks r join sanctums s on s.id = r.sanctum_id where s.name = 'Turning' order by r.post_id`,
      )
    ).rows.map((row) => row.popular);

  test('takes the posts out of the popular feed and brings the listed ones back', async () => {
    await found('Turning');
    const write = async () => {
      const response = await call('POST', '/api/sanctums/Turning/posts', owner, { kind: 'text', title: 'A bowl', body: 'Ash.' });
      expect(response.statusCode).toBe(201);
      return response;
    };
    const first = (await write()).json();
    await write();
    await call('DELETE', `/api/posts/${first.id}`, owner);
    expect(await popularity()).toEqual([false, true]);
    await call('PATCH', '/api/sanctums/Turning', owner, { visibility: 'private' });
    expect(await popularity()).toEqual([false, false]);
    await write();
    expect(await popularity()).toEqual([false, false, false]);
    await call('PATCH', '/api/sanctums/Turning', owner, { visibility: 'public' });
    expect(await popularity()).toEqual([false, true, true]);
  });

  test('while people post leaves no post with the visibility of before', async () => {
    for (let round = 0; round < 10; round += 1) {
      const visibility = round % 2 === 0 ? 'private' : 'public';
      await Promise.all([
        ...Array.from({ length: 4 }, (_, number) =>
          call('POST', '/api/sanctums/Turning/posts', owner, { kind: 'text', title: `Race ${round} ${number}`, body: '' }),
        ),
        call('PATCH', '/api/sanctums/Turning', owner, { visibility }),
      ]);
      const shown = await host.client.query(
        `select count(*)::integer as wrong from post_ranks r join sanctums s on s.id = r.sanctum_id where s.name = 'Turning' and r.listed and r.popular <> (s.visibility = 'public')`,
      );
      expect(shown.rows).toEqual([{ wrong: 0 }]);
    }
    expect((await popularity()).length).toBeGreaterThan(20);
  });
});
