/** Writes docs/jobs.md from the job catalogue. `node scripts/generate-jobs-docs.ts`. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { renderJobsPage } from '@sanctum/platform/job-documentation';

await writeFile(join(import.meta.dirname, '../docs/jobs.md'), renderJobsPage());
process.stdout.write('docs/jobs.md written\n');
