import { expect, test } from 'vitest';
import { plantedRedis } from '../../test/planted-redis.ts';
import check from './open-to-anyone.ts';

const redis = plantedRedis();

test.skipIf(redis.isMissing)('a Redis without a password on loopback alone is examined and is no finding', async () => {
  expect(await redis.look(check)).toEqual({ examined: 1, findings: [] });
});

test.skipIf(redis.isMissing)(
  'without a password, without protected mode and on every address it is critical; either one closes it',
  async () => {
    await redis.command('config', 'set', 'protected-mode', 'no');
    expect((await redis.look(check)).findings).toEqual([]);
    await redis.command('config', 'set', 'bind', '0.0.0.0');
    expect((await redis.look(check)).findings).toMatchObject([{ subject: 'default user' }]);
    await redis.command('config', 'set', 'protected-mode', 'yes');
    expect((await redis.look(check)).findings).toEqual([]);
    await redis.command('config', 'set', 'protected-mode', 'no');
    await redis.command('config', 'set', 'bind', '127.0.0.1');
    expect((await redis.look(check)).findings).toEqual([]);
  },
);
