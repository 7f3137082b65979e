import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { keyCatalogue } from '@sanctum/platform/redis/keys';
import { expect, test } from 'vitest';
import { until } from '../../test/planted-database.ts';
import { plantedRedis } from '../../test/planted-redis.ts';
import check, { judgePersistence } from './no-persistence.ts';

const redis = plantedRedis();
const durable = keyCatalogue.slice(0, 1).map((key) => ({ ...key, durable: true }));
const inOrder = { appendOnly: true, savePoints: '', lastSnapshotWorked: true, lastAppendWorked: true };

test.skipIf(redis.isMissing)('a Redis that keeps nothing is fine while nothing is promised', async () => {
  const { examined, findings } = await redis.look(check);
  expect(examined).toBe(keyCatalogue.length);
  expect(findings).toEqual([]);
});

test.skipIf(redis.isMissing)('a snapshot that cannot be written is named, and gone once it can', async () => {
  const [, folder = ''] = (await redis.command('config', 'get', 'dir')) as string[];
  // A folder under the name of the file: not even root can put the file there.
  const obstacle = join(folder, 'dump.rdb');
  mkdirSync(join(obstacle, 'full'), { recursive: true });
  await redis.command('save').catch((error: Error) => error.message);
  await redis.command('bgsave');
  await until('the snapshot failed', async () => /rdb_last_bgsave_status:err/.test(String(await redis.command('info', 'persistence'))));
  expect((await redis.look(check)).findings).toMatchObject([{ subject: 'persistence fails' }]);
  rmSync(obstacle, { recursive: true });
  await redis.command('bgsave');
  await until('the snapshot worked', async () => /rdb_last_bgsave_status:ok/.test(String(await redis.command('info', 'persistence'))));
  expect((await redis.look(check)).findings).toEqual([]);
});

test('a promise without an append-only file is critical, with it there is no finding', () => {
  expect(judgePersistence(durable, { ...inOrder, appendOnly: false, savePoints: '3600 1' })).toMatchObject([
    { subject: 'appendonly', severity: 'critical', detail: expect.stringContaining('only takes snapshots') },
  ]);
  expect(judgePersistence(durable, { ...inOrder, appendOnly: false })[0]?.detail).toContain('writes nothing to disk');
  expect(judgePersistence(durable, inOrder)).toEqual([]);
});
