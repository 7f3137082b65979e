/**
 * The corpus: how each fault is planted, and which cause doctor has to name first. It was written before doctor was
 * tuned to it. `named`: the faults that must be in every test run; the rest runs with `make drill-doctor`.
 */
import { rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { choosePort } from '@sanctum/platform/local/ports';
import pg from 'pg';
import { type DoctorStack, until } from './stack.ts';

export interface Plant {
  readonly name: string;
  readonly named?: boolean;
  readonly first: string;
  /** Plants the fault and returns when it is there. What it returns ends what would otherwise outlive the test. */
  readonly plant: (stack: DoctorStack) => Promise<void | (() => Promise<void> | void)>;
  /** What ends the fault from outside while the pasted command waits for that. */
  readonly whilePasting?: () => void;
}

const platformPath = join(import.meta.dirname, '../../../platform/bin/platform.js');
const otherSecret = 'another secret that is long enough for the rules of production';
let endCrowd: (() => void) | undefined;

const signal =
  (part: 'platform' | 'postgres' | 'redis', name: NodeJS.Signals): Plant['plant'] =>
  async (stack) => {
    const pid = await stack.pid(part);
    process.kill(pid, name);
    return () => {
      try {
        process.kill(pid, 'SIGCONT');
      } catch {
        // The pasted command ended it.
      }
    };
  };

const sql =
  (...statements: readonly string[]): Plant['plant'] =>
  async (stack) => {
    await stack.sql(...statements);
  };

const redis =
  (...words: readonly string[]): Plant['plant'] =>
  async (stack) => {
    await stack.redis(...words);
  };

async function holdConnections(stack: DoctorStack): Promise<() => Promise<void>> {
  const clients: pg.Client[] = [];
  for (let count = 0; count < 200; count += 1) {
    const client = new pg.Client({ connectionString: stack.addresses().databaseUrl, application_name: 'greedy report' });
    client.on('error', () => undefined); // Ending it is the cure.
    try {
      await client.connect();
      clients.push(client);
    } catch {
      // The server has no more: that is what was wanted.
      break;
    }
  }
  return async () => void (await Promise.allSettled(clients.map((client) => client.end())));
}

async function convoy(stack: DoctorStack): Promise<() => Promise<void>> {
  const clients = [0, 1, 2].map(() => new pg.Client({ connectionString: stack.addresses().databaseUrl, application_name: 'console' }));
  for (const client of clients) {
    client.on('error', () => undefined); // Ending it is the cure.
    await client.connect();
  }
  await clients[0]?.query('begin');
  await clients[0]?.query('select 1 from posts limit 1');
  const waits = [
    clients[1]?.query('begin; lock table posts in access exclusive mode; commit'),
    clients[2]?.query('select count(*) from posts'),
  ];
  for (const wait of waits) wait?.catch(() => undefined); // It fails when the session is ended.
  await until('two sessions wait', async () => {
    const rows = await stack.sql(`select 1 from pg_stat_activity where wait_event_type = 'Lock' and application_name = 'console'`);
    return rows.length === 2;
  });
  return async () => void (await Promise.allSettled(clients.map((client) => client.end())));
}

async function otherInstance(stack: DoctorStack, env: Readonly<Record<string, string>>): Promise<void> {
  const port = await choosePort();
  const { databaseUrl, redisUrl } = stack.addresses();
  stack.background(process.execPath, [platformPath], {
    DATABASE_URL: databaseUrl,
    REDIS_URL: redisUrl,
    PORT: String(port),
    JOBS_ENABLED: 'false',
    ...env,
  });
  await until('the other instance answers', () => answers(`http://127.0.0.1:${port}/ready`));
}

async function shiftedInstance(stack: DoctorStack, shiftMs: number): Promise<void> {
  const port = await choosePort();
  const script = join(import.meta.dirname, 'shifted-instance.ts');
  stack.background(process.execPath, [script, String(port), stack.url, String(shiftMs)], { DATABASE_URL: stack.addresses().databaseUrl });
  await until('the shifted instance answers', () => answers(`http://127.0.0.1:${port}/health`));
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok;
  } catch {
    // Not yet.
    return false;
  }
}

