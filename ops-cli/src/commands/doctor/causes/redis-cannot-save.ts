import { mkdirSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { defineCause } from '../cause.ts';
import type { Cure } from '../cause.ts';

const pollMs = 200;
const pollsMax = 25;

export default defineCause({
  id: 'redis-cannot-save',
  title: 'Redis cannot write its data to disk and refuses writes',
  judge: ({ redis, home }) => {
    if (redis === undefined || !(redis.writeRefusal ?? '').startsWith('MISCONF')) return undefined;
    return {
      confidence: 0.83,
      evidence: [
        `${redis.label}: ${redis.writeRefusal ?? ''}`,
        `last save: ${redis.info['rdb_last_bgsave_status'] ?? '?'}, append-only file: ${redis.info['aof_last_write_status'] ?? '?'}`,
      ],
      cure: saveAgain(redis.local === undefined ? undefined : home.redisData),
    };
  },
});

/** Saves once more. Where that still fails, writes are allowed without it: nothing acknowledged lives in Redis. */
function saveAgain(folder: string | undefined): Cure {
  return {
    does: ['Redis: bgsave', 'Redis: config set stop-writes-on-bgsave-error no, when that fails again'],
    run: async ({ redis, say }) => {
      if (folder !== undefined) mkdirSync(folder, { recursive: true, mode: 0o700 });
      await redis('bgsave');
      for (let poll = 0; poll < pollsMax; poll += 1) {
        await delay(pollMs);
        const state = String(await redis('info', 'persistence'));
        if (!state.includes('rdb_bgsave_in_progress:0')) continue;
        if (state.includes('rdb_last_bgsave_status:ok')) return say('saved');
        break;
      }
      say(
        'it still cannot save: writes are allowed without; free the disk or mend the folder, then: config set stop-writes-on-bgsave-error yes',
      );
      await redis('config', 'set', 'stop-writes-on-bgsave-error', 'no');
    },
  };
}
