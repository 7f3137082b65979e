import { defineCause } from '../cause.ts';
import { isBusy } from '../busy.ts';

export default defineCause({
  id: 'platform-hangs',
  title: 'The platform lives, uses no CPU and does not answer',
  explains: ['jobs-no-worker'],
  judge: ({ platform }) => {
    if (platform?.process !== 'alive' || platform.healthMs !== undefined || isBusy(platform)) return undefined;
    return {
      confidence: 0.8,
      evidence: [
        `process ${platform.run?.pid ?? '?'} at ${platform.url}/health: ${platform.silence ?? 'no answer'}`,
        ...platform.recentErrors,
      ],
      next: 'npx sanctum-ops down && npx sanctum-ops up',
    };
  },
});
