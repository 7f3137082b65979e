import { defineCause } from '../cause.ts';
import { alikeOf, subjectOf } from '../several.ts';

export default defineCause({
  id: 'platform-paused',
  title: 'The platform is stopped by a signal: it lives and answers nobody',
  explains: ['jobs-no-worker', 'jobs-stuck', 'lock-convoy', 'long-transaction'],
  judge: (sight) => {
    if (sight.platform?.process !== 'paused') return undefined;
    const pids = alikeOf(sight).flatMap(({ run }) => (run === undefined ? [] : [run.pid]));
    return {
      title: `${subjectOf(sight)} is stopped by a signal: it lives and answers nobody`,
      confidence: 0.97,
      evidence: pids.map((pid) => `process ${pid} is stopped (state T)`),
      next: `kill -CONT ${pids.join(' ')}`,
    };
  },
});