async function crowd(stack: DoctorStack): Promise<() => void> {
  const { end } = stack.background(process.execPath, [join(import.meta.dirname, 'crowd.ts'), `${stack.url}/api/search`, '64'], {});
  endCrowd = end;
  await until('requests are refused as too many', async () => {
    const page = await (await fetch(`${stack.url}/metrics`)).text();
    return /(http_requests_shed|db_bulkhead_refused)_total\{[^}]*\} [1-9]/.test(page);
  });
  return end;
}

async function fillRedis(stack: DoctorStack): Promise<void> {
  await stack.redis('config', 'set', 'maxmemory', String(8 * 1024 * 1024));
  for (const [size, kilobytes] of [1024, 64, 4].entries()) {
    for (let key = 0; key < 50; key += 1) {
      try {
        await stack.redis('set', `report:${size}:${key}`, 'x'.repeat(kilobytes * 1024));
      } catch {
        // No more of this size: that is what was wanted.
        break;
      }
    }
  }
}

async function stranger(stack: DoctorStack): Promise<() => void> {
  const { redisUrl } = stack.addresses();
  const pid = await stack.pid('redis');
  process.kill(pid, 'SIGKILL');
  const port = Number(new URL(redisUrl).port);
  const server: Server = createServer((socket) => void socket.on('error', () => undefined).end('HTTP/1.1 400 Bad Request\r\n\r\n'));
  await until(
    'the stranger has the port',
    () =>
      new Promise((resolve) => {
        server.once('error', () => resolve(false));
        server.listen(port, '127.0.0.1', () => resolve(true));
      }),
  );
  return () => void server.close();
}

const deadJob = (task: string): string[] => [
  `select graphile_worker.add_job('${task}', run_at := now() + interval '1 hour')`,
  `update graphile_worker._private_jobs set attempts = max_attempts, last_error = 'connection terminated'
   where task_id = (select id from graphile_worker._private_tasks where identifier = '${task}')`,
];

