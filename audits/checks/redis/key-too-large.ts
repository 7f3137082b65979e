import { defineCheck, fingerprint } from '../../src/check.ts';
import type { Finding } from '../../src/check.ts';
import { namesOf, shellForKeys } from '../../src/redis/key-groups.ts';
import { readMeasuredKeyspace } from '../../src/redis/keyspace.ts';
import type { DeclaredKeys } from '../../src/redis/keyspace.ts';

export default defineCheck({
  id: 'redis/key-too-large',
  title: 'Key larger than declared, or of another type',
  area: 'resources',
  severity: 'medium',
  needs: ['redis'],
  requirements: ['CACHE-01', 'CACHE-05'],
  timeoutMs: 60_000,
  mayBeEmpty: 'A Redis without a declared key holds none that is too large.',
  run: async (ctx) => {
    const { declared, tooLarge, otherType, notLooked } = await readMeasuredKeyspace(ctx);
    const findings = [
      ...tooLarge.map((keys) =>
        finding(keys, `more than the ${keys.declaration.sizeMaxBytes} bytes it declares, the largest ${keys.largestBytes}`),
      ),
      ...otherType.map((keys) => finding(keys, 'another type than the string it declares')),
    ];
    return { examined: declared, findings, ...(notLooked === undefined ? {} : { notLooked }) };
  },
});

function finding({ group, declaration }: DeclaredKeys[number], has: string): Finding {
  const { name, pattern, owner } = declaration;
  return {
    subject: `${pattern} has ${has.split(',')[0] ?? has}`,
    detail: `${group.count === 1 ? `A key of ${name} has` : `${group.count} keys of ${name} have`} ${has}: ${namesOf(group)}.`,
    location: owner,
    risk: 'One large value holds up every other command while it is read, and the memory forecast is wrong.',
    impact: 'All requests that use Redis at that moment.',
    fix: `${shellForKeys(group, 'unlink')}\n# then bound what ${owner} writes, or raise sizeMaxBytes of "${name}" in platform/src/redis/keys.ts`,
    fingerprint: fingerprint('redis/key-too-large', name, has.split(' ')[0] ?? ''),
  };
}
