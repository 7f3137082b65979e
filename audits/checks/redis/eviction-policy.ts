import { keyCatalogue } from '@sanctum/platform/redis/keys';
import type { CatalogueKey } from '@sanctum/platform/redis/keys';
import { CouldNotLook, defineCheck, fingerprint } from '../../src/check.ts';
import type { Finding } from '../../src/check.ts';
import { info } from '../../src/redis/ask.ts';

const id = 'redis/eviction-policy';
/** Above this share of its memory a Redis that evicts nothing is about to refuse writes. */
const usedShareMax = 0.9;

export interface MemoryRules {
  /** `noeviction`, `allkeys-lru`, `volatile-ttl`… */
  readonly policy: string;
  /** Zero: no limit. */
  readonly maxBytes: number;
  readonly usedBytes: number;
}

export default defineCheck({
  id,
  title: 'Memory limit and eviction that do not fit what is kept',
  area: 'failure-paths',
  severity: 'high',
  needs: ['redis'],
  requirements: ['CACHE-01', 'CACHE-05'],
  timeoutMs: 10_000,
  run: async ({ redis }) => {
    const memory = await info(redis, 'memory');
    const { maxmemory_policy: policy, maxmemory, used_memory: used } = memory;
    if (policy === undefined || maxmemory === undefined) {
      throw new CouldNotLook('INFO memory names no maxmemory_policy.', {
        fix: 'Use Redis 7.0 or newer; what is this one: redis-cli -u "$REDIS_URL" info server',
      });
    }
    const findings = judgeMemory(keyCatalogue, { policy, maxBytes: Number(maxmemory), usedBytes: Number(used) });
    return { examined: keyCatalogue.length, findings };
  },
});

/** Compares how a server treats full memory with what the declared keys can bear. */
export function judgeMemory(catalogue: readonly CatalogueKey[], { policy, maxBytes, usedBytes }: MemoryRules): Finding[] {
  const finding = (part: Pick<Finding, 'subject' | 'detail' | 'risk' | 'impact' | 'fix'> & Partial<Finding>): Finding => ({
    location: 'redis, maxmemory and maxmemory-policy',
    fingerprint: fingerprint(id, part.subject),
    ...part,
  });
  const durable = catalogue.filter((key) => key.durable);
  if (durable.length > 0 && policy !== 'noeviction') {
    return [
      finding({
        subject: 'maxmemory-policy',
        detail: `The policy is ${policy}, and ${durable.map((key) => key.name).join(', ')} may not be lost: when memory is full, Redis throws them away.`,
        risk: 'What was acknowledged disappears without an error.',
        impact: `Everything that stands behind ${durable.map((key) => key.pattern).join(', ')}.`,
        fix: 'redis-cli -u "$REDIS_URL" config set maxmemory-policy noeviction && redis-cli -u "$REDIS_URL" config rewrite',
        severity: 'critical',
      }),
    ];
  }
  if (maxBytes === 0) {
    return [
      finding({
        subject: 'maxmemory',
        detail: 'Redis has no memory limit (maxmemory 0).',
        risk: 'It grows until the machine has nothing left, and the kernel ends a process, perhaps the database.',
        impact: 'Everything on that machine.',
        fix: 'redis-cli -u "$REDIS_URL" config set maxmemory 256mb && redis-cli -u "$REDIS_URL" config rewrite',
        severity: 'medium',
      }),
    ];
  }
  if (policy === 'noeviction' && usedBytes > maxBytes * usedShareMax) {
    return [
      finding({
        subject: 'memory nearly full',
        detail: `${usedBytes} of ${maxBytes} bytes are used and nothing is evicted: writes will be refused.`,
        risk: 'Every write fails with OOM; the platform goes on without caches and with limits per process.',
        impact: 'Slower pages for everybody, rate limits that hold per instance only.',
        fix: `redis-cli -u "$REDIS_URL" config set maxmemory ${maxBytes * 2}\n# and see what fills it: redis-cli -u "$REDIS_URL" --memkeys`,
      }),
    ];
  }
  return [];
}
