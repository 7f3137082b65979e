import { defineCause } from '../cause.ts';
import { isStopped } from '../stopped.ts';

export default defineCause({
  id: 'last-start-failed',
  title: 'The platform does not run: its last start failed',
  explains: ['platform-stopped'],
  judge: (sight) => {
    const failure = sight.machine?.lastFailure;
    if (failure === undefined || sight.platform !== undefined || isStopped(sight) === 'on purpose') return undefined;
    return {
      title: `The platform does not run: its last start failed at "${failure.step}"`,
      confidence: 0.6,
      evidence: [`${failure.at.slice(0, 19)}Z  ${failure.code}: ${failure.message}`, `said then: ${failure.fix}`],
      next: 'npx sanctum-ops up',
    };
  },
});
