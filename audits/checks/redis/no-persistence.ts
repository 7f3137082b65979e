import { keyCatalogue } from '@sanctum/platform/redis/keys';
import type { CatalogueKey } from '@sanctum/platform/redis/keys';
import { CouldNotLook, defineCheck, fingerprint } from '../../src/check.ts';
import type { Finding, RedisTarget } from '../../src/check.ts';
import { ask, info, isRefused } from '../../src/redis/ask.ts';

const id = 'redis/no-persistence';

export interface Persistence {
  readonly appendOnly: boolean;
  /** Snapshot rules (`save 3600 1`); undefined when the server does not tell. */
  readonly savePoints: string | undefined;
  readonly lastSnapshotWorked: boolean;
  readonly lastAppendWorked: boolean;
}

export default defineCheck({
  id,
  title: 'Persistence that is promised and missing, or switched on and failing',
  area: 'failure-paths',
  severity: 'high',
  needs: ['redis'],
  requirements: ['CACHE-01', 'CACHE-05'],
  timeoutMs: 10_000,
  run: async ({ redis }) => {
    const state = await info(redis, 'persistence');
    if (state['aof_enabled'] === undefined) {
      throw new CouldNotLook('INFO persistence names no aof_enabled.', {
        fix: 'Use Redis 7.0 or newer; what is this one: redis-cli -u "$REDIS_URL" info server',
      });
    }
    const findings = judgePersistence(keyCatalogue, {
      appendOnly: state['aof_enabled'] === '1',
      savePoints: await savePoints(redis),
      lastSnapshotWorked: state['rdb_last_bgsave_status'] !== 'err',
      lastAppendWorked: state['aof_last_write_status'] !== 'err' && state['aof_last_bgrewrite_status'] !== 'err',
    });
    return { examined: keyCatalogue.length, findings };
  },
});

/** Managed servers refuse CONFIG; INFO says the rest. */
async function savePoints(redis: RedisTarget): Promise<string | undefined> {
  try {
    const answer = await ask(redis, 'config', 'get', 'save');
    const pairs = Array.isArray(answer) ? answer : Object.entries(answer as object).flat();
    return String(pairs[1] ?? '');
  } catch (error) {
    if (isRefused(error)) return undefined;
    throw error;
  }
}

/** Compares what the declared keys promise with what the server keeps on disk. */
export function judgePersistence(catalogue: readonly CatalogueKey[], persistence: Persistence): Finding[] {
  const durable = catalogue.filter((key) => key.durable);
  const isOn = persistence.appendOnly || (persistence.savePoints ?? '') !== '';
  const common = { location: 'redis, appendonly and save', severity: 'high' as const };
  if (durable.length > 0 && !persistence.appendOnly) {
    const kept = isOn ? 'only takes snapshots' : 'writes nothing to disk';
    return [
      {
        ...common,
        subject: 'appendonly',
        detail: `${durable.map((key) => key.name).join(', ')} may not be lost, and Redis ${kept}.`,
        risk: `A restart of Redis loses ${isOn ? 'everything since the last snapshot' : 'everything'}, although it was acknowledged.`,
        impact: `Everything that stands behind ${durable.map((key) => key.pattern).join(', ')}.`,
        fix: 'redis-cli -u "$REDIS_URL" config set appendonly yes && redis-cli -u "$REDIS_URL" config rewrite',
        severity: 'critical',
        fingerprint: fingerprint(id, 'appendonly'),
      },
    ];
  }
  const failing = [
    ...(persistence.lastSnapshotWorked ? [] : ['the last snapshot (rdb_last_bgsave_status)']),
    ...(persistence.lastAppendWorked ? [] : ['the append-only file (aof_last_write_status)']),
  ];
  if (failing.length === 0) return [];
  return [
    {
      ...common,
      subject: 'persistence fails',
      detail: `Redis could not write ${failing.join(' and ')}.`,
      risk: 'Redis refuses every write (MISCONF) until it can save again; a restart brings back an old state.',
      impact: 'The platform goes on without caches and with limits per process.',
      fix: 'df -h "$(redis-cli -u "$REDIS_URL" config get dir | tail -1)"\n# make room or correct its permissions, then: redis-cli -u "$REDIS_URL" bgsave',
      fingerprint: fingerprint(id, 'fails'),
    },
  ];
}
