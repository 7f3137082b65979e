import { defineCause } from '../cause.ts';

export default defineCause({
  id: 'redis-loading',
  title: 'Redis reads its data after a start',
  judge: ({ redis }) => {
    const words = redis?.writeRefusal ?? redis?.message ?? '';
    if (redis === undefined || !/^(LOADING|MASTERDOWN)/.test(words)) return undefined;
    return { confidence: 0.7, evidence: [`${redis.label}: ${words}`], next: 'npx sanctum-ops doctor --wait' };
  },
});
