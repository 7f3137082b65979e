import { defineCause } from '../cause.ts';

export default defineCause({
  id: 'proxy-silent',
  title: 'The proxy lives and answers nobody',
  judge: ({ proxy }) => {
    if (proxy?.process !== 'alive' || proxy.silence === undefined) return undefined;
    return {
      confidence: 0.88,
      evidence: [`process ${proxy.pid} at ${proxy.url}: ${proxy.silence}`, `its log: ${proxy.logFile}`, ...proxy.lastLines],
      next: `kill -KILL ${proxy.pid} && npx sanctum-ops up`,
    };
  },
});
