import { keyDeclarationOf } from '@sanctum/platform/redis/keys';
import type { CatalogueKey } from '@sanctum/platform/redis/keys';
import { defineCheck, fingerprint } from '../../src/check.ts';
import type { Finding, RedisTarget } from '../../src/check.ts';
import { ask, createKeyGroups, namesOf, shellForKeys, walkKeyspace } from '../../src/redis/keyspace.ts';
import type { KeyGroup } from '../../src/redis/keyspace.ts';

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
    const tooLarge = createKeyGroups();
    const otherType = createKeyGroups();
    const declarations = new Map<string, CatalogueKey>();
    const largest = new Map<string, number>();
    let examined = 0;
    const walk = await walkKeyspace(ctx, async (keys) => {
      const declared = keys.flatMap((key) => {
        const declaration = keyDeclarationOf(key);
        return declaration?.type === 'string' ? [{ key, declaration }] : [];
      });
      const sizes = await Promise.all(declared.map(({ key }) => sizeOf(ctx.redis, key)));
      for (const [index, { key, declaration }] of declared.entries()) {
        const size = sizes[index];
        declarations.set(declaration.glob, declaration);
        if (size === undefined) otherType.add(declaration.glob, key);
        else if (size > declaration.sizeMaxBytes) {
          tooLarge.add(declaration.glob, key);
          largest.set(declaration.glob, Math.max(size, largest.get(declaration.glob) ?? 0));
        }
      }
      examined += declared.length;
    });
    const toFindings = (groups: KeyGroup[], detailOf: (declaration: CatalogueKey) => string) =>
      groups.flatMap((group) => {
        const declaration = declarations.get(group.pattern);
        return declaration === undefined ? [] : [finding(group, declaration, detailOf(declaration))];
      });
    const findings = [
      ...toFindings(
        tooLarge.list(),
        ({ glob, sizeMaxBytes }) => `more than the ${sizeMaxBytes} bytes it declares, the largest ${largest.get(glob) ?? 0}`,
      ),
      ...toFindings(otherType.list(), () => 'another type than the string it declares'),
    ];
    return { ...walk, examined, findings };
  },
});

/** Bytes of a string; undefined for any other type. */
async function sizeOf(redis: RedisTarget, key: string): Promise<number | undefined> {
  try {
    return Number(await ask(redis, 'strlen', key));
  } catch (error) {
    if (error instanceof Error && error.cause instanceof Error && error.cause.message.startsWith('WRONGTYPE')) return undefined;
    throw error;
  }
}

function finding(group: KeyGroup, { name, pattern, owner }: CatalogueKey, has: string): Finding {
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
