import { isUtf8 } from 'node:buffer';
import { hash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { finding } from './finding.ts';
import type { MigrationFile, VerifyFinding } from './types.ts';

/** This package's own folder: it holds `sql/`, `checksums.json` and `schema.sql`. */
export const migrationsDir: string = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '');

export const migrationBytesMax = 1024 * 1024;
export const migrationFilesMax = 100_000;

const upPattern = /^(\d{4,6})_[a-z][a-z0-9]*(?:_[a-z0-9]+)*\.sql$/;
const downPattern = /^(\d{4,6})_[a-z][a-z0-9]*(?:_[a-z0-9]+)*\.down\.sql$/;

export interface MigrationFolder {
  readonly dir: string;
  /** Readable files in number order; a defective file is in `findings` and, when it has a hash, here too. */
  readonly files: readonly MigrationFile[];
  readonly findings: readonly VerifyFinding[];
}

/** Folder of the SQL files of `dir`. */
export function sqlDir(dir: string): string {
  return join(dir, 'sql');
}

/** Hex sha256 of bytes. */
export function byteHashOf(bytes: Uint8Array | string): string {
  return hash('sha256', bytes, 'hex');
}

/**
 * Reads `<dir>/sql` once, in time linear in its bytes. Never throws: what it cannot read is a finding.
 * Reading is synchronous because ten thousand small asynchronous reads cost four times as much.
 */
export function readMigrationFolder(dir: string): MigrationFolder {
  const folder = sqlDir(dir);
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch (error) {
    return { dir, files: [], findings: [folderUnreadable(folder, error)] };
  }
  const findings: VerifyFinding[] = [];
  if (names.length > migrationFilesMax) {
    findings.push(
      finding('too-many-files', null, {
        detail: `${folder} holds ${names.length} entries; at most ${migrationFilesMax} are read.`,
        fix: `Move what is not a migration out of ${folder}.`,
      }),
    );
    names = names.slice(0, migrationFilesMax);
  }
  const files = readFiles(folder, names.sort(), findings);
  findDuplicates(files, findings);
  return { dir, files, findings };
}

function readFiles(folder: string, names: readonly string[], findings: VerifyFinding[]): MigrationFile[] {
  const downs = new Set(names.filter((name) => downPattern.test(name)));
  const orphans = new Set(downs);
  const files: MigrationFile[] = [];
  for (const name of names) {
    const match = upPattern.exec(name);
    if (match === null) {
      if (!downs.has(name)) findings.push(badName(name));
      continue;
    }
    const bytes = readOne(folder, name, findings);
    if (bytes === null) continue;
    findings.push(...defectsOf(name, Number(match[1]), bytes));
    const downName = name.replace(/\.sql$/, '.down.sql');
    orphans.delete(downName);
    const down = downs.has(downName) ? readOne(folder, downName, findings) : null;
    files.push({
      number: Number(match[1]),
      name,
      path: join(folder, name),
      byteHash: byteHashOf(bytes),
      sizeBytes: bytes.length,
      downPath: down === null ? null : join(folder, downName),
      downHash: down === null ? null : byteHashOf(down),
    });
  }
  for (const name of orphans) findings.push(orphanDown(name));
  return files.sort((a, b) => a.number - b.number || (a.name < b.name ? -1 : 1));
}

function readOne(folder: string, name: string, findings: VerifyFinding[]): Buffer | null {
  try {
    return readFileSync(join(folder, name));
  } catch (error) {
    findings.push(
      finding('file-unreadable', name, {
        detail: `${name} could not be read: ${reasonOf(error)}.`,
        fix: `Make sql/${name} a regular file that this user may read: ls -l ${join(folder, name)}`,
      }),
    );
    return null;
  }
}

/** The text of a file, or null when its bytes are not text. Throws what reading throws. */
export function readTextOf(path: string): string | null {
  const bytes = readFileSync(path);
  return isText(bytes) ? bytes.toString('utf8') : null;
}

function isText(bytes: Buffer): boolean {
  return isUtf8(bytes) && !bytes.includes(0);
}

