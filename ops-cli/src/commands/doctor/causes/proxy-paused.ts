import { defineCause } from '../cause.ts';

export default defineCause({
  id: 'proxy-paused',
  title: 'The proxy is stopped by a signal: it lives and answers nobody',
  judge: ({ proxy }) => {
    if (proxy?.process !== 'paused') return undefined;
    return { confidence: 0.98, evidence: [`process ${proxy.pid} is stopped (state T)`], next: `kill -CONT ${proxy.pid}` };
  },
});
