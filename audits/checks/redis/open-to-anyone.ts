import { CouldNotLook, defineCheck, fingerprint } from '../../src/check.ts';
import type { RedisTarget } from '../../src/check.ts';
import { ask, isRefused } from '../../src/redis/ask.ts';

const id = 'redis/open-to-anyone';
const loopback = /^-?(127\.[\d.]+|::1|localhost)$/;

export default defineCheck({
  id,
  title: 'Redis that lets anyone in',
  area: 'security',
  severity: 'critical',
  needs: ['redis'],
  requirements: ['CONF-02', 'SEC-10'],
  timeoutMs: 10_000,
  run: async ({ redis }) => {
    const access = await accessOf(redis);
    const isOpen = access.defaultUserNeedsNoPassword && !access.isProtected && !access.isLoopbackOnly;
    if (!isOpen) return { examined: 1, findings: [] };
    return {
      examined: 1,
      findings: [
        {
          subject: 'default user',
          detail: `The user "default" needs no password, protected mode is off, and Redis listens on ${access.bind || 'every address'}.`,
          location: 'redis, requirepass and bind',
          risk: 'Whoever reaches the port reads and changes everything in it, and through it may write files on the machine.',
          impact: 'Everything in Redis, and the machine it runs on.',
          fix: 'redis-cli -u "$REDIS_URL" config set requirepass "$(openssl rand -hex 24)"\n# then put that password into REDIS_URL (redis://default:password@host:6379) and restart the platform',
          fingerprint: fingerprint(id, 'default'),
        },
      ],
    };
  },
});

interface Access {
  readonly defaultUserNeedsNoPassword: boolean;
  readonly isProtected: boolean;
  readonly isLoopbackOnly: boolean;
  readonly bind: string;
}

async function accessOf(redis: RedisTarget): Promise<Access> {
  const user = pairsOf(await ask(redis, 'acl', 'getuser', 'default').catch(notAllowed));
  const flags = [user.get('flags')].flat().map(String);
  const config = await setting(redis, 'bind');
  const bind = config ?? '';
  return {
    defaultUserNeedsNoPassword: flags.includes('nopass') && flags.includes('on'),
    // A server that hides its configuration is taken at its word about the password alone.
    isProtected: (await setting(redis, 'protected-mode')) === 'yes',
    isLoopbackOnly: bind !== '' && bind.split(/\s+/).every((address) => loopback.test(address)),
    bind,
  };
}

async function setting(redis: RedisTarget, name: string): Promise<string | undefined> {
  try {
    const value = pairsOf(await ask(redis, 'config', 'get', name)).get(name);
    return value === undefined ? undefined : String(value);
  } catch (error) {
    if (isRefused(error)) return undefined;
    throw error;
  }
}

/** Redis answers maps as flat lists (RESP2) or objects (RESP3). */
function pairsOf(answer: unknown): Map<string, unknown> {
  if (!Array.isArray(answer)) return new Map(Object.entries((answer ?? {}) as object));
  const pairs = new Map<string, unknown>();
  for (let index = 0; index + 1 < answer.length; index += 2) pairs.set(String(answer[index]), answer[index + 1]);
  return pairs;
}

function notAllowed(error: unknown): never {
  if (!isRefused(error)) throw error;
  throw new CouldNotLook('This user may not read who may sign in to Redis.', {
    fix: 'Let it: acl setuser <name> +acl|getuser (or run the audit as an administrator of Redis).',
    cause: error,
  });
}
