/** Faults of the stores: an index that is gone, a lock with a queue, a key that nobody declared. */
import pg from 'pg';
import { redisCommand } from '../lib/redis-command.ts';
import { pasteShell, runSql } from './fault.ts';
import type { Fault } from './fault.ts';

const undeclaredKey = 'drill:undeclared';
const queueLength = 2;
const queueTimeoutMs = 10_000;
const pollMs = 20;

export const lostIndex: Fault = {
  name: 'index idx_posts_sanctum_id dropped',
  check: 'postgres/unindexed-foreign-key',
  severity: 'high',
  wayBack: 'fix pasted',
  names: 'posts (sanctum_id)',
  plant: (scene) => runSql(scene, 'drop index idx_posts_sanctum_id'),
  cure: (scene, finding) => runSql(scene, finding.fix),
};

/** A session that holds a lock on posts in an open transaction, and readers that wait behind it. */
export function createConvoy(): Fault {
  const clients: pg.Client[] = [];
  const waiting: Promise<unknown>[] = [];

  return {
    name: 'a lock with a queue behind it',
    check: 'postgres/lock-convoy',
    severity: 'critical',
    wayBack: 'fix pasted',
    names: 'posts',
    async plant({ stack }) {
      const { databaseUrl } = stack.addresses();
      for (let count = 0; count < queueLength + 2; count += 1) {
        const client = new pg.Client({ connectionString: databaseUrl, application_name: 'drill' });
        // The fix ends the session that holds the lock: its client is told so here.
        client.on('error', () => undefined);
        await client.connect();
        clients.push(client);
      }
      const [holder, observer, ...readers] = clients;
      await holder?.query('begin');
      await holder?.query('lock table posts in access exclusive mode');
      // Settled once the lock is gone, by an answer or by the end of the session.
      waiting.push(...readers.map((reader) => reader.query('select count(*) from posts').catch(() => undefined)));
      await untilQueued(observer);
    },
    cure: (scene, finding) => runSql(scene, finding.fix),
    async tidy() {
      await Promise.allSettled(clients.splice(0).map((client) => client.end()));
      await Promise.allSettled(waiting.splice(0));
    },
  };
}

async function untilQueued(observer: pg.Client | undefined): Promise<void> {
  const deadline = performance.now() + queueTimeoutMs;
  for (;;) {
    const answer = await observer?.query<{ waiting: number }>(
      `select count(*)::int as waiting from pg_stat_activity
       where application_name = 'drill' and cardinality(pg_blocking_pids(pid)) > 0 and clock_timestamp() - query_start > interval '1 second'`,
    );
    if ((answer?.rows[0]?.waiting ?? 0) >= queueLength) return;
    if (performance.now() > deadline) throw new Error('the planted queue did not form');
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}

export const undeclaredRedisKey: Fault = {
  name: 'a Redis key that nobody declared',
  check: 'redis/unknown-key-pattern',
  severity: 'high',
  wayBack: 'fix pasted',
  names: undeclaredKey,
  plant: async ({ stack }) => {
    const { redisUrl } = stack.addresses();
    if (redisUrl === undefined) throw new Error('this stack has no Redis: install redis-server (make tools) and run the drill again');
    await redisCommand(redisUrl, 'set', undeclaredKey, '1');
  },
  cure: pasteShell,
};
