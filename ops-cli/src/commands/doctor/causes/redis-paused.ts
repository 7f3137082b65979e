import { defineCause } from '../cause.ts';

export default defineCause({
  id: 'redis-paused',
  title: 'Redis is stopped by a signal: it lives and answers nobody',
  explains: ['redis-hangs', 'redis-unreachable', 'overload'],
  judge: ({ redis }) => {
    if (redis?.local?.isPaused !== true || redis.local.pid === undefined) return undefined;
    const { pid } = redis.local;
    return {
      confidence: 0.85,
      evidence: [`process ${pid} is stopped (state T)`, `asked at ${redis.label}: ${redis.message}`],
      next: `kill -CONT ${pid}`,
    };
  },
});
