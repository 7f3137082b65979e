import { keyDeclarationOf } from '@sanctum/platform/redis/keys';
import type { CatalogueKey } from '@sanctum/platform/redis/keys';
import { defineCheck, fingerprint } from '../../src/check.ts';
import type { Finding } from '../../src/check.ts';
import { ask, createKeyGroups, namesOf, shellForKeys, walkKeyspace } from '../../src/redis/keyspace.ts';
import type { KeyGroup } from '../../src/redis/keyspace.ts';

/** What PTTL answers for a key that never expires; −2 is a key that has gone meanwhile. */
const never = -1;
/** Clocks and rounding. */
const toleranceMs = 1_000;

type Lived = CatalogueKey & { readonly ttlSeconds: number };

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
    const unending = createKeyGroups();
    const tooLong = createKeyGroups();
    const declarations = new Map<string, Lived>();
    let examined = 0;
    const walk = await walkKeyspace(ctx, async (keys) => {
      const declared = keys.flatMap((key) => {
        const declaration = keyDeclarationOf(key);
        return hasLife(declaration) ? [{ key, declaration }] : [];
      });
      const lives = await Promise.all(declared.map(({ key }) => ask(ctx.redis, 'pttl', key)));
      for (const [index, { key, declaration }] of declared.entries()) {
        const lifeMs = Number(lives[index]);
        declarations.set(declaration.glob, declaration);
        if (lifeMs === never) unending.add(declaration.glob, key);
        else if (lifeMs > declaration.ttlSeconds * 1_000 + toleranceMs) tooLong.add(declaration.glob, key);
      }
      examined += declared.length;
    });
    const toFindings = (groups: KeyGroup[], what: 'never' | 'late') =>
      groups.flatMap((group) => {
        const declaration = declarations.get(group.pattern);
        return declaration === undefined ? [] : [finding(group, declaration, what)];
      });
    return { ...walk, examined, findings: [...toFindings(unending.list(), 'never'), ...toFindings(tooLong.list(), 'late')] };
  },
});

function hasLife(declaration: CatalogueKey | undefined): declaration is Lived {
  return declaration !== undefined && declaration.ttlSeconds !== null;
}

function finding(group: KeyGroup, declaration: Lived, what: 'never' | 'late'): Finding {
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
