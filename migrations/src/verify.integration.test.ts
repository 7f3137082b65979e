import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createTestFolder, sampleFiles } from '../test/folder.ts';
import type { TestFolder } from '../test/folder.ts';
import { createScratchDatabase } from '../test/scratch.ts';
import type { ScratchDatabase } from '../test/scratch.ts';
import { applyMigrations } from './apply.ts';
import { writeChecksums } from './checksums.ts';
import { signMigrations } from './sign.ts';
import { loadParser } from './parser.ts';
import { readMigrationFolder } from './files.ts';
import { tokenHashOf } from './tokens.ts';
import type { VerifyCode } from './types.ts';
import { verifyMigrations } from './verify.ts';

const names = Object.keys(sampleFiles);
let database: ScratchDatabase;
let folder: TestFolder;

beforeAll(async () => {
  database = await createScratchDatabase();
  folder = await createTestFolder(sampleFiles);
  await applyMigrations({ database: database.url, dir: folder.dir });
});
afterAll(async () => {
  await folder.close();
  await database.close();
});
afterEach(async () => {
  for (const [name, content] of Object.entries(sampleFiles)) await folder.write(name, content);
  await forgeSignatures();
  expect((await verifyMigrations({ dir: folder.dir, database: database.client })).findings).toEqual([]);
});

/** Signs whatever is there, past every refusal: what somebody does who edits checksums.json together with a file. */
async function forgeSignatures(): Promise<void> {
  const parser = await loadParser();
  const { readFileSync } = await import('node:fs');
  const entries = readMigrationFolder(folder.dir).files.map((file) => ({
    number: file.number,
    name: file.name,
    bytes: file.byteHash,
    tokens: tokenHashOf(parser, readFileSync(file.path, 'utf8')) ?? '0'.repeat(64),
    down: file.downHash,
  }));
  writeChecksums(folder.dir, entries);
}

async function codes(): Promise<[VerifyCode, string | null, string][]> {
  const { findings } = await verifyMigrations({ dir: folder.dir, database: database.client });
  return findings.map((entry) => [entry.code, entry.file, entry.kind]);
}

test('an applied file edited together with checksums.json is re-signed: semantic for a statement, cosmetic for a comment', async () => {
  const parser = await loadParser();
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...names), fc.nat(), fc.boolean(), async (name, at, isComment) => {
      const text = sampleFiles[name] ?? '';
      const tokens = (parser.scan(text) ?? []).filter((token) => !token.isComment);
      const token = tokens[at % (tokens.length - 1)];
      if (token === undefined) throw new Error('the sample has no tokens');
      const edited = isComment
        ? `${text.slice(0, token.start)} /* forged */ ${text.slice(token.start)}`
        : `${text.slice(0, token.start)} forged ${text.slice(token.start)}`;
      await folder.write(name, edited);
      await forgeSignatures();
      const found = await codes();
      await folder.write(name, text);
      expect(found).toEqual([['re-signed', name, isComment ? 'cosmetic' : 'semantic']]);
    }),
    { seed: 20_261_122, numRuns: 120 },
  );
});

test('an applied file removed together with its signature is missing, the last one unknown to the code', async () => {
  await folder.remove('0003_title.sql');
  await forgeSignatures();
  expect(await codes()).toEqual([['missing', '0003_title.sql', 'semantic']]);
  await folder.write('0003_title.sql', sampleFiles['0003_title.sql'] ?? '');
  await folder.remove('0006_kind.sql');
  await forgeSignatures();
  // It added a column: code that does not know it works on.
  expect(await codes()).toEqual([]);
  const { newer, codeHead, blocking } = await verifyMigrations({ dir: folder.dir, database: database.url });
  expect([newer, codeHead, blocking]).toEqual([['0006_kind.sql'], 5, false]);
  expect((await applyMigrations({ dir: folder.dir, database: database.url })).applied).toEqual([]);
  await database.client.query('update schema_migrations set breaks_before = 6 where number = 6');
  expect(await codes()).toEqual([['unknown-to-code', '0006_kind.sql', 'state']]);
  expect(await applyMigrations({ dir: folder.dir, database: database.url }).catch((reason: unknown) => reason)).toMatchObject({
    code: 'MIGRATIONS_REFUSED',
  });
});

test('two applied files exchanged together with their signatures are both re-signed', async () => {
  await folder.write('0003_title.sql', sampleFiles['0006_kind.sql'] ?? '');
  await folder.write('0006_kind.sql', sampleFiles['0003_title.sql'] ?? '');
  await forgeSignatures();
  expect(await codes()).toEqual([
    ['re-signed', '0003_title.sql', 'semantic'],
    ['re-signed', '0006_kind.sql', 'semantic'],
  ]);
});

test('a signed file with a number below the head is out of order', async () => {
  await folder.write('00030_between.sql', 'select 1;\n');
  await folder.remove('00030_between.sql');
  const late = await createTestFolder({ '0001_users.sql': sampleFiles['0001_users.sql'] ?? '', '0003_later.sql': 'select 1;\n' });
  const other = await createScratchDatabase();
  await applyMigrations({ dir: late.dir, database: other.url });
  await late.write('0002_between.sql', 'select 2;\n');
  writeChecksums(late.dir, await signedEntries(late.dir));
  const { findings } = await verifyMigrations({ dir: late.dir, database: other.url });
  expect(findings.map((entry) => entry.code)).toEqual(['out-of-order']);
  expect(findings[0]?.fix).toContain('0004_between.sql');
  await other.close();
  await late.close();
});

