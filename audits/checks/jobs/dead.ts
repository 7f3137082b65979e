import { defineCheck, fingerprint } from '../../src/check.ts';
import { readQueue } from '../../src/postgres/jobs.ts';

export default defineCheck({
  id: 'jobs/dead',
  title: 'Job that used up its attempts',
  area: 'failure-paths',
  severity: 'high',
  needs: ['database'],
  requirements: ['JOBS-02', 'JOBS-01'],
  timeoutMs: 10_000,
  mayBeEmpty: 'A queue in which nothing waits holds no dead job.',
  async run(ctx) {
    const groups = await readQueue(ctx);
    if (groups === undefined) return { examined: 0, findings: [], notApplicable: 'this database has no queue of jobs' };
    return {
      examined: groups.reduce((sum, { jobs }) => sum + jobs, 0),
      findings: groups
        .filter(({ dead }) => dead > 0)
        .map(({ name, dead }) => ({
          subject: name,
          detail: `${dead} job(s) "${name}" used up their attempts and are not tried again.`,
          location: `graphile_worker.jobs, ${name}`,
          risk: 'What they were to do is not done and nobody does it: the fault that made them fail may still be there for the next ones.',
          impact: 'People wait for what does not come: a notification, a rank, a removal of old data.',
          fix: `npx sanctum-ops jobs list --state dead${ofName(name)}\n# cure what made them fail, then: npx sanctum-ops jobs retry --dead${ofName(name)}`,
          fingerprint: fingerprint('jobs-dead', name),
        })),
    };
  },
});

/** A name that nobody declared may hold anything, and is not pasted into a shell. */
function ofName(name: string): string {
  return /^[a-z]+(_[a-z]+)*$/.test(name) ? ` --name ${name}` : '';
}
