import { defineCause } from '../cause.ts';

export default defineCause({
  id: 'redis-refuses',
  title: 'Redis refuses the password or the user',
  explains: ['redis-unreachable'],
  judge: ({ redis }) => {
    if (redis === undefined) return undefined;
    const words = redis.writeRefusal ?? redis.message;
    if (!/^(WRONGPASS|NOAUTH|NOPERM|ERR invalid password|ERR AUTH)/.test(words)) return undefined;
    const pid = redis.local?.pid;
    return {
      confidence: 0.82,
      evidence: [`${redis.label}: ${words}`],
      // Its password was changed while it ran: it takes the one of the secrets again when it starts.
      next: pid === undefined ? 'npx sanctum-ops config explain REDIS_URL' : `kill ${pid} && npx sanctum-ops up`,
    };
  },
});
