/** One contract for every way in which instances hear of each other. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type TestRedis, startTestRedis } from '../../test/harness/redis-server.ts';
import { requireTool } from '../../test/harness/tools.ts';
import { createTestDatabase, type TestDatabase } from '../../test/harness/test-database.ts';
import { waitUntil } from '../../test/harness/wait-until.ts';
import { createNotifications } from '../db/notifications.ts';
import { createInProcessStore } from '../redis/in-process-store.ts';
import { createRedisStore } from '../redis/redis-store.ts';
import type { Store } from '../redis/store.ts';
import { type Broker, createBroker, type PublishOutcome } from './broker.ts';
import type { StreamKey } from './stream.ts';
import { createWakeUps } from './wake-ups.ts';

interface Instance {
  readonly broker: Broker;
  readonly messages: string[];
  readonly woken: StreamKey[];
  readonly outcomes: PublishOutcome[];
  gaps(): number;
  close(): Promise<void>;
}

const stored = (position: number) => `${position} must-deliver message.sent - -\n{"n":${position}}`;
const announced = (text: string) => `0 droppable typing.started - -\n{"text":"${text}"}`;

let database: TestDatabase;
let redis: TestRedis;
let opened: Instance[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  redis = await startTestRedis(requireTool('redis-server') ?? '');
});
afterEach(async () => {
  for (const instance of opened) await instance.close();
  opened = [];
});
afterAll(async () => {
  await redis.close();
  await database.close();
});

async function open(makeStore: () => Store, name: string): Promise<Instance> {
  const store = makeStore();
  const notifications = createNotifications({ db: database.db, url: database.url, applicationName: 'sanctum-test', onError: () => {} });
  const wakeUps = createWakeUps({ notifications, instance: name, onError: () => {} });
  const outcomes: PublishOutcome[] = [];
  const broker = createBroker({ store, wakeUps, instance: name, onPublished: (outcome) => outcomes.push(outcome), onError: () => {} });
  const [messages, woken]: [string[], StreamKey[]] = [[], []];
  let gaps = 0;
  broker.listen({
    onMessage: (key, message) => messages.push(`${key} ${message}`),
    onWake: (keys) => woken.push(...keys),
    onGap: () => {
      gaps += 1;
    },
  });
  await notifications.start();
  const instance: Instance = {
    broker,
    messages,
    woken,
    outcomes,
    gaps: () => gaps,
    close: async () => {
      await broker.close();
      await notifications.stop();
      await store.close();
    },
  };
  opened.push(instance);
  return instance;
}

describe.each([
  ['with Redis', () => createRedisStore({ url: redis.url }), 'message'],
  ['without Redis', () => createInProcessStore(), 'wake-up'],
] as const)('%s', (_name, makeStore, form) => {
  it('tells its own listener at once and those of other instances that follow the stream', async () => {
    const [one, other, third] = [await open(makeStore, 'one'), await open(makeStore, 'other'), await open(makeStore, 'third')];
    await Promise.all([one.broker.follow('conversation:1'), other.broker.follow('conversation:1'), third.broker.follow('conversation:2')]);
    one.broker.publish('conversation:1', stored(1));
    expect(one.messages).toEqual([`conversation:1 ${stored(1)}`]);
    if (form === 'message') await waitUntil('the other one hears', () => other.messages.length === 1);
    else await waitUntil('the other one is woken', () => other.woken.includes('conversation:1'));
    if (form === 'message') expect(other.messages).toEqual([`conversation:1 ${stored(1)}`]);
    // Its own message does not come back, and who follows something else hears nothing.
    one.broker.publish('conversation:2', stored(9));
    await waitUntil('the third one hears', () => third.messages.length + third.woken.length > 0);
    expect(one.messages).toHaveLength(1);
    expect([...third.messages, ...third.woken].filter((text) => text.startsWith('conversation:1'))).toEqual([]);
  });

  it('carries announcements whole', async () => {
    const [one, other] = [await open(makeStore, 'one'), await open(makeStore, 'other')];
    await Promise.all([one.broker.follow('conversation:1'), other.broker.follow('conversation:1')]);
    one.broker.publish('conversation:1', announced('hm'));
    await waitUntil('the other one hears', () => other.messages.length === 1);
    expect(other.messages).toEqual([`conversation:1 ${announced('hm')}`]);
    expect(one.messages).toHaveLength(1);
  });

  it('stops with the last reader and holds nothing of it', async () => {
    const [one, other] = [await open(makeStore, 'one'), await open(makeStore, 'other')];
    await other.broker.follow('conversation:1');
    await other.broker.follow('conversation:2');
    other.broker.unfollow('conversation:1');
    expect(other.broker.followed()).toBe(1);
    one.broker.publish('conversation:1', stored(1));
    one.broker.publish('conversation:2', stored(1));
    await waitUntil('the stream that is still followed is heard', () => other.messages.length + other.woken.length > 0);
    expect([...other.messages, ...other.woken].filter((text) => text.startsWith('conversation:1'))).toEqual([]);
  });

  it('says that messages may be lost when the database cut the listener off', async () => {
    const one = await open(makeStore, 'one');
    await one.broker.follow('conversation:1');
    await database.client.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where query like 'listen %' and pid <> pg_backend_pid()",
    );
    await waitUntil('the gap is told', () => one.gaps() > 0);
  });
});

describe('while Redis does not answer', () => {
  it('wakes the others through PostgreSQL, and says that messages may be lost when it is back', async () => {
    const makeStore = () => createRedisStore({ url: redis.url });
    const [one, other] = [await open(makeStore, 'one'), await open(makeStore, 'other')];
    await Promise.all([one.broker.follow('conversation:1'), other.broker.follow('conversation:1')]);
    await redis.kill();
    one.broker.publish('conversation:1', stored(1));
    await waitUntil('the other one is woken', () => other.woken.includes('conversation:1'));
    expect(one.outcomes).toContain('store-failed');
    await redis.start();
    await waitUntil('the gap is told', () => other.gaps() > 0);
    await waitUntil('messages arrive again', () => {
      one.broker.publish('conversation:1', stored(2));
      return other.messages.length > 0;
    });
  });
});

describe('wake-ups', () => {
  it('are gathered: a thousand events of a moment cost a handful of statements', async () => {
    const [one, other] = [await open(() => createInProcessStore(), 'one'), await open(() => createInProcessStore(), 'other')];
    const keys = Array.from({ length: 1000 }, (_, index): StreamKey => `conversation:${index + 1}`);
    await Promise.all(keys.map((key) => other.broker.follow(key)));
    const { rows: before } = await database.client.query(
      'select xact_commit::integer as count from pg_stat_database where datname = current_database()',
    );
    for (const key of keys) for (let count = 1; count <= 10; count += 1) one.broker.publish(key, stored(count));
    await waitUntil('all are woken', () => new Set(other.woken).size === 1000);
    expect(other.woken.length).toBe(1000);
    expect(before).toHaveLength(1);
  });

  it('of more streams than can be named make everybody look at everything', async () => {
    const [one, other] = [await open(() => createInProcessStore(), 'one'), await open(() => createInProcessStore(), 'other')];
    for (let id = 1; id <= 6000; id += 1) one.broker.publish(`user:${id}`, stored(1));
    await waitUntil('the gap is told', () => other.gaps() > 0);
    expect(other.woken).toEqual([]);
  });

  it('ignore what somebody else writes into the channel', async () => {
    const one = await open(() => createInProcessStore(), 'one');
    await one.broker.follow('conversation:1');
    for (const text of ['', 'nonsense', '[]', '{"i":5}', '{"i":"x","k":[7,"drop:1",null]}', '{"i":"x","a":[["conversation:1"]]}'])
      await database.client.query("select pg_notify('sanctum_streams', $1)", [text]);
    await database.client.query("select pg_notify('sanctum_streams', $1)", ['{"i":"x","k":["conversation:1"]}']);
    await waitUntil('the one that is right arrives', () => one.woken.length > 0);
    expect(one.woken).toEqual(['conversation:1']);
  });
});
