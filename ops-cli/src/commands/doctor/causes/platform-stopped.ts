import { defineCause } from '../cause.ts';
import { isStopped } from '../stopped.ts';

export default defineCause({
  id: 'platform-stopped',
  title: 'The platform does not run',
  judge: (sight) => {
    if (!sight.isLocal || sight.machine?.isHomeThere !== true || sight.platform !== undefined || isStopped(sight) === 'on purpose')
      return undefined;
    return {
      confidence: 0.55,
      evidence: ['its stores run, or a start began, and nothing says that the platform was started'],
      next: 'npx sanctum-ops up',
    };
  },
});
