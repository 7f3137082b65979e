import { expect, test } from 'vitest';
import { plantedDatabase } from '../../test/planted-database.ts';
import check from './stuck.ts';

const database = plantedDatabase();

test('a job whose worker died is named until it is freed; one that runs within its time is none', async () => {
  await database.sql(
    `select graphile_worker.add_job('notify')`,
    `update graphile_worker._private_jobs set locked_at = now() - interval '4 minutes', locked_by = 'gone'`,
  );
  const before = await database.look(check);
  expect([before.examined, before.findings]).toEqual([1, []]);
  await database.sql(`update graphile_worker._private_jobs set locked_at = now() - interval '7 minutes'`);
  const { findings } = await database.look(check);
  expect(findings).toMatchObject([{ subject: 'notify', detail: expect.stringContaining('held by a worker') }]);
  await database.sql(`select graphile_worker.force_unlock_workers(array['gone'])`);
  expect((await database.look(check)).findings).toEqual([]);
});

test('a job that is due for minutes and taken by nobody is named; one of the future and a dead one are none', async () => {
  await database.sql(
    'delete from graphile_worker._private_jobs',
    `select graphile_worker.add_job('notify', run_at := now() - interval '10 minutes')`,
    `select graphile_worker.add_job('notify', run_at := now() + interval '1 day')`,
    `select graphile_worker.add_job('sweep_all', run_at := now() - interval '1 day', max_attempts := 1)`,
    `update graphile_worker._private_jobs set attempts = 1 where max_attempts = 1`,
  );
  const { findings } = await database.look(check);
  expect(findings).toMatchObject([{ subject: 'notify', detail: expect.stringContaining('1 could run') }]);
  await database.sql(
    `select graphile_worker.complete_jobs(array(select id from graphile_worker.jobs where run_at < now() and attempts = 0))`,
  );
  expect((await database.look(check)).findings).toEqual([]);
});
