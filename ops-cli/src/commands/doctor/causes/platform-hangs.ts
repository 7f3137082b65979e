import { defineCause } from '../cause.ts';
import { isBusy } from '../busy.ts';
import { logsOf, subjectOf } from '../several.ts';

export default defineCause({
  id: 'platform-hangs',
  title: 'The platform lives, uses no CPU and does not answer',
  explains: ['jobs-no-worker'],
  judge: (sight) => {
    const { platform } = sight;
    if (platform?.process !== 'alive' || platform.healthMs !== undefined || isBusy(platform)) return undefined;
    return {
      title: `${subjectOf(sight)} lives, uses no CPU and does not answer`,
      confidence: 0.8,
      evidence: [
        `process ${platform.run?.pid ?? '?'} at ${platform.url}/health: ${platform.silence ?? 'no answer'}`,
        ...logsOf(sight),
        ...platform.recentErrors,
      ],
      next: 'npx sanctum-ops down && npx sanctum-ops up',
    };
  },
});
