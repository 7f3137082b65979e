import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTestFolder, sampleFiles } from '../test/folder.ts';
import type { TestFolder } from '../test/folder.ts';
import { lintMigrations } from './lint.ts';
import { signMigrations } from './sign.ts';
import { verifyFiles } from './verify-files.ts';

let folder: TestFolder;
beforeEach(async () => {
  folder = await createTestFolder(sampleFiles);
});
afterEach(() => folder.close());

const place = (name: string): string => join(folder.dir, 'sql', name);
const codes = async (): Promise<string[]> => (await verifyFiles(folder.dir)).findings.map((entry) => `${entry.code} ${entry.file ?? ''}`);

/** What may stand where a migration stands, and what is said of it. */
const odd: readonly [what: string, make: (path: string) => void, reason: string][] = [
  ['a named pipe', (path) => execFileSync('mkfifo', [path]), 'a named pipe'],
  ['a folder', (path) => mkdirSync(path), 'a folder'],
  ['a link to a device', (path) => symlinkSync('/dev/zero', path), 'leads out of its folder'],
  ['a link to a file elsewhere', (path) => symlinkSync('/etc/hostname', path), 'leads out of its folder'],
  ['a link to itself', (path) => symlinkSync(path, path), 'leads to itself'],
  ['a link to nothing', (path) => symlinkSync('nowhere.sql', path), 'ENOENT'],
];

test.each(odd)(
  '%s that is named like a migration is a finding of its own, for verify and lint, and nobody waits',
  async (_what, make, reason) => {
    make(place('0007_odd.sql'));
    const { findings } = await verifyFiles(folder.dir);
    expect(findings).toMatchObject([{ code: 'file-unreadable', file: '0007_odd.sql', blocking: true, kind: 'could-not-look' }]);
    expect(findings[0]?.detail).toContain(reason);
    const lint = await lintMigrations({ dir: folder.dir });
    expect(lint.notLooked.join()).toContain('0007_odd.sql');
    expect(lint.examined.files).toBe(Object.keys(sampleFiles).length);
    await expect(signMigrations({ dir: folder.dir })).rejects.toMatchObject({ code: 'MIGRATION_SIGN_REFUSED' });
  },
);

test('a signed file that turned into a pipe is unreadable and not called missing', async () => {
  rmSync(place('0003_title.sql'));
  execFileSync('mkfifo', [place('0003_title.sql')]);
  expect(await codes()).toEqual(['file-unreadable 0003_title.sql']);
});

test('a pipe in place of the way back or of the signatures does not hold anybody up', async () => {
  execFileSync('mkfifo', [place('0003_title.down.sql')]);
  expect(await codes()).toEqual(['file-unreadable 0003_title.down.sql']);
  rmSync(join(folder.dir, 'checksums.json'));
  execFileSync('mkfifo', [join(folder.dir, 'checksums.json')]);
  expect(await codes()).toContain('checksums-unreadable checksums.json');
});

test('a socket is a finding', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(place('0007_odd.sql'), resolve));
  const { findings } = await verifyFiles(folder.dir);
  await new Promise((resolve) => server.close(resolve));
  expect(findings).toMatchObject([{ code: 'file-unreadable' }]);
  expect(findings[0]?.detail).toContain('a socket');
});

test('a file of a gigabyte is refused by its size without being read', async () => {
  writeFileSync(place('0007_large.sql'), '');
  truncateSync(place('0007_large.sql'), 1024 ** 3);
  const before = process.memoryUsage().rss;
  expect(await codes()).toEqual(['too-large 0007_large.sql']);
  expect((await lintMigrations({ dir: folder.dir })).notLooked.join()).toContain('0007_large.sql');
  expect(process.memoryUsage().rss - before).toBeLessThan(256 * 1024 * 1024);
});

test.runIf(process.getuid?.() !== 0)('a file that this user may not read is a finding', async () => {
  chmodSync(place('0003_title.sql'), 0);
  expect(await codes()).toEqual(['file-unreadable 0003_title.sql']);
});

test('read-me files, backups of editors and system files are nobody’s migrations', async () => {
  for (const name of [
    'README.md',
    '.DS_Store',
    '.0003_title.sql.swp',
    '0003_title.sql~',
    '0003_title.sql.orig',
    '0003_title.sql.bak',
    '.gitkeep',
    'Thumbs.db',
    '#0003_title.sql#',
  ]) {
    writeFileSync(place(name), 'x');
  }
  mkdirSync(place('archive'));
  expect(await codes()).toEqual([]);
  const { total } = await signMigrations({ dir: folder.dir });
  expect(total).toBe(Object.keys(sampleFiles).length);
});

const title = '0003_title.sql';
const text = sampleFiles[title] ?? '';
const touch = sampleFiles['0004_touch.sql'] ?? '';
test.each<[what: string, name: string, edited: string | Buffer]>([
  ['a semicolon too many', title, text.replace(';', ';;')],
  ['a statement of nothing at the end', title, `${text}\n;\n`],
  ['an empty statement at the start', title, `;\n${text}`],
  ['a missing semicolon at the end', title, text.trimEnd().replace(/;$/, '')],
  ['a comment of two megabytes', title, `/*${'x'.repeat(2 * 1024 * 1024)}*/\n${text}`],
  ['line ends of another system', title, text.replaceAll('\n', '\r\n')],
  ['line ends of another system inside a body', '0004_touch.sql', touch.replaceAll('\n', '\r\n')],
  ['a byte order mark', title, Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(text)])],
])('%s changes nothing that runs', async (_what, name, edited) => {
  await folder.write(name, edited);
  const { findings, blocking } = await verifyFiles(folder.dir);
  expect(findings).toMatchObject([{ code: 'changed-comment', kind: 'cosmetic', file: name }]);
  expect(blocking).toBe(false);
  expect(await signMigrations({ dir: folder.dir, cosmetic: true })).toMatchObject({ cosmetic: [name], changed: [] });
  expect(await codes()).toEqual([]);
});

test.each([
  ['a semicolon inside a statement', text.replace(' not null', '; not null')],
  ['a semicolon inside quotes', text.replace("'untitled'", "'untitled;'")],
  ['a statement more', `${text}select 1;\n`],
])('%s is a changed statement', async (_what, edited) => {
  await folder.write(title, edited);
  expect(await codes()).toContain(`changed-statement ${title}`);
});

test.each([
  ['comments that never end', '/*'.repeat(500_000)],
  ['signs of operators', `select 1 ${'+-'.repeat(250_000)} 1;`],
])('a megabyte of %s holds nobody up', async (_what, hostile) => {
  await folder.write('0007_x.sql', hostile);
  expect((await codes()).join()).toContain('0007_x.sql');
  expect((await lintMigrations({ dir: folder.dir })).findings.map((entry) => entry.rule)).toContain('syntax-error');
  await expect(signMigrations({ dir: folder.dir })).rejects.toMatchObject({ code: 'MIGRATION_SIGN_REFUSED' });
});
