import { brokenParts } from '../../../stack/readiness.ts';
import { defineCause } from '../cause.ts';
import { logsOf, subjectOf } from '../several.ts';

export default defineCause({
  id: 'platform-not-ready',
  title: 'The platform says that it is not ready',
  judge: (sight) => {
    const { platform, isLocal } = sight;
    const readiness = platform?.readiness;
    if (platform === undefined || readiness === undefined || readiness.status === 200) return undefined;
    return {
      title: `${subjectOf(sight)} says that it is not ready`,
      confidence: 0.5,
      evidence: [`/ready answers ${readiness.status}`, ...brokenParts(readiness.body), ...logsOf(sight), ...platform.recentErrors],
      // What it says is broken was looked at, and is not: the process itself has to begin anew.
      next: isLocal ? 'npx sanctum-ops down && npx sanctum-ops up' : `curl -s ${new URL('/ready', platform.url).href}`,
    };
  },
});
