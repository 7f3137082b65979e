import { defineCheck, fingerprint } from '../../src/check.ts';
import type { Finding } from '../../src/check.ts';
import { namesOf, shellForKeys } from '../../src/redis/key-groups.ts';
import { readMeasuredKeyspace } from '../../src/redis/keyspace.ts';
import type { DeclaredKeys } from '../../src/redis/keyspace.ts';

export default defineCheck({
  id: 'redis/missing-ttl',
  title: 'Key that outlives its declaration',
  area: 'resources',
  severity: 'high',
  needs: ['redis'],
  requirements: ['CACHE-01', 'CACHE-05'],
  timeoutMs: 60_000,
  mayBeEmpty: 'A Redis without a declared key holds none that outlives its declaration.',
  run: async (ctx) => {
    const { declared, unending, tooLong, notLooked } = await readMeasuredKeyspace(ctx);
    const findings = [...unending.map((keys) => finding(keys, 'never')), ...tooLong.map((keys) => finding(keys, 'late'))];
    return { examined: declared, findings, ...(notLooked === undefined ? {} : { notLooked }) };
  },
});

function finding({ group, declaration }: DeclaredKeys[number], what: 'never' | 'late'): Finding {
  const { name, pattern, owner, ttlSeconds } = declaration;
  const seen = what === 'never' ? 'never expire' : 'expire later';
  return {
    subject: what === 'never' ? `${pattern} without an end` : `${pattern} beyond its end`,
    detail: `${name} declares that ${pattern} lives at most ${ttlSeconds} s; ${group.count} of its keys ${seen}: ${namesOf(group)}.`,
    location: owner,
    risk:
      what === 'never'
        ? 'They stay until somebody removes them, and memory only grows.'
        : 'Readers get values that are older than the declaration allows.',
    impact: 'Stale answers; a full Redis refuses writes or evicts what is in use.',
    fix: `${shellForKeys(group, 'expire', String(ttlSeconds))}\n# then find the writer that sets no end: ${owner} owns the pattern`,
    ...(what === 'late' ? { severity: 'medium' as const } : {}),
    fingerprint: fingerprint('redis/missing-ttl', name, what),
  };
}
