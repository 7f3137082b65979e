/** What the platform promises when Redis is killed, stalled, restarted, flushed or read-only. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTestRedis, type TestRedis } from '../../test/harness/redis-server.ts';
import { requireTool } from '../../test/harness/tools.ts';
import { waitUntil } from '../../test/harness/wait-until.ts';
import { createRedisStore, type RedisStore } from './redis-store.ts';
import { StoreUnavailable } from './store.ts';

const program = requireTool('redis-server');
const failWithinMs = 300;
const openWithinMs = 1000;
const recoverWithinMs = 5000;
// A shared machine may hold a timer back for a moment.
const schedulingMs = 100;

/** How long a command took to fail; undefined when it did not fail. Anything but StoreUnavailable is thrown. */
async function failedAfterMs(command: () => Promise<unknown>): Promise<number | undefined> {
  const started = performance.now();
  try {
    await command();
    return undefined;
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error;
    return performance.now() - started;
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
    const started = performance.now();
    let opened = false;
    while (!opened && performance.now() - started < openWithinMs + schedulingMs) {
      const failed = await failedAfterMs(() => store.get('before'));
      if (failed !== undefined) expect(failed).toBeLessThan(failWithinMs + schedulingMs);
      opened = store.isOpen();
    }
    expect(opened).toBe(true);
    expect(performance.now() - started).toBeLessThan(openWithinMs + schedulingMs);
    const cheap = performance.now();
    for (let index = 0; index < 1000; index += 1) expect(await failedAfterMs(() => store.get('before'))).toBeDefined();
    expect(performance.now() - cheap).toBeLessThan(300);
  }

  async function expectRecovery(): Promise<void> {
    await waitUntil('the breaker closes', () => !store.isOpen(), recoverWithinMs);
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
      if ((await failedAfterMs(() => store.increment('count', 600))) === undefined) acknowledged += 1;
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
      expect(await failedAfterMs(() => store.set('x', 'y', 60))).toBeLessThan(failWithinMs);
      await waitUntil('reads work', async () => (await store.get('before').catch(() => undefined)) === 'there', recoverWithinMs);
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
    await waitUntil(
      'a message after the restart',
      async () => {
        await failedAfterMs(() => store.publish('room', 'two'));
        return heard.includes('two');
      },
      recoverWithinMs,
    );
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
    await waitUntil(
      'a message after the stall',
      async () => {
        await failedAfterMs(() => store.publish('room', 'two'));
        return heard.includes('two') && gaps > 0;
      },
      recoverWithinMs,
    );
    await subscription.close();
  });

  it('subscribes while Redis is away, and hears when it returns', async () => {
    await redis.kill();
    const heard: string[] = [];
    const subscription = await store.subscribe('room', (message) => heard.push(message));
    await redis.start();
    await waitUntil(
      'a message',
      async () => {
        await failedAfterMs(() => store.publish('room', 'late'));
        return heard.includes('late');
      },
      recoverWithinMs,
    );
    await subscription.close();
  });

  it('starts while Redis is away, and works once it is there', async () => {
    await redis.kill();
    const early = createRedisStore({ url: redis.url });
    await early.connected;
    expect(await failedAfterMs(() => early.ping())).toBeLessThan(failWithinMs);
    await redis.start();
    await waitUntil('an answer', async () => (await failedAfterMs(() => early.ping())) === undefined, recoverWithinMs);
    await early.close();
  });
});
