import { printable } from '@sanctum/migrations/printable';
import type { Paint } from '../../output.ts';
import type { ChangedJobsDocument, JobsDocument, ListedJob } from './jobs.document.ts';
import { jobStates } from './jobs.arguments.ts';

export function renderJobs({ counts, jobs, hasMore }: JobsDocument, paint: Paint): string {
  const summary = jobStates.map((state) => `${counts[state]} ${state}`).join(', ');
  const widths = { id: widthOf(jobs.map(({ id }) => id)), name: widthOf(jobs.map(({ name }) => printable(name))) };
  const lines = jobs.map((job) => {
    const head = [
      job.id.padStart(widths.id),
      job.state.padEnd(7),
      printable(job.name).padEnd(widths.name),
      `${job.attempts}/${job.attemptsMax}`,
    ];
    const tail = [
      when(job),
      ...Object.entries(job.subject).map(([name, id]) => `${name} ${id}`),
      ...(job.error === null ? [] : [paint.red(printable(job.error))]),
    ];
    return `${head.join('  ')}  ${tail.join('  ')}`;
  });
  const next = counts.dead === 0 ? [] : ['', 'Cure what made them fail, then: npx sanctum-ops jobs retry <id>'];
  return [
    ...lines,
    ...(hasMore ? [paint.dim('… and more: ask for more with --limit')] : []),
    ...(lines.length === 0 ? [] : ['']),
    summary,
    ...next,
  ].join('\n');
}

function widthOf(texts: readonly string[]): number {
  return Math.max(0, ...texts.map((text) => text.length));
}

function when({ state, createdAt, runAt, lockedAt }: ListedJob): string {
  if (state === 'running') return `since ${lockedAt ?? ''}`;
  return state === 'failed' ? `next ${runAt}` : `of ${createdAt}`;
}

export function renderChanged({ dryRun, done, left }: ChangedJobsDocument, verb: 'retry' | 'discard'): string {
  const what = verb === 'retry' ? 'run again' : 'taken out of the queue';
  const lines = [
    `${done.length} job(s) ${dryRun ? `would be ${what}` : `${verb === 'retry' ? '' : 'are '}${what}`}${done.length === 0 ? '' : `: ${done.join(', ')}`}`,
  ];
  if (left.length > 0) lines.push(`left alone, because they are not there or a worker holds them: ${left.join(', ')}`);
  return lines.join('\n');
}
