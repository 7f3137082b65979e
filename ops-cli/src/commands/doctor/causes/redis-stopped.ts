import { logTail } from '@sanctum/platform/local/log-tail';
import { defineCause } from '../cause.ts';

const logLines = 2;

export default defineCause({
  id: 'redis-stopped',
  title: 'Redis does not run; the platform goes on without it',
  explains: ['redis-unreachable'],
  judge: ({ redis }) => {
    const local = redis?.local;
    if (local?.state !== 'stopped' && local?.state !== 'absent') return undefined;
    return {
      confidence: 0.75,
      evidence: [`nobody listens at ${redis?.label ?? '?'}`, ...logTail(local.logFile, { linesMax: logLines })],
      next: 'npx sanctum-ops up',
    };
  },
});
