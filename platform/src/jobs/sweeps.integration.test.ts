import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { noFiles } from '../../test/harness/no-files.ts';
import { createTestDatabase, type TestDatabase } from '../../test/harness/test-database.ts';
import { sweepRankChanges } from '../features/feeds/feeds.queries.ts';
import { sweepRequests as sweepFriendRequests } from '../features/friends/friends.queries.ts';
import { sweep as sweepInvitations } from '../features/memberships/invitations.queries.ts';
import { sweepExpired } from '../features/sessions/sessions.queries.ts';
import { sweepKeys } from '../http/routes/idempotency.queries.ts';
import { jobCatalogue } from '../job-catalogue.ts';

describe('the sweeps', () => {
  let database: TestDatabase;
  let userId: string;

  beforeAll(async () => {
    database = await createTestDatabase();
    const { rows } = await database.client.query(
      "insert into users (username, email, password_hash, display_name) values ('ada', 'a@b', 'x', 'Ada') returning id::text",
    );
    userId = rows[0].id;
  });
  afterAll(() => database.close());

  async function run(name: string): Promise<void> {
    const job = jobCatalogue.find((candidate) => candidate.name === name);
    if (job === undefined) throw new Error(`there is no job "${name}"`);
    const streams = { append: () => Promise.reject(new Error('a sweep tells nobody')) };
    await job.handler({} as never, { db: database.db, streams, files: noFiles, signal: AbortSignal.timeout(20_000), attempt: 1 });
  }

  async function remaining(table: string): Promise<number> {
    const { rows } = await database.client.query(`select count(*)::integer as count from ${table}`);
    return rows[0].count;
  }

  it('removes answers older than a day, in as many batches as it takes, and no younger one', async () => {
    await database.client.query(
      `insert into idempotency_keys (user_id, key, route, request_hash, created_at)
       select $1, 'key-' || lpad(n::text, 8, '0'), 'POST /x', '', now() - case when n <= 2500 then interval '25 hours' else interval '23 hours' end
       from generate_series(1, 2600) as n`,
      [userId],
    );
    expect(await remaining('idempotency_keys')).toBe(2600);
    await run('sweep_idempotency_keys');
    expect(await remaining('idempotency_keys')).toBe(100);
  });

  it('removes rank changes older than an hour, and no younger one', async () => {
    const { rows } = await database.client.query("insert into sanctums (name, title, owner_id) values ('kayaking', 'x', $1) returning id", [
      userId,
    ]);
    const { rows: posts } = await database.client.query(
      "insert into posts (sanctum_id, author_id, kind, title, body) values ($1, $2, 'text', 'x', 'x') returning id",
      [rows[0].id, userId],
    );
    await database.client.query(
      `insert into post_rank_changes (post_id, hot_before, like_count_before, created_at)
       select $1, 0, 0, now() - case when n <= 1200 then interval '61 minutes' else interval '59 minutes' end from generate_series(1, 1300) as n`,
      [posts[0].id],
    );
    expect(await remaining('post_rank_changes')).toBe(1300);
    await run('sweep_post_rank_changes');
    expect(await remaining('post_rank_changes')).toBe(100);
  });

  it('removes sessions that ended more than a week ago, and no other', async () => {
    await database.client.query(
      "insert into sessions (user_id, nonce, expires_at) select $1, '', now() + n * interval '1 day' + interval '1 minute' from generate_series(-10, 10) as n",
      [userId],
    );
    expect(await remaining('sessions')).toBe(21);
    await run('sweep_expired_sessions');
    expect(await remaining('sessions')).toBe(18);
  });

  it('removes friend requests whose time is over, whatever became of them, and no other', async () => {
    await database.client.query(
      `with others as (
         insert into users (username, email, password_hash, display_name)
         select 'asked_' || n, 'asked_' || n || '@b', 'x', 'Asked' from generate_series(1, 6) as n returning id
       ),
       numbered as (select id, row_number() over (order by id) as n from others)
       insert into friend_requests (from_id, to_id, expires_at, declined_at)
       select $1, id, now() + case when n <= 4 then interval '-1 minute' else interval '1 minute' end, case when n % 2 = 0 then now() end from numbered`,
      [userId],
    );
    expect(await remaining('friend_requests')).toBe(6);
    await run('sweep_friend_requests');
    expect(await remaining('friend_requests')).toBe(2);
  });

  it('leaves a row alone that another transaction holds', async () => {
    await database.client.query('delete from idempotency_keys');
    await database.client.query(
      "insert into idempotency_keys (user_id, key, route, request_hash, created_at) values ($1, 'key-held-1', 'POST /x', '', now() - interval '2 days')",
      [userId],
    );
    await database.client.query('begin');
    await database.client.query('select 1 from idempotency_keys for update');
    await run('sweep_idempotency_keys');
    await database.client.query('commit');
    expect(await remaining('idempotency_keys')).toBe(1);
    await run('sweep_idempotency_keys');
    expect(await remaining('idempotency_keys')).toBe(0);
  });

  it.each([sweepKeys, sweepRankChanges, sweepExpired, sweepInvitations, sweepFriendRequests])(
    'finds what is old by an index: $name',
    async ({ text, usesIndex }) => {
      await database.client.query('begin');
      await database.client.query('set local enable_seqscan = off');
      const { rows } = await database.client.query(`explain (generic_plan) ${text}`);
      await database.client.query('rollback');
      const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
      expect(plan).toContain(usesIndex[0]);
      expect(plan).not.toContain('Sort');
    },
  );
});
