import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createTestFolder, sampleFiles } from '../test/folder.ts';
import type { TestFolder } from '../test/folder.ts';
import { loadParser } from './parser.ts';
import { tokenHashOf } from './tokens.ts';
import type { VerifyCode } from './types.ts';
import { verifyFiles } from './verify-files.ts';

const names = Object.keys(sampleFiles);
const corpus = { seed: 20_261_122, numRuns: 100 };
let folder: TestFolder;

beforeEach(async () => {
  folder = await createTestFolder(sampleFiles);
  const clean = await verifyFiles(folder.dir);
  expect(clean.examined).toEqual({ files: names.length, signed: names.length, journal: null });
  expect(clean.findings).toEqual([]);
});
afterEach(() => folder.close());

const textOf = (name: string): string => sampleFiles[name] ?? '';

async function codesAfter(changes: Readonly<Record<string, string | Uint8Array | null>>): Promise<[VerifyCode, string | null][]> {
  for (const [name, content] of Object.entries(changes)) await (content === null ? folder.remove(name) : folder.write(name, content));
  const { findings } = await verifyFiles(folder.dir);
  for (const name of Object.keys(changes)) {
    const original = sampleFiles[name];
    await (original === undefined ? folder.remove(name) : folder.write(name, original));
  }
  expect(findings.every((entry) => entry.fix !== '' && entry.detail !== '')).toBe(true);
  return findings.map((entry) => [entry.code, entry.file]);
}

/** Places between tokens, where white space and comments are free. Never inside a quote. */
async function gapsOf(text: string): Promise<number[]> {
  const parser = await loadParser();
  const tokens = parser.scan(text) ?? [];
  return tokens.filter((token) => !token.isComment).map((token) => token.start);
}

describe('a generated corpus of edits is detected and classified completely', () => {
  const anyName = fc.constantFrom(...names);
  const comment = fc.constantFrom('-- a note\n', '/* a note */ ', ' ', '\n\n', '\t', '-- drop table users;\n', '/* nested /* note */ */ ');

  test('comments and white space are changed-comment', async () => {
    await fc.assert(
      fc.asyncProperty(anyName, fc.nat(), comment, async (name, at, inserted) => {
        const text = textOf(name);
        const gaps = await gapsOf(text);
        const gap = gaps[at % gaps.length] ?? 0;
        const edited = `${text.slice(0, gap)}${inserted}${text.slice(gap)}`;
        expect(await codesAfter({ [name]: edited })).toEqual([['changed-comment', name]]);
      }),
      corpus,
    );
  });

  test('another case of unquoted words is changed-comment', async () => {
    for (const name of names) {
      const edited = textOf(name).replace(/^(create|alter)/m, (word) => word.toUpperCase());
      if (edited !== textOf(name)) expect(await codesAfter({ [name]: edited })).toEqual([['changed-comment', name]]);
    }
  });

  test('a removed or changed token is changed-statement', async () => {
    const parser = await loadParser();
    await fc.assert(
      fc.asyncProperty(anyName, fc.nat(), fc.constantFrom('', ' x ', ' 1 ', " 'text' ", ' , '), async (name, at, replacement) => {
        const text = textOf(name);
        const tokens = (parser.scan(text) ?? []).filter((token) => !token.isComment);
        // The last token is the semicolon that ends the file: without it the file counts as truncated as well.
        const token = tokens[at % (tokens.length - 1)];
        if (token === undefined) throw new Error('the sample has no tokens');
        const edited = `${text.slice(0, token.start)}${replacement}${text.slice(token.end)}`;
        fc.pre(tokenHashOf(parser, edited) !== tokenHashOf(parser, text));
        expect(await codesAfter({ [name]: edited })).toEqual([['changed-statement', name]]);
      }),
      corpus,
    );
  });

  test('swapped contents are reordered', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(anyName, { minLength: 2, maxLength: 4 }), async (chosen) => {
        const rotated = Object.fromEntries(chosen.map((name, at) => [name, textOf(chosen[(at + 1) % chosen.length] ?? '')]));
        const found = await codesAfter(rotated);
        expect(found.map(String).toSorted()).toEqual(chosen.map((name) => `reordered,${name}`).toSorted());
      }),
      corpus,
    );
  });

  test('removed files are missing', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(anyName, { minLength: 1, maxLength: 3 }), async (chosen) => {
        const found = await codesAfter(Object.fromEntries(chosen.map((name) => [name, null])));
        expect(found.map(String).toSorted()).toEqual(chosen.map((name) => `missing,${name}`).toSorted());
      }),
      corpus,
    );
  });

  test('a file cut off in the middle is truncated or empty, and always also a changed statement', async () => {
    await fc.assert(
      fc.asyncProperty(anyName, fc.double({ min: 0.05, max: 0.95, noNaN: true }), async (name, share) => {
        const text = textOf(name);
        const cut = text.slice(0, Math.floor(text.length * share));
        const codes = (await codesAfter({ [name]: cut })).map(([code]) => code);
        expect(codes).toContain('changed-statement');
        // Cut at a semicolon it is a shorter, complete file: only the hash can tell.
        if (!cut.trimEnd().endsWith(';')) expect(codes.some((code) => code === 'truncated' || code === 'empty')).toBe(true);
      }),
      corpus,
    );
  });

  test('bytes that are not UTF-8 are named with their line', async () => {
    await fc.assert(
      fc.asyncProperty(anyName, fc.nat(), fc.constantFrom(0xff, 0xc3, 0x80, 0x00), async (name, at, byte) => {
        const bytes = Buffer.from(textOf(name));
        const place = at % bytes.length;
        const edited = Buffer.concat([bytes.subarray(0, place), Buffer.from([byte]), bytes.subarray(place)]);
        await folder.write(name, edited);
        const { findings } = await verifyFiles(folder.dir);
        await folder.write(name, textOf(name));
        const found = findings.find((entry) => entry.code === 'not-utf8');
        expect(found?.file).toBe(name);
        expect(found?.line).toBe(bytes.subarray(0, place).toString('utf8').split('\n').length);
        expect(findings.map((entry) => entry.code)).toContain('changed-statement');
      }),
      corpus,
    );
  });
});

