import { defineCause } from '../cause.ts';

export default defineCause({
  id: 'platform-ended',
  title: 'The platform ended without being stopped',
  judge: ({ platform }) => {
    if (platform?.process !== 'gone') return undefined;
    return {
      confidence: 0.75,
      evidence: [`process ${platform.run?.pid ?? '?'} is gone`, ...platform.recentErrors],
      next: 'npx sanctum-ops up',
    };
  },
});
