import { expect, test } from 'vitest';
import { plantedDatabase } from '../../test/planted-database.ts';
import check from './dead.ts';

const database = plantedDatabase();

test('a job that used up its attempts is named until it is retried or discarded; one that is tried again is none', async () => {
  await database.sql(
    `select graphile_worker.add_job('notify', max_attempts := 3)`,
    `update graphile_worker._private_jobs set attempts = 2, run_at = now() + interval '1 minute'`,
  );
  const before = await database.look(check);
  expect([before.examined, before.findings]).toEqual([1, []]);
  await database.sql('update graphile_worker._private_jobs set attempts = 3');
  const { findings } = await database.look(check);
  expect(findings).toMatchObject([{ subject: 'notify', fix: expect.stringContaining('npx sanctum-ops jobs retry --dead --name notify') }]);
  await database.sql(`select graphile_worker.reschedule_jobs(array(select id from graphile_worker.jobs), attempts := 2)`);
  expect((await database.look(check)).findings).toEqual([]);
});

test('a name that nobody declared is shown and not pasted into a command', async () => {
  await database.sql(
    `delete from graphile_worker._private_jobs`,
    `select graphile_worker.add_job('x; rm -rf ~ #', max_attempts := 1)`,
    'update graphile_worker._private_jobs set attempts = 1',
  );
  const { findings } = await database.look(check);
  expect(findings).toHaveLength(1);
  expect(findings[0]?.fix).not.toContain('rm -rf');
});

test('an empty queue is fine, and a database without one is none of its business', async () => {
  await database.sql('delete from graphile_worker._private_jobs');
  expect(await database.look(check)).toMatchObject({ examined: 0, findings: [] });
  await database.sql('drop schema graphile_worker cascade');
  expect(await database.look(check)).toMatchObject({ findings: [], notApplicable: expect.stringContaining('no queue') });
});
