import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTestFolder, sampleFiles } from '../test/folder.ts';
import type { TestFolder } from '../test/folder.ts';
import { newMigration } from './new.ts';
import { signMigrations } from './sign.ts';
import { verifyFiles } from './verify-files.ts';

let folder: TestFolder;
beforeEach(async () => {
  folder = await createTestFolder(sampleFiles);
});
afterEach(() => folder.close());

const codes = async (): Promise<string[]> => (await verifyFiles(folder.dir)).findings.map((entry) => entry.code);

test('a migration with its statement gets the next number and is signed', async () => {
  const made = await newMigration({ dir: folder.dir, name: 'Add post-pins', sql: 'create table pins (id bigint primary key)' });
  expect(made).toMatchObject({ number: 7, name: '0007_add_post_pins.sql', signed: true });
  expect(readFileSync(made.path, 'utf8')).toBe('create table pins (id bigint primary key);\n');
  expect(await codes()).toEqual([]);
});

test('a migration without a statement is a file to fill in, and counts as empty until then', async () => {
  const made = await newMigration({ dir: folder.dir, name: 'later' });
  expect(made.signed).toBe(false);
  expect((await codes()).toSorted()).toEqual(['empty', 'unsigned']);
  await folder.write(made.name, 'select 1;\n');
  expect((await signMigrations({ dir: folder.dir })).added).toEqual([made.name]);
  expect(await codes()).toEqual([]);
});

test('a dry run writes nothing', async () => {
  expect((await newMigration({ dir: folder.dir, name: 'later', dryRun: true })).name).toBe('0007_later.sql');
  expect(await codes()).toEqual([]);
});

test('names that cannot be file names are refused with an example', async () => {
  for (const name of ['', '../../etc/passwd', '9lives', 'Größe', 'a'.repeat(81), 'a;b']) {
    expect(await newMigration({ dir: folder.dir, name }).catch((reason: unknown) => reason)).toMatchObject({
      code: 'MIGRATION_NAME_INVALID',
    });
  }
  expect(await codes()).toEqual([]);
});

test('a statement that does not parse is not signed, and the line is named', async () => {
  await folder.write('0007_bad.sql', 'select 1;\n\ncreate tabel x ();\n');
  expect(await signMigrations({ dir: folder.dir }).catch((reason: unknown) => reason)).toMatchObject({
    code: 'MIGRATION_SIGN_REFUSED',
    file: '0007_bad.sql',
    line: 3,
  });
});

test('files out of order, edited signatures and files that are not text are not signed over', async () => {
  const refusal = async (): Promise<unknown> => signMigrations({ dir: folder.dir, cosmetic: true }).catch((reason: unknown) => reason);
  await folder.write('0007_latin.sql', Buffer.from([0x73, 0xe9, 0x3b]));
  expect(await refusal()).toMatchObject({ code: 'MIGRATION_SIGN_REFUSED', file: '0007_latin.sql' });
  await folder.remove('0007_latin.sql');
  await folder.write('0003_also.sql', 'select 1;\n');
  expect(await refusal()).toMatchObject({ code: 'MIGRATION_SIGN_REFUSED' });
  await folder.remove('0003_also.sql');
  await folder.remove('0006_kind.sql');
  expect(await refusal()).toMatchObject({ code: 'MIGRATION_SIGN_REFUSED', file: '0006_kind.sql' });
});
