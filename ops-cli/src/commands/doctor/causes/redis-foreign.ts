import { defineCause } from '../cause.ts';

export default defineCause({
  id: 'redis-foreign',
  title: "Somebody else answers at Redis' port",
  explains: ['redis-refuses', 'redis-unreachable', 'redis-full', 'redis-read-only'],
  judge: ({ redis }) => {
    if (redis?.local?.state !== 'foreign') return undefined;
    return { confidence: 0.82, evidence: [redis.local.detail ?? redis.message], next: 'npx sanctum-ops up' };
  },
});
