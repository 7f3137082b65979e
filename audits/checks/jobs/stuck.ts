import { defineCheck, fingerprint } from '../../src/check.ts';
import type { Finding } from '../../src/check.ts';
import { overdueSeconds, readQueue, stuckSeconds } from '../../src/postgres/jobs.ts';
import type { QueueGroup } from '../../src/postgres/jobs.ts';

export default defineCheck({
  id: 'jobs/stuck',
  title: 'Job that nobody works on',
  area: 'failure-paths',
  severity: 'high',
  needs: ['database'],
  requirements: ['JOBS-01', 'JOBS-02'],
  timeoutMs: 10_000,
  mayBeEmpty: 'A queue in which nothing waits holds no stuck job.',
  async run(ctx) {
    const groups = await readQueue(ctx);
    if (groups === undefined) return { examined: 0, findings: [], notApplicable: 'this database has no queue of jobs' };
    return {
      examined: groups.reduce((sum, { jobs }) => sum + jobs, 0),
      findings: groups.filter(({ stuck, overdue }) => stuck > 0 || overdue > 0).map(finding),
    };
  },
});

function finding({ name, stuck, overdue, oldest_s: oldest }: QueueGroup): Finding {
  const seen = [
    ...(stuck > 0 ? [`${stuck} are held by a worker for more than ${stuckSeconds} s, longer than any attempt may take`] : []),
    ...(overdue > 0 ? [`${overdue} could run for more than ${overdueSeconds} s and nobody takes them`] : []),
  ];
  return {
    subject: name,
    detail: `Of the jobs "${name}" ${seen.join('; ')}. The oldest waits for ${Math.round(oldest)} s.`,
    location: `graphile_worker.jobs, ${name}`,
    risk: 'No worker runs, all of them are busy, or one died and nobody freed what it held: the queue grows.',
    impact: 'What the jobs are to do comes late or not at all.',
    fix: 'npx sanctum-ops doctor names the cause (jobs-no-worker, jobs-stuck, jobs-behind) and its cure',
    fingerprint: fingerprint('jobs-stuck', name),
  };
}
