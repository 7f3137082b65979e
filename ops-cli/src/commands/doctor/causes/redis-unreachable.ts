import { defineCause } from '../cause.ts';

export default defineCause({
  id: 'redis-unreachable',
  title: 'Redis does not answer; the platform goes on without it',
  judge: ({ redis, isLocal }) => {
    if (redis === undefined || redis.local !== undefined) return undefined;
    if (redis.state !== 'unreachable' && redis.state !== 'silent' && redis.state !== 'stranger') return undefined;
    const what = { unreachable: 'does not answer', silent: 'accepts connections and does not answer', stranger: 'is no Redis' }[
      redis.state
    ];
    return {
      title: `${redis.label} ${what}; the platform goes on without it`,
      confidence: 0.75,
      evidence: [redis.message],
      next: isLocal ? 'npx sanctum-ops config explain REDIS_URL' : 'redis-cli -u "$REDIS_URL" ping',
    };
  },
});
