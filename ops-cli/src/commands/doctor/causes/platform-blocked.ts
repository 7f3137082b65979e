import { connectionsTo } from '../../../stack/connections-to.ts';
import { defineCause } from '../cause.ts';
import { isBusy } from '../busy.ts';
import { subjectOf } from '../several.ts';

/** With this many clients connected a late answer is the crowd's doing. */
const crowdMin = 32;

export default defineCause({
  id: 'platform-blocked',
  title: 'One computation holds the event loop of the platform',
  explains: ['jobs-no-worker', 'jobs-stuck'],
  judge: (sight) => {
    const { platform } = sight;
    if (platform?.process !== 'alive' || platform.healthMs !== undefined || !isBusy(platform)) return undefined;
    const clients = connectionsTo(platform.run?.port ?? 0);
    if (clients >= crowdMin) return undefined;
    return {
      title: `One computation holds the event loop: ${subjectOf(sight)}`,
      confidence: 0.86,
      evidence: [
        `process ${platform.run?.pid ?? '?'} uses ${Math.round((platform.cpuShare ?? 0) * 100)} % of a core and answers nobody: ${platform.silence ?? ''}`,
        `${clients} clients are connected: it is not their number`,
        ...platform.recentErrors,
      ],
      next: `kill -KILL ${platform.run?.pid ?? ''} && npx sanctum-ops up`,
    };
  },
});