export const plants: readonly Plant[] = [
  { name: 'Redis holds more than it may', named: true, first: 'redis-full', plant: redis('config', 'set', 'maxmemory', '1mb') },
  { name: 'Redis is filled with keys that never end', first: 'redis-full', plant: fillRedis },
  { name: 'Redis was made a replica', named: true, first: 'redis-read-only', plant: redis('replicaof', '127.0.0.1', '1') },
  { name: 'Redis waits for replicas', first: 'redis-read-only', plant: redis('config', 'set', 'min-replicas-to-write', '1') },
  { name: 'Redis is stopped by a signal', named: true, first: 'redis-paused', plant: signal('redis', 'SIGSTOP') },
  { name: 'Redis is killed', first: 'redis-stopped', plant: signal('redis', 'SIGKILL') },
  { name: 'the password of Redis was changed', first: 'redis-refuses', plant: redis('config', 'set', 'requirepass', 'changed') },
  { name: "another program answers at Redis' port", first: 'redis-foreign', plant: stranger },
  {
    name: 'Redis cannot save',
    first: 'redis-cannot-save',
    plant: async (stack) => {
      await stack.redis('config', 'set', 'save', '3600 1');
      rmSync(join(stack.home, 'redis'), { recursive: true });
      await stack.redis('bgsave');
      await until('the save has failed', async () =>
        String(await stack.redis('info', 'persistence')).includes('rdb_last_bgsave_status:err'),
      );
    },
  },
  {
    name: 'the database is read-only',
    named: true,
    first: 'database-read-only',
    plant: sql(
      'alter database sanctum set default_transaction_read_only = on',
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'sanctum-%'`,
    ),
  },
  { name: 'the role is read-only', first: 'database-read-only', plant: sql('alter role sanctum set default_transaction_read_only = on') },
  {
    name: 'the whole server is read-only',
    first: 'database-read-only',
    plant: sql('alter system set default_transaction_read_only = on', 'select pg_reload_conf()'),
  },
  {
    name: 'the role has 5 ms per statement',
    named: true,
    first: 'database-timeout-too-short',
    plant: sql(`alter role sanctum set statement_timeout = '5ms'`),
  },
  {
    name: 'the role has 1 ms per statement in this database',
    first: 'database-timeout-too-short',
    plant: sql(`alter role sanctum in database sanctum set statement_timeout = '1ms'`),
  },
  {
    name: 'idle sessions end after a second',
    first: 'database-timeout-too-short',
    plant: sql(`alter database sanctum set idle_session_timeout = '1s'`),
  },
  {
    name: 'the server ends transactions after 5 ms',
    first: 'database-timeout-too-short',
    plant: sql(`alter system set transaction_timeout = '5ms'`, 'select pg_reload_conf()'),
  },
  {
    name: 'indexes are switched off for the role',
    first: 'database-setting-harmful',
    plant: sql('alter role sanctum set enable_indexscan = off'),
  },
  { name: 'the role may not log in', first: 'database-refuses', plant: sql('alter role sanctum nologin') },
  { name: 'the password of the role was changed', first: 'database-refuses', plant: sql(`alter role sanctum password 'changed'`) },
  { name: 'the role has no connection left', first: 'database-connections-exhausted', plant: sql('alter role sanctum connection limit 0') },
  { name: 'others hold every connection', first: 'database-connections-exhausted', plant: holdConnections },
  { name: 'the role lost a grant', first: 'database-grant-missing', plant: sql('revoke insert on posts from sanctum') },
  { name: 'a console holds a lock', first: 'lock-convoy', plant: convoy },
  { name: 'the index of the hot feed is gone', named: true, first: 'index-missing', plant: sql('drop index idx_post_ranks_popular_hot') },
  {
    name: 'the index of the hot feed is invalid',
    first: 'index-missing',
    plant: sql(`update pg_index set indisvalid = false where indexrelid = 'idx_post_ranks_popular_hot'::regclass`),
  },
  {
    name: 'the index of the hot feed is another one',
    first: 'index-missing',
    plant: sql('drop index idx_post_ranks_popular_hot', 'create index idx_post_ranks_popular_hot on post_ranks (post_id)'),
  },
  { name: 'a job that a past fault killed', named: true, first: 'jobs-dead', plant: sql(...deadJob('sweep_expired_sessions')) },
  { name: 'a job that nobody knows', named: true, first: 'jobs-dead', plant: sql(...deadJob('no_such_task')) },
  {
    name: 'two instances have different secrets',
    named: true,
    first: 'secrets-differ',
    plant: (stack) => otherInstance(stack, { JWT_SECRET: otherSecret }),
  },
  {
    name: 'the clock of an instance is ten minutes ahead',
    named: true,
    first: 'clock-off',
    plant: (stack) => shiftedInstance(stack, 600_000),
  },
  { name: 'the clock of an instance is ten minutes behind', first: 'clock-off', plant: (stack) => shiftedInstance(stack, -600_000) },
  { name: 'more arrives than can be answered', named: true, first: 'overload', plant: crowd, whilePasting: () => endCrowd?.() },
  { name: 'the platform is stopped by a signal', first: 'platform-paused', plant: signal('platform', 'SIGSTOP') },
  { name: 'the platform is killed', first: 'platform-ended', plant: signal('platform', 'SIGKILL') },
  { name: 'PostgreSQL is stopped by a signal', first: 'postgres-paused', plant: signal('postgres', 'SIGSTOP') },
  { name: 'PostgreSQL is killed', first: 'postgres-stopped', plant: signal('postgres', 'SIGKILL') },
];
