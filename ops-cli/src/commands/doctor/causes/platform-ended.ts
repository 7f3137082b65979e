import { defineCause } from '../cause.ts';
import { alikeOf, logsOf, subjectOf } from '../several.ts';

export default defineCause({
  id: 'platform-ended',
  title: 'The platform ended without being stopped',
  judge: (sight) => {
    const { platform } = sight;
    if (platform?.process !== 'gone') return undefined;
    return {
      title: `${subjectOf(sight)} ended without being stopped`,
      confidence: 0.75,
      evidence: [...alikeOf(sight).map(({ run }) => `process ${run?.pid ?? '?'} is gone`), ...logsOf(sight), ...platform.recentErrors],
      next: 'npx sanctum-ops up',
    };
  },
});
