import { defineCause } from '../cause.ts';

const busyShare = 0.5;

export default defineCause({
  id: 'redis-hangs',
  title: 'Redis lives and does not answer',
  judge: ({ redis }) => {
    const local = redis?.local;
    if (redis?.state !== 'silent' || local?.pid === undefined || local.isPaused) return undefined;
    const share = local.cpuShare;
    const doing =
      share === undefined ? [] : [share > busyShare ? `it computes: ${Math.round(share * 100)} % of a core` : 'it waits and uses no CPU'];
    return {
      confidence: 0.8,
      evidence: [`process ${local.pid} accepts connections, and ${redis.message}`, ...doing],
      // It does not listen to SIGTERM while it hangs; nothing acknowledged lives in it.
      next: `kill -KILL ${local.pid} && npx sanctum-ops up`,
    };
  },
});
