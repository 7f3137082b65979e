import { defineCause } from '../cause.ts';
import type { Found } from '../cause.ts';
import { redisCure } from '../cures.ts';
import type { RedisSight } from '../probes/redis.ts';

export default defineCause({
  id: 'redis-read-only',
  title: 'Redis takes no writes',
  explains: ['redis-loading', 'overload'],
  judge: ({ redis }) => (redis === undefined ? undefined : judgeWrites(redis)),
});

function judgeWrites(redis: RedisSight): Found | undefined {
  const words = redis.writeRefusal ?? redis.message;
  const master = `${redis.info['master_host'] ?? '?'}:${redis.info['master_port'] ?? '?'}`;
  if (words.startsWith('NOREPLICAS')) {
    return { confidence: 0.84, evidence: [`${redis.label}: ${words}`], cure: redisCure(['config', 'set', 'min-replicas-to-write', '0']) };
  }
  const isReplica = redis.info['role'] === 'slave' || words.startsWith('MASTERDOWN');
  if (!words.startsWith('READONLY') && !isReplica) return undefined;
  const evidence = [`${redis.label}: ${words === '' ? 'it takes writes, and is a replica' : words}`, `it is a replica of ${master}`];
  // Elsewhere the master may live; the local stack has one Redis alone.
  if (redis.local !== undefined) return { confidence: 0.84, evidence, cure: redisCure(['replicaof', 'no', 'one']) };
  return { confidence: 0.84, evidence: [...evidence, `let REDIS_URL lead to ${master}`], next: 'npx sanctum-ops config explain REDIS_URL' };
}
