import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/harness/test-database.ts';
import { createRandom } from '../../../seed/random.ts';
import { seedDemo } from '../../../seed/seed.ts';
import * as commentLikes from '../comments/likes.queries.ts';
import * as likes from './likes.queries.ts';

let test: TestDatabase;

beforeAll(async () => {
  test = await createTestDatabase();
  await seedDemo({ databaseUrl: test.url, ownerPassword: 'a long enough password', log: () => {} });
});

afterAll(async () => {
  await test.close();
});

/** Twenty at a time: more than the pool has connections, fewer than it lets wait. */
async function manyAtOnce<T>(calls: readonly T[], work: (call: T) => Promise<unknown>): Promise<void> {
  const waiting = [...calls];
  const worker = async () => {
    for (let call = waiting.shift(); call !== undefined; call = waiting.shift()) await work(call);
  };
  await Promise.all(Array.from({ length: 20 }, worker));
}

async function one<T>(text: string, values: unknown[] = []): Promise<T> {
  return (await test.client.query(text, values)).rows[0] as T;
}

describe('the like count of a post', () => {
  it('equals its likes after 400 likes and unlikes at once, and every change left its trace', async () => {
    const { id } = await one<{ id: string }>(
      "select p.id from posts p join sanctums s on s.id = p.sanctum_id where s.visibility = 'public' order by p.id limit 1",
    );
    const people = (await test.client.query<{ id: string }>('select id from users order by id')).rows.map((row) => row.id);
    const before = await one<{ changes: number }>('select count(*)::integer as changes from post_rank_changes');
    const random = createRandom(1);
    const calls = Array.from({ length: 400 }, () => ({
      query: random.next() < 0.6 ? likes.likePost : likes.unlikePost,
      reader: random.pick(people),
    }));
    await manyAtOnce(calls, (call) => test.db.one(call.query, { post_id: id, reader: call.reader }));
    const after = await one<{ counted: number; liked: number; hot: number; expected: number; changes: number }>(
      `select r.like_count as counted, (select count(*)::integer from post_likes where post_id = r.post_id) as liked, r.hot,
         log(greatest(1, r.like_count)::double precision) + extract(epoch from r.created_at - timestamptz '2020-01-01 00:00:00+00')::double precision / 45000 as expected,
         (select count(*)::integer from post_rank_changes) as changes
       from post_ranks r where r.post_id = $1`,
      [id],
    );
    expect(after.counted).toBe(after.liked);
    expect(after.counted).toBeGreaterThan(3);
    expect(after.hot).toBeCloseTo(after.expected, 9);
    expect(after.changes - before.changes).toBeGreaterThan(100);
    const steps = await test.client.query<{ like_count_before: number }>(
      'select like_count_before from post_rank_changes where post_id = $1 order by id',
      [id],
    );
    const counts = [...steps.rows.map((row) => row.like_count_before), after.counted];
    const jumps = counts.slice(1).map((count, index) => Math.abs(count - (counts[index] ?? 0)));
    expect(new Set(jumps)).toEqual(new Set([1]));
  });

  it('moves by one when the same person likes a hundred times at once', async () => {
    const {
      id,
      reader,
      likes: before,
    } = await one<{ id: string; reader: string; likes: number }>(
      `select r.post_id as id, u.id as reader, r.like_count as likes from post_ranks r, users u
       where r.popular and not exists (select from post_likes l where l.post_id = r.post_id and l.user_id = u.id) limit 1`,
    );
    const answers = await Promise.all(Array.from({ length: 50 }, () => test.db.one(likes.likePost, { post_id: id, reader })));
    expect(new Set(answers.map((answer) => answer.like_count))).toEqual(new Set([before + 1]));
  });
});

describe('the like count of a comment', () => {
  it('equals its likes after many at once', async () => {
    const { id } = await one<{ id: string }>(
      "select c.id from comments c join posts p on p.id = c.post_id join sanctums s on s.id = p.sanctum_id where s.visibility = 'public' order by c.id limit 1",
    );
    const people = (await test.client.query<{ id: string }>('select id from users order by id')).rows.map((row) => row.id);
    const calls = people.flatMap((reader) =>
      [commentLikes.likeComment, commentLikes.unlikeComment, commentLikes.likeComment, commentLikes.likeComment].map((query) => ({
        query,
        reader,
      })),
    );
    expect(calls.length).toBeGreaterThan(100);
    await manyAtOnce(calls, ({ query, reader }) => test.db.one(query, { comment_id: id, reader }));
    const after = await one<{ counted: number; liked: number }>(
      'select c.like_count as counted, (select count(*)::integer from comment_likes where comment_id = c.id) as liked from comments c where c.id = $1',
      [id],
    );
    expect(after.counted).toBe(after.liked);
  });
});
