import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { defineCause } from '../cause.ts';
import type { CureTools } from '../cause.ts';
import * as queries from '../doctor.queries.ts';

const pollMs = 250;
const pollsMax = 40;
const modePrivate = 0o600;

export default defineCause({
  id: 'jobs-dead',
  title: 'Jobs used up their attempts and will not be tried again',
  judge: ({ database, home, isLocal }) => {
    if (database?.state !== 'open' || database.jobs === undefined || database.jobs.dead === 0) return undefined;
    const { dead, troubled, workers } = database.jobs;
    const folder = isLocal ? home.folder : process.cwd();
    const evidence = [
      `${dead} dead job(s)`,
      ...troubled
        .filter((job) => !job.is_locked)
        .map((job) => `${job.task} (id ${job.id}) after ${job.attempts} attempts: ${job.error.replace(/\s+/g, ' ') || 'no error kept'}`),
    ];
    // Without a worker nothing would try them again.
    if (workers === 0) return { confidence: 0.65, evidence, next: 'npx sanctum-ops up' };
    return {
      confidence: 0.72,
      evidence,
      cure: {
        does: [
          'SQL: give each dead job one more attempt',
          `those that fail again leave the queue and are kept in ${folder}/dead-jobs-….json`,
        ],
        run: (tools) => tryOnceMore(tools, folder),
      },
    };
  },
});

async function tryOnceMore({ sql, say }: CureTools, folder: string): Promise<void> {
  const rows = await sql(queries.deadJobRows);
  const ids = rows.map((row) => String(row['id']));
  const list = `'{${ids.join(',')}}'`;
  await sql(queries.retryJobs.replace('$1', list));
  let left = ids;
  for (let poll = 0; poll < pollsMax && left.length > 0; poll += 1) {
    await delay(pollMs);
    const again = new Set((await sql(queries.deadJobRows)).map((row) => String(row['id'])));
    left = (await sql(queries.jobsStillThere.replace('$1', list))).map((row) => String(row['id']));
    if (left.every((id) => again.has(id))) break;
  }
  say(`${ids.length - left.length} of ${ids.length} done`);
  if (left.length === 0) return;
  const file = join(folder, `dead-jobs-${new Date().toISOString().replaceAll(':', '-')}.json`);
  writeFileSync(
    file,
    `${JSON.stringify(
      rows.filter((row) => left.includes(String(row['id']))),
      null,
      2,
    )}\n`,
    { mode: modePrivate },
  );
  await sql(queries.setAsideJobs.replace('$1', `'{${left.join(',')}}'`));
  say(`${left.length} failed again or are known to nobody: taken out of the queue, kept in ${file}`);
}
