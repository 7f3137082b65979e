import { afterEach, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../test/harness/test-database.ts';
import { makeDemoContent } from './demo-content.ts';
import { hobbies } from './hobbies/all.ts';
import { seedScale } from './scale.ts';
import { seedDemo } from './seed.ts';

const open: TestDatabase[] = [];

async function database(): Promise<TestDatabase> {
  const test = await createTestDatabase();
  open.push(test);
  return test;
}

afterEach(async () => {
  for (const test of open.splice(0)) await test.close();
});

const options = { ownerPassword: 'a long enough password', log: () => {} };

async function counts(test: TestDatabase): Promise<Record<string, number>> {
  const { rows } = await test.client.query<Record<string, number>>(`
    select (select count(*)::integer from users) as users, (select count(*)::integer from sanctums) as sanctums, (select count(*)::integer from posts) as posts,
      (select count(*)::integer from comments) as comments, (select count(*)::integer from post_likes) as likes, (select count(*)::integer from messages) as messages`);
  return rows[0] ?? {};
}

/** What a start waits for: a statement per table, not one per row. */
const statementsMax = 60;

async function statementsOfOthers(test: TestDatabase): Promise<number> {
  const { rows } = await test.client.query<{ calls: number }>(`
    select coalesce(sum(calls), 0)::integer as calls from pg_stat_statements
    where dbid = (select oid from pg_database where datname = current_database()) and query like '%insert%'`);
  const calls = rows[0]?.calls ?? 0;
  if (calls === 0) throw new Error('no statement was counted');
  return calls;
}

/** Rows whose counter is not the count of what it counts. */
const wrongCounters = `
  select 'post' as kind from post_ranks r where like_count <> (select count(*) from post_likes l where l.post_id = r.post_id)
    or comment_count <> (select count(*) from comments c where c.post_id = r.post_id and c.deleted_at is null)
  union all
  select 'comment' from comments p where child_count <> (select count(*) from comments c where c.parent_id = p.id)
    or (like_count <> (select count(*) from comment_likes l where l.comment_id = p.id) and $1)
  union all
  select 'sanctum' from sanctums s where member_count <> (select count(*) from memberships m where m.sanctum_id = s.id)`;

describe('demo data', () => {
  it('fills an empty database once, fast, with counters that are true and nothing from the future', async () => {
    const test = await database();
    await test.client.query('create extension if not exists pg_stat_statements');
    const first = await seedDemo({ ...options, databaseUrl: test.url });
    expect(await statementsOfOthers(test)).toBeLessThan(statementsMax);
    expect(first).toMatchObject({ seeded: true, owner: { username: 'keeper' } });
    const made = await counts(test);
    expect(made).toMatchObject({ users: 31, sanctums: hobbies.length });
    expect(made['posts']).toBeGreaterThan(130);
    expect(made['comments']).toBeGreaterThan(800);
    const { rows: talk } = await test.client.query(
      `select (select count(*)::integer from messages) as messages, (select count(*)::integer from stream_events where type = 'message.sent') as events,
         (select count(*)::integer from streams s where s.kind = 'conversation'
            and s.head <> (select count(*) from messages m where m.conversation_id = s.id)) as wrong_heads,
         (select count(*)::integer from messages m join conversations c on c.id = m.conversation_id
            where c.sanctum_id is not null and not exists (select from memberships p where p.sanctum_id = c.sanctum_id and p.user_id = m.author_id)) as strangers,
         (select array_agg(distinct kind order by kind) from conversations where exists (select from messages m where m.conversation_id = conversations.id)) as kinds`,
    );
    expect(talk).toEqual([
      { messages: made['messages'], events: made['messages'], wrong_heads: 0, strangers: 0, kinds: ['direct', 'group', 'sanctum'] },
    ]);
    expect(made['messages']).toBeGreaterThan(40);
    expect(made['likes']).toBeGreaterThan(500);
    expect((await test.client.query(wrongCounters, [true])).rows).toEqual([]);
    expect(
      (await test.client.query('select from posts where created_at > now() union all select from comments where created_at > now()'))
        .rowCount,
    ).toBe(0);
    expect(
      (await test.client.query('select from comments c join comments p on p.id = c.parent_id where c.created_at < p.created_at')).rowCount,
    ).toBe(0);
    expect((await seedDemo({ ...options, databaseUrl: test.url })).seeded).toBe(false);
    expect(await counts(test)).toEqual(made);
  });

  it('is made once by two that start at the same time', async () => {
    const test = await database();
    const results = await Promise.all([1, 2].map(() => seedDemo({ ...options, databaseUrl: test.url })));
    expect(results.map(({ seeded }) => seeded).toSorted()).toEqual([false, true]);
    expect((await counts(test))['users']).toBe(31);
  });

  it('leaves the sequences behind what it inserted', async () => {
    const test = await database();
    await seedDemo({ ...options, databaseUrl: test.url });
    for (const table of ['users', 'sanctums', 'posts', 'comments']) {
      const { rows } = await test.client.query<{ free: boolean }>(
        `select nextval(pg_get_serial_sequence('${table}', 'id')) > (select max(id) from ${table}) as free`,
      );
      expect(rows).toEqual([{ free: true }]);
    }
  });

  it('is the same every time and says nothing twice in one thread', () => {
    const content = makeDemoContent({ endsAt: 1_800_000_000_000 });
    expect(makeDemoContent({ endsAt: 1_800_000_000_000 })).toEqual(content);
    const threads = content.posts.map(({ comments }) => comments.map(({ body }) => body)).filter((bodies) => bodies.length > 1);
    expect(threads.length).toBeGreaterThan(100);
    for (const bodies of threads) expect(new Set(bodies).size).toBe(bodies.length);
  });
});

describe('bulk data', () => {
  it('has true counters and refuses a database with people', async () => {
    const test = await database();
    await seedScale({ databaseUrl: test.url, posts: 500, comments: 300, users: 50 });
    expect(await counts(test)).toMatchObject({ users: 50, posts: 500, comments: 300 });
    expect((await test.client.query(wrongCounters, [false])).rows).toEqual([]);
    await expect(seedScale({ databaseUrl: test.url, posts: 1, comments: 1, users: 1 })).rejects.toThrow('has users already');
    const inserted = await test.client.query(
      "insert into comments (post_id, author_id, depth, body, body_html) values (1, 1, 0, 'x', 'x') returning id",
    );
    expect(inserted.rows).toEqual([{ id: '301' }]);
  });
});