async function signedEntries(dir: string): Promise<Parameters<typeof writeChecksums>[1]> {
  const parser = await loadParser();
  const { readFileSync } = await import('node:fs');
  return readMigrationFolder(dir).files.map((file) => ({
    number: file.number,
    name: file.name,
    bytes: file.byteHash,
    down: null,
    tokens: tokenHashOf(parser, readFileSync(file.path, 'utf8')) ?? '',
  }));
}

test('an edited journal breaks its own chain', async () => {
  await database.client.query(`update schema_migrations set byte_hash = reverse(byte_hash) where number = 3`);
  const found = (await codes()).map(([code]) => code);
  await database.client.query(`update schema_migrations set byte_hash = reverse(byte_hash) where number = 3`);
  expect(found).toContain('journal-edited');
});

test('signing refuses to hide a changed statement that is applied, and needs a database to know', async () => {
  await folder.write('0003_title.sql', 'alter table posts add column title text;\n');
  expect(await signMigrations({ dir: folder.dir }).catch((reason: unknown) => reason)).toMatchObject({ code: 'MIGRATION_SIGN_REFUSED' });
  const error: unknown = await signMigrations({ dir: folder.dir, databases: [database.url] }).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: 'MIGRATION_SIGN_REFUSED', file: '0003_title.sql' });
  expect((error as Error).message).toContain('was applied on');
});

test('a comment is signed again with proof, and the next run records it in the journal', async () => {
  await folder.write('0003_title.sql', `-- A licence header.\n${sampleFiles['0003_title.sql']}`);
  expect(await signMigrations({ dir: folder.dir }).catch((reason: unknown) => reason)).toMatchObject({ code: 'MIGRATION_SIGN_REFUSED' });
  expect((await signMigrations({ dir: folder.dir, cosmetic: true })).cosmetic).toEqual(['0003_title.sql']);
  const before = await verifyMigrations({ dir: folder.dir, database: database.url });
  expect([before.blocking, before.findings.map((entry) => entry.code)]).toEqual([false, ['re-signed']]);
  expect((await applyMigrations({ dir: folder.dir, database: database.url })).adopted).toEqual(['0003_title.sql']);
  expect(await codes()).toEqual([]);
  await folder.write('0003_title.sql', sampleFiles['0003_title.sql'] ?? '');
  await signMigrations({ dir: folder.dir, cosmetic: true });
  await applyMigrations({ dir: folder.dir, database: database.url });
});

test('a database that is not ours is named and left alone', async () => {
  const foreign = await createScratchDatabase();
  await foreign.client.query('create table wp_posts (id int)');
  const tables = await verifyMigrations({ dir: folder.dir, database: foreign.url });
  expect(tables.findings.map((entry) => entry.code)).toEqual(['foreign-database']);
  expect(await applyMigrations({ dir: folder.dir, database: foreign.url }).catch((reason: unknown) => reason)).toMatchObject({
    code: 'MIGRATIONS_REFUSED',
  });
  await foreign.client.query('create table schema_migrations (version text primary key)');
  const journal = await verifyMigrations({ dir: folder.dir, database: foreign.url });
  expect(journal.findings[0]?.detail).toContain("another tool's journal");
  const { rows } = await foreign.client.query(
    "select relname::text from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' order by 1",
  );
  expect(rows).toEqual([{ relname: 'schema_migrations' }, { relname: 'wp_posts' }]);
  await foreign.close();
});

test('an unreachable server, a wrong password and an unknown database are findings, never clean and never thrown', async () => {
  const wrong = (change: (url: URL) => void): string => {
    const url = new URL(database.url);
    change(url);
    return url.href;
  };
  const code = async (url: string): Promise<VerifyCode | undefined> =>
    (await verifyMigrations({ dir: folder.dir, database: url })).findings[0]?.code;
  expect(await code(wrong((url) => (url.port = '1')))).toBe('database-unreachable');
  expect(await code(wrong((url) => (url.password = 'wrong-password')))).toBe('database-refused');
  expect(await code(wrong((url) => (url.pathname = '/nowhere')))).toBe('database-refused');
  const { findings } = await verifyMigrations({ dir: folder.dir, database: wrong((url) => (url.password = 'wrong-password')) });
  expect(JSON.stringify(findings)).not.toContain('wrong-password');
});

test('a file that is not text and one that is cut off stop a migration before it begins', async () => {
  await writeFile(join(folder.dir, 'sql', '0007_latin.sql'), Buffer.from([0x73, 0x65, 0xe9, 0x3b, 0x0a]));
  const error: unknown = await applyMigrations({ dir: folder.dir, database: database.url }).catch((reason: unknown) => reason);
  expect((error as Error).message).toContain('not-utf8');
  await folder.write('0007_latin.sql', 'create table cut (id bigint');
  expect(
    ((await applyMigrations({ dir: folder.dir, database: database.url }).catch((reason: unknown) => reason)) as Error).message,
  ).toContain('truncated');
  await folder.remove('0007_latin.sql');
});