/** Defects visible in the bytes alone; cheap enough for every file of every start. */
export function defectsOf(name: string, number: number, bytes: Buffer): VerifyFinding[] {
  const about = { number };
  if (bytes.length > migrationBytesMax) {
    return [
      finding('too-large', name, {
        ...about,
        detail: `${name} is ${bytes.length} bytes; the limit is ${migrationBytesMax}.`,
        fix: 'Split it: one change per migration. Load data by a job, not by a migration.',
      }),
    ];
  }
  if (!isText(bytes)) {
    const line = lineOfFirstInvalid(bytes);
    return [
      finding('not-utf8', name, {
        ...about,
        line,
        detail: `${name} is not UTF-8 text: the first invalid byte is in line ${line}.`,
        fix: `Restore it (git checkout -- migrations/sql/${name}) or convert it: iconv -f latin1 -t utf-8`,
      }),
    ];
  }
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) {
    return [
      finding('not-utf8', name, {
        ...about,
        line: 1,
        detail: `${name} starts with a byte order mark, which PostgreSQL refuses.`,
        fix: `Remove the first three bytes: sed -i '1s/^\\xEF\\xBB\\xBF//' migrations/sql/${name}`,
      }),
    ];
  }
  return emptyOrTruncated(name, number, bytes);
}

function emptyOrTruncated(name: string, number: number, bytes: Buffer): VerifyFinding[] {
  let end = bytes.length;
  while (end > 0 && isSpace(bytes[end - 1])) end -= 1;
  if (bytes[end - 1] === 0x3b) return [];
  const code = withoutComments(bytes.toString('utf8')).trim();
  if (code === '') {
    return [
      finding('empty', name, {
        number,
        line: 1,
        detail: `${name} holds no statement.`,
        fix: `Write the statement into migrations/sql/${name}, or restore it: git checkout -- migrations/sql/${name}`,
      }),
    ];
  }
  if (code.endsWith(';')) return [];
  const line = bytes.subarray(0, end).toString('utf8').split('\n').length;
  return [
    finding('truncated', name, {
      number,
      line,
      detail: `${name} ends in line ${line} without the semicolon that ends a statement: it looks cut off.`,
      fix: `Restore it (git checkout -- migrations/sql/${name}) or end the last statement with a semicolon.`,
    }),
  ];
}

/** Only for the end of a file, where a quoted comment mark does no harm: the answer is confirmed by the parser later. */
function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/--[^\n]*/g, '');
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

function lineOfFirstInvalid(bytes: Buffer): number {
  let line = 1;
  let start = 0;
  while (start < bytes.length) {
    const next = bytes.indexOf(0x0a, start);
    const end = next === -1 ? bytes.length : next;
    const part = bytes.subarray(start, end);
    if (!isText(part)) return line;
    line += 1;
    start = end + 1;
  }
  return line;
}

function findDuplicates(files: readonly MigrationFile[], findings: VerifyFinding[]): void {
  const next = (files.at(-1)?.number ?? 0) + 1;
  for (let at = 1; at < files.length; at += 1) {
    const [first, second] = [files[at - 1], files[at]];
    if (first === undefined || second === undefined || first.number !== second.number) continue;
    const renamed = second.name.replace(/^\d+/, String(next).padStart(4, '0'));
    findings.push(
      finding('duplicate-number', second.name, {
        number: second.number,
        detail: `${first.name} and ${second.name} have the same number.`,
        fix: `Renumber the one that is not applied anywhere: git mv migrations/sql/${second.name} migrations/sql/${renamed}`,
      }),
    );
  }
}

function badName(name: string): VerifyFinding {
  return finding('bad-name', name, {
    detail: `${name} is not named like a migration, so it would never run.`,
    fix: 'Name it NNNN_lower_case_words.sql (four to six digits), or move it out of sql/.',
  });
}

function orphanDown(name: string): VerifyFinding {
  const up = name.replace(/\.down\.sql$/, '.sql');
  return finding('bad-name', name, {
    detail: `${name} has no ${up} beside it.`,
    fix: `Restore migrations/sql/${up} or remove migrations/sql/${name}.`,
  });
}

function folderUnreadable(folder: string, error: unknown): VerifyFinding {
  return finding('folder-unreadable', null, {
    detail: `The migrations folder ${folder} could not be read: ${reasonOf(error)}.`,
    fix: `Check the path and its rights: ls -la ${folder}`,
  });
}

/** The short reason of a foreign error: its code when it has one. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : null;
  return code ?? error.message;
}
