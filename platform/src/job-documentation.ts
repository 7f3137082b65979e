/** docs/jobs.md, computed from the job catalogue. */
import { z } from 'zod';
import { jobCatalogue } from './job-catalogue.ts';
import type { Job } from './jobs/define-job.ts';

const millisecondsPerSecond = 1000;

export function renderJobsPage(jobs: readonly Job[] = jobCatalogue): string {
  return `# Background jobs

Generated from the \`*.jobs.ts\` files by \`make docs\`; a test keeps it current.

A job that fails is tried again after e^attempt seconds. After its attempts it stays as a dead letter: \`sanctum_jobs_dead\` counts them, and
\`npx sanctum-ops doctor\` lists and cures them. Times are UTC.

| job | runs | told | attempts | each at most | does |
| --- | --- | --- | --- | --- | --- |
${jobs.map(tableRow).join('\n')}
`;
}

function tableRow({ name, cron, payload, attemptsMax, timeoutMs, does }: Job): string {
  const runs = cron === undefined ? 'when asked' : `\`${cron}\``;
  return `| \`${name}\` | ${runs} | ${fieldsOf(payload)} | ${attemptsMax} | ${timeoutMs / millisecondsPerSecond} s | ${does} |`;
}

function fieldsOf(payload: z.ZodType): string {
  const fields = Object.keys(z.toJSONSchema(payload, { io: 'input' }).properties ?? {});
  return fields.length === 0 ? 'nothing' : fields.map((field) => `\`${field}\``).join(', ');
}
