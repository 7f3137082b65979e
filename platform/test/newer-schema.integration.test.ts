/** Today's code beside a schema that is newer than it, under traffic: the order in which a deploy migrates first. */
import { cp, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { applyMigrations } from '@sanctum/migrations/apply';
import { migrationsDir } from '@sanctum/migrations/files';
import { planMigrations } from '@sanctum/migrations/plan';
import { signMigrations } from '@sanctum/migrations/sign';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type PlatformProcess, startPlatform } from './harness/platform-process.ts';
import { createTestDatabase, type TestDatabase } from './harness/test-database.ts';
import { waitUntil } from './harness/wait-until.ts';

const paths = ['/ready', '/api/feeds/popular', '/api/sanctums', '/health'];
const requestsEach = 150;

let database: TestDatabase;
let dir: string;
let next: number;
let running: PlatformProcess[];

beforeEach(async () => {
  database = await createTestDatabase();
  dir = await mkdtemp(join(tmpdir(), 'sanctum-newer-'));
  await cp(migrationsDir, dir, { recursive: true, filter: (path) => !path.includes('node_modules') });
  next = Math.max(...(await readdir(join(dir, 'sql'))).map((name) => Number.parseInt(name, 10))) + 1;
  running = [];
});
afterEach(async () => {
  for (const platform of running) platform.signal('SIGKILL');
  await Promise.all(running.map((platform) => platform.exit()));
  await database.close();
  await rm(dir, { recursive: true, force: true });
});

function start(): PlatformProcess {
  const platform = startPlatform({ DATABASE_URL: database.url, RATE_LIMIT_FACTOR: '100000' });
  running.push(platform);
  return platform;
}

async function write(words: string, sql: string): Promise<string> {
  const name = `${String(next).padStart(4, '0')}_${words}.sql`;
  next += 1;
  await writeFile(join(dir, 'sql', name), sql);
  await signMigrations({ dir });
  return name;
}

/** Asks every path over and over until told to stop and at least `requestsEach` times; gives what was not answered well. */
function sendTraffic(url: string) {
  let isOver = false;
  const failed: string[] = [];
  let sent = 0;
  const walks = paths.map(async (path) => {
    for (let count = 0; !isOver || count < requestsEach; count += 1) {
      const answer = await fetch(`${url}${path}`).then(
        async (response) => `${response.status} ${response.status === 200 ? '' : await response.text()}`,
        (error: unknown) => String(error),
      );
      sent += 1;
      if (!answer.startsWith('200 ')) failed.push(`${path}: ${answer}`);
    }
  });
  return {
    sent: () => sent,
    end: async () => {
      isOver = true;
      await Promise.all(walks);
      return { sent, failed };
    },
  };
}

test('an instance stays ready and answers everything while a newer schema that says "expand" is applied and afterwards', async () => {
  const url = await start().url();
  const traffic = sendTraffic(url);
  await waitUntil('traffic flows', () => traffic.sent() >= 20);
  await write('mood', '-- sanctum: expand\nalter table posts add column mood text;\n');
  await write('mood_index', '-- sanctum: no-transaction\n-- sanctum: expand\ncreate index concurrently idx_posts_mood on posts (mood);\n');
  const { applied } = await applyMigrations({ database: database.url, dir });
  expect(applied).toHaveLength(2);
  const before = traffic.sent();
  await waitUntil('traffic on the newer schema', () => traffic.sent() >= before + 100);
  const { sent, failed } = await traffic.end();
  expect(failed).toEqual([]);
  expect(sent).toBeGreaterThanOrEqual(paths.length * requestsEach);
  const ready = (await (await fetch(`${url}/ready`)).json()) as { parts: { migrations: { detail: string } } };
  expect(ready.parts.migrations.detail).toContain(`migration ${next - 1}`);
  // A restart in the middle of such a deploy, or the way back to the release before it.
  expect((await fetch(`${await start().url()}/ready`)).status).toBe(200);
});

test('a migration that says "contract" is refused while an instance that it breaks is alive, before anything is applied', async () => {
  const url = await start().url();
  const head = next - 1;
  await write('mood', '-- sanctum: expand\nalter table posts add column mood text;\n');
  const breaking = await write('drop_bio', `-- sanctum: contract\nalter table users drop column bio;\n`);
  const plan = await planMigrations({ database: database.url, dir });
  expect(plan.pending.map(({ compatibility, breaks }) => [compatibility.breaksBefore, breaks.length])).toEqual([
    [0, 0],
    [head + 2, 1],
  ]);
  const refusal: unknown = await applyMigrations({ database: database.url, dir }).catch((error: unknown) => error);
  expect(refusal).toMatchObject({ code: 'MIGRATION_BREAKS_INSTANCES', file: breaking });
  expect(String(refusal)).toContain(`know migrations up to ${String(head).padStart(4, '0')}`);
  expect(String(refusal)).toContain('--until');
  const { rows } = await database.client.query(`select max(number)::integer as head from schema_migrations`);
  expect(rows).toEqual([{ head }]);
  expect((await fetch(`${url}/ready`)).status).toBe(200);

  const part = await applyMigrations({ database: database.url, dir, until: head + 1 });
  expect(part.applied.map(({ number }) => number)).toEqual([head + 1]);
  expect((await fetch(`${url}/ready`)).status).toBe(200);
});

test('a break that was forced takes older instances out of service, and older code does not start on it', async () => {
  const url = await start().url();
  const breaking = await write('drop_bio', `-- sanctum: contract\nalter table users drop column bio;\n`);
  await applyMigrations({ database: database.url, dir, breakInstances: true });
  const ready = await fetch(`${url}/ready`);
  expect(ready.status).toBe(503);
  expect(await ready.text()).toContain(`migration ${next - 1}`);
  expect((await fetch(`${url}/health`)).status).toBe(200);
  const late = start();
  expect(await late.exit()).toBe(1);
  expect(late.stderr()).toContain(breaking);
  expect(late.stderr()).toContain('fix:');
});

test('a contract that names an older migration breaks nobody who knows it', async () => {
  const url = await start().url();
  await write('drop_bio', `-- sanctum: contract ${String(next - 1).padStart(4, '0')}\nalter table users drop column bio;\n`);
  expect((await applyMigrations({ database: database.url, dir })).applied).toHaveLength(1);
  expect((await fetch(`${url}/ready`)).status).toBe(200);
});

test('a migration that says nothing is judged by its statements: what takes away counts as a break', async () => {
  await start().url();
  await write('mood', 'alter table posts add column mood text;\n');
  await write('names', 'alter table users rename column bio to about;\n');
  const plan = await planMigrations({ database: database.url, dir });
  expect(plan.pending.map(({ compatibility }) => [compatibility.source, compatibility.breaksBefore])).toEqual([
    ['judged', 0],
    ['judged', next - 1],
  ]);
  expect(await applyMigrations({ database: database.url, dir }).catch((error: unknown) => error)).toMatchObject({
    code: 'MIGRATION_BREAKS_INSTANCES',
  });
});

test('a journal from before this was recorded is read as it is and completed by the next run', async () => {
  await database.client.query('alter table schema_migrations drop column breaks_before');
  const url = await start().url();
  expect((await fetch(`${url}/ready`)).status).toBe(200);
  await write('mood', '-- sanctum: expand\nalter table posts add column mood text;\n');
  await applyMigrations({ database: database.url, dir });
  expect((await fetch(`${url}/ready`)).status).toBe(200);
  const { rows } = await database.client.query('select breaks_before from schema_migrations order by number desc limit 2');
  expect(rows).toEqual([{ breaks_before: 0 }, { breaks_before: null }]);
});