describe('single faults', () => {
  test('a file under a new name with its old number is renamed', async () => {
    expect(await codesAfter({ '0003_title.sql': null, '0003_heading.sql': textOf('0003_title.sql') })).toEqual([
      ['renamed', '0003_heading.sql'],
    ]);
  });

  test('a file under a later number is reordered', async () => {
    expect(await codesAfter({ '0003_title.sql': null, '0009_title.sql': textOf('0003_title.sql') })).toEqual([
      ['reordered', '0009_title.sql'],
    ]);
  });

  test('a copy of an untouched migration over another one is a changed statement, not an order', async () => {
    expect(await codesAfter({ '0003_title.sql': textOf('0001_users.sql') })).toEqual([['changed-statement', '0003_title.sql']]);
  });

  test('a new file after the last is unsigned, one in between is out of order', async () => {
    expect(await codesAfter({ '0007_new.sql': 'select 1;\n' })).toEqual([['unsigned', '0007_new.sql']]);
    const renumbered = await codesAfter({ '0003_also.sql': 'select 1;\n' });
    expect(renumbered.map(([code]) => code).toSorted()).toEqual(['duplicate-number', 'out-of-order']);
  });

  test('names that are not migrations, empty files and oversized files are named', async () => {
    expect(await codesAfter({ '7_Notes.sql': 'select 1;' })).toEqual([['bad-name', '7_Notes.sql']]);
    expect(await codesAfter({ '0007_x.sql': '-- nothing yet\n' })).toContainEqual(['empty', '0007_x.sql']);
    expect(await codesAfter({ '0007_x.sql': `select '${'x'.repeat(1024 * 1024)}';\n` })).toContainEqual(['too-large', '0007_x.sql']);
    expect(await codesAfter({ '0007_x.down.sql': 'select 1;\n' })).toEqual([['bad-name', '0007_x.down.sql']]);
  });

  test('a directive is a comment to PostgreSQL but a change to the runner', async () => {
    expect(await codesAfter({ '0003_title.sql': `-- sanctum: lock-timeout 9s\n${textOf('0003_title.sql')}` })).toEqual([
      ['changed-statement', '0003_title.sql'],
    ]);
  });

  test('a comment inside a function body is stored by the server, so it is a statement', async () => {
    const edited = textOf('0004_touch.sql').replace('-- kept', '-- kept so');
    expect(await codesAfter({ '0004_touch.sql': edited })).toEqual([['changed-statement', '0004_touch.sql']]);
  });

  test('a down file that appears after signing is named and does not block', async () => {
    await folder.write('0003_title.down.sql', 'alter table posts drop column title;\n');
    const { findings, blocking } = await verifyFiles(folder.dir);
    expect(findings.map((entry) => entry.code)).toEqual(['changed-down']);
    expect(blocking).toBe(false);
  });

  test('a folder that is not there could not be looked at', async () => {
    const result = await verifyFiles(join(folder.dir, 'nowhere'));
    expect(result.findings.map((entry) => entry.code)).toEqual(['folder-unreadable', 'checksums-missing']);
    expect(result.findings.every((entry) => entry.kind === 'could-not-look')).toBe(true);
    expect(result.blocking).toBe(true);
  });
});

describe('checksums.json proves itself', () => {
  const edit = async (change: (text: string) => string): Promise<VerifyCode[]> => {
    const path = join(folder.dir, 'checksums.json');
    const { writeFile } = await import('node:fs/promises');
    await writeFile(path, change(readFileSync(path, 'utf8')));
    return (await verifyFiles(folder.dir)).findings.map((entry) => entry.code);
  };

  test('an edited hash breaks its chain', async () => {
    const { files } = JSON.parse(readFileSync(join(folder.dir, 'checksums.json'), 'utf8')) as { files: { bytes: string }[] };
    const bytes = files[2]?.bytes ?? '';
    expect(bytes).toHaveLength(64);
    expect(
      await edit((text) =>
        text.replace(
          bytes,
          bytes.replace(/^./, (digit) => (digit === '0' ? '1' : '0')),
        ),
      ),
    ).toContain('checksums-edited');
  });

  test('two exchanged lines are named', async () => {
    const codes = await edit((text) => {
      const lines = text.split('\n');
      [lines[4], lines[5]] = [lines[5] ?? '', lines[4] ?? ''];
      return lines.join('\n');
    });
    expect(codes).toContain('checksums-edited');
    expect(codes).toContain('reordered');
  });

  test('a merge conflict, an unknown algorithm and a wrong shape are unreadable, never clean', async () => {
    expect(await edit((text) => text.replace('"files"', '<<<<<<< HEAD\n"files"'))).toEqual(['checksums-unreadable']);
    await folder.sign().catch(() => {});
    expect(await edit(() => '{"schema":"sanctum.migrations.checksums/1","algorithm":"md5","files":[]}')).toEqual(['checksums-unreadable']);
    expect(await edit(() => '{"files":[{"name":1}]}')).toEqual(['checksums-unreadable']);
  });
});
