/** What the platform promises when Redis is killed, stalled, restarted, flushed or read-only. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTestRedis, type TestRedis } from '../../test/harness/redis-server.ts';
import { settlesWithin } from '../../test/harness/settles-within.ts';
import { requireTool } from '../../test/harness/tools.ts';
import { waitUntil } from '../../test/harness/wait-until.ts';
import { createRedisStore, type RedisStore } from './redis-store.ts';
import { StoreUnavailable } from './store.ts';

const program = requireTool('redis-server');
const failWithinMs = 300;
const openWithinMs = 1000;

/** Why a command failed; undefined when it did not fail. Anything but StoreUnavailable is thrown. */
async function failureOf(command: () => Promise<unknown>): Promise<StoreUnavailable | undefined> {
  try {
    await command();
    return undefined;
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error;
    return error;
  }
}

describe.skipIf(program === undefined)('the Redis store under faults', () => {
  let redis: TestRedis;
  let store: RedisStore;
  let errors: unknown[];

  beforeEach(async () => {
    redis = await startTestRedis(program ?? '');
    errors = [];
    store = createRedisStore({ url: redis.url, onError: (error) => errors.push(error) });
    await store.connected;
    await store.set('before', 'there', 600);
  });
  afterEach(async () => {
    redis.resume();
    await store.close();
    await redis.close();
  });

  async function expectOutage(): Promise<void> {
    let attempts = 0;
    while (!store.isOpen()) {
      attempts += 1;
      // Each fails in time, and few enough in a row that the outage is known in time.
      expect(attempts * failWithinMs).toBeLessThanOrEqual(openWithinMs);
      const failure = failureOf(() => store.get('before'));
      expect(await settlesWithin(failWithinMs, failure)).toBe(true);
      expect(await failure).toBeDefined();
    }
    // Free of charge: a thousand commands fail before this process has turned to anything else.
    let turns = 0;
    const immediate = setImmediate(() => (turns += 1));
    for (let index = 0; index < 1000; index += 1) expect(await failureOf(() => store.get('before'))).toBeDefined();
    expect(turns).toBe(0);
    clearImmediate(immediate);
  }

  async function expectRecovery(): Promise<void> {
    await waitUntil('the breaker closes', () => !store.isOpen());
    await store.set('after', 'there', 60);
    expect(await store.get('after')).toBe('there');
  }

  it('fails fast when Redis is killed, and recovers when it is started again', async () => {
    await redis.kill();
    await expectOutage();
    await redis.start();
    await expectRecovery();
  });

  it('fails fast when Redis accepts and never answers, and recovers when it goes on', async () => {
    redis.stall();
    await expectOutage();
    redis.resume();
    await expectRecovery();
    expect(await store.get('before')).toBe('there');
  });

  it('recovers from a stall that lasted longer than its connections', async () => {
    redis.stall();
    await expectOutage();
    errors.length = 0;
    await waitUntil('several connections were given up', () => errors.length >= 3);
    redis.resume();
    await expectRecovery();
  });

  it('keeps nothing of a hundred thousand commands sent into a stall', async () => {
    redis.stall();
    await expectOutage();
    globalThis.gc?.();
    const before = process.memoryUsage().heapUsed;
    const value = 'x'.repeat(10_000);
    for (let round = 0; round < 100; round += 1) {
      await Promise.allSettled(Array.from({ length: 1000 }, (_, index) => store.set(`stalled-${round}-${index}`, value, 60)));
    }
    globalThis.gc?.();
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(32 * 1024 * 1024);
    redis.resume();
    await expectRecovery();
    expect(await redis.command('dbsize')).toBe(2);
  });

  it('limits the commands in flight when thousands arrive at once in a stall', async () => {
    redis.stall();
    const outcomes = await Promise.allSettled(Array.from({ length: 5000 }, () => store.get('before')));
    const causes = outcomes.map((outcome) => (outcome.status === 'rejected' ? String((outcome.reason as Error).cause) : 'answered'));
    const refused = causes.filter((cause) => cause.includes('commands wait for Redis'));
    expect(refused.length).toBeGreaterThanOrEqual(4000);
    expect(causes).not.toContain('answered');
  });

  it('never counts an increment twice across a stall', async () => {
    let acknowledged = 0;
    let sent = 0;
    const add = async () => {
      sent += 1;
      if ((await failureOf(() => store.increment('count', 600))) === undefined) acknowledged += 1;
    };
    await Promise.all(Array.from({ length: 200 }, add));
    redis.stall();
    await Promise.all(Array.from({ length: 200 }, add));
    redis.resume();
    await expectRecovery();
    await Promise.all(Array.from({ length: 200 }, add));
    expect(acknowledged).toBeGreaterThanOrEqual(400);
    const count = Number(await redis.command('get', 'count'));
    expect(count).toBeGreaterThanOrEqual(acknowledged);
    expect(count).toBeLessThanOrEqual(sent);
  });

  it('answers with nothing after a flush, without a failure', async () => {
    await redis.command('flushall');
    expect(await store.get('before')).toBeUndefined();
    expect(store.isOpen()).toBe(false);
  });

  it('fails writes and serves reads on a read-only replica, and writes again once it is a primary', async () => {
    const other = await startTestRedis(program ?? '');
    try {
      await other.command('set', 'before', 'there');
      await redis.command('replicaof', '127.0.0.1', new URL(other.url).port);
      await waitUntil('the replica is in step', async () =>
        String(await redis.command('info', 'replication')).includes('master_link_status:up'),
      );
      expect(String((await failureOf(() => store.set('x', 'y', 60)))?.cause)).toContain('READONLY');
      await waitUntil('reads work', async () => (await store.get('before').catch(() => undefined)) === 'there');
      await redis.command('replicaof', 'no', 'one');
      await expectRecovery();
    } finally {
      await other.close();
    }
  });

  it('hears messages again after a restart, and is told that some may be lost', async () => {
    const heard: string[] = [];
    let gaps = 0;
    const subscription = await store.subscribe(
      'room',
      (message) => heard.push(message),
      () => (gaps += 1),
    );
    await store.publish('room', 'one');
    await waitUntil('the first message', () => heard.length === 1);
    await redis.kill();
    await expectOutage();
    await redis.start();
    await waitUntil('a message after the restart', async () => {
      await failureOf(() => store.publish('room', 'two'));
      return heard.includes('two');
    });
    expect(gaps).toBe(1);
    await subscription.close();
  });

  it('notices that the listening connection is stalled, and hears again when the stall is over', async () => {
    const heard: string[] = [];
    let gaps = 0;
    const subscription = await store.subscribe(
      'room',
      (message) => heard.push(message),
      () => (gaps += 1),
    );
    redis.stall();
    await waitUntil('a heartbeat was missed', () => errors.some((error) => String(error).includes('timed out')));
    redis.resume();
    await waitUntil('a message after the stall', async () => {
      await failureOf(() => store.publish('room', 'two'));
      return heard.includes('two') && gaps > 0;
    });
    await subscription.close();
  });

  it('subscribes while Redis is away, and hears when it returns', async () => {
    await redis.kill();
    const heard: string[] = [];
    const subscription = await store.subscribe('room', (message) => heard.push(message));
    await redis.start();
    await waitUntil('a message', async () => {
      await failureOf(() => store.publish('room', 'late'));
      return heard.includes('late');
    });
    await subscription.close();
  });

  it('starts while Redis is away, and works once it is there', async () => {
    await redis.kill();
    const early = createRedisStore({ url: redis.url });
    await early.connected;
    const failure = failureOf(() => early.ping());
    expect(await settlesWithin(failWithinMs, failure)).toBe(true);
    expect(await failure).toBeDefined();
    await redis.start();
    await waitUntil('an answer', async () => (await failureOf(() => early.ping())) === undefined);
    await early.close();
  });
});
