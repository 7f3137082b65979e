import { expect, test } from 'vitest';
import { plantedDatabase } from '../../test/planted-database.ts';
import check from './no-primary-key.ts';

const database = plantedDatabase();

test('a table without a key is named, and the pasted fix gives it one', async () => {
  await database.sql(
    'create table keyless (a int)',
    'create table promising (code text not null)',
    'create unique index promising_code on promising (code)',
  );
  const { examined, findings } = await database.look(check);
  expect(examined).toBeGreaterThan(5);
  expect(findings.map((finding) => finding.subject)).toEqual(['keyless', 'promising']);
  for (const finding of findings) await database.paste(finding.fix);
  expect((await database.look(check)).findings).toEqual([]);
});

test('views and partitions of a keyed table are no findings', async () => {
  await database.sql(
    'create view keyless_view as select 1 as a',
    'create table parts (a int primary key) partition by range (a)',
    'create table parts_1 partition of parts for values from (0) to (10)',
  );
  expect((await database.look(check)).findings).toEqual([]);
});
