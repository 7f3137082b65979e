import { defineCause } from '../cause.ts';
import { redisCure } from '../cures.ts';

const mebibyte = 1024 * 1024;
/** What the local stack gives its Redis; see platform/local/redis.ts. */
const localBytesMax = 256 * mebibyte;
const headroom = 1.25;
const fullShare = 0.97;

export default defineCause({
  id: 'redis-full',
  title: 'Redis is full and refuses writes',
  explains: ['overload'],
  judge: ({ redis }) => {
    if (redis === undefined) return undefined;
    const used = Number(redis.info['used_memory'] ?? 0);
    const most = Number(redis.info['maxmemory'] ?? 0);
    const policy = redis.info['maxmemory_policy'] ?? 'unknown';
    const isRefused = /\bOOM\b/.test(redis.writeRefusal ?? '');
    // Whoever writes a little more is refused already.
    const isFull = policy === 'noeviction' && most > 0 && used / most >= fullShare;
    if (!isRefused && !isFull) return undefined;
    const wanted = Math.max(redis.local === undefined ? 0 : localBytesMax, Math.ceil(used * headroom) + 16 * mebibyte);
    return {
      confidence: 0.83,
      evidence: [
        `${redis.label}: ${redis.writeRefusal ?? 'a small write was taken, a large one would not be'}`,
        `${mib(used)} MiB used of ${mib(most)} MiB allowed, maxmemory-policy ${policy}`,
        `keys: ${redis.info['db0'] ?? 'none in database 0'}; what fills it: npx sanctum-ops audit redis`,
      ],
      cure: redisCure(['config', 'set', 'maxmemory', String(wanted)]),
    };
  },
});

function mib(bytes: number): string {
  return (bytes / mebibyte).toFixed(1);
}
