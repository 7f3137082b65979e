import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { collectJobs, jobCatalogue } from './job-catalogue.ts';
import { renderJobsPage } from './job-documentation.ts';
import { defineJob } from './jobs/define-job.ts';

const source = import.meta.dirname;
const sample = defineJob({
  name: 'planted_twin',
  does: 'Nothing at all.',
  payload: z.object({ postId: z.string() }),
  attemptsMax: 1,
  timeoutMs: 1000,
  handler: async () => {},
});

test('the catalogue holds every job that is declared, and nothing else', async () => {
  const files = globSync('**/*.jobs.ts', { cwd: source });
  expect(files.length).toBeGreaterThan(3);
  const modules = await Promise.all(files.map((file) => import(join(source, file)) as Promise<Record<string, unknown>>));
  for (const [index, module] of modules.entries()) expect(collectJobs([module]).length, files[index]).toBeGreaterThan(0);
  expect(jobCatalogue.map((job) => job.name)).toEqual(collectJobs(modules).map((job) => job.name));
});

test('no file declares a job in another place', () => {
  const files = globSync('**/*.ts', { cwd: source }).filter((file) => !file.endsWith('.test.ts') && !file.endsWith('.jobs.ts'));
  const declaring = files.filter((file) => /\bdefine(?:Job|Sweep)\(/.test(readFileSync(join(source, file), 'utf8')));
  expect(files.length).toBeGreaterThan(50);
  expect(declaring).toEqual(['jobs/define-sweep.ts']);
});

test.each(jobCatalogue.map((job) => [job.name, job] as const))('%s says what it does, and takes what it will be told', (_name, job) => {
  expect(job.does).toMatch(/^[A-Z].{10,}\.$/);
  expect(job.payload.safeParse('not a payload').success).toBe(false);
  // The crontab has nothing to tell.
  if (job.cron !== undefined) expect(job.payload.safeParse({}).success).toBe(true);
});

test('docs/jobs.md is what make docs writes', () => {
  expect(readFileSync(join(source, '../../docs/jobs.md'), 'utf8'), 'run: make docs').toBe(renderJobsPage());
});

test('the page tells of each job when it runs and what it is told', () => {
  expect(renderJobsPage([sample])).toContain('| `planted_twin` | when asked | `postId` | 1 | 1 s | Nothing at all. |');
  for (const job of jobCatalogue) expect(renderJobsPage()).toContain(`| \`${job.name}\` | `);
});

test('two jobs of one name are refused', () => {
  expect(() => collectJobs([{ sample }, { other: { ...sample } }])).toThrow('planted_twin');
});

test('a job that does not say what it does is refused', () => {
  expect(() => defineJob({ ...sample, does: '' })).toThrow('planted_twin');
});
