import { defineCause } from '../cause.ts';

export default defineCause({
  id: 'proxy-ended',
  title: 'The proxy ended without being stopped',
  judge: ({ proxy }) => {
    if (proxy?.process !== 'gone') return undefined;
    return {
      confidence: 0.9,
      evidence: [
        `process ${proxy.pid} is gone: at ${proxy.url} nobody answers, or workers that nobody leads any more`,
        `its log: ${proxy.logFile}`,
        ...proxy.lastLines,
      ],
      next: 'npx sanctum-ops up',
    };
  },
});
