import { hash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import type { Dirent } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nameChain } from './chain-names.ts';
import type { NamedChain, NamedMigration, NamingStyle } from './chain-names.ts';
import { defectsOf, isText } from './file-defects.ts';
import { finding } from './finding.ts';
import { readPlainFile } from './plain-file.ts';
import { reasonOf } from './reason.ts';
import type { MigrationFile, VerifyFinding } from './types.ts';

/** This package's own folder: it holds `sql/`, `checksums.json` and `schema.sql`. */
export const migrationsDir: string = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '');

export const migrationFilesMax = 100_000;

export interface MigrationFolder {
  readonly dir: string;
  /** Folder of the SQL files. */
  readonly holder: string;
  readonly style: NamingStyle;
  /** Readable files in number order; a defective file is in `findings` and, when it has a hash, here too. */
  readonly files: readonly MigrationFile[];
  readonly findings: readonly VerifyFinding[];
  /** Those of the findings that a signature of the same tokens disproves. */
  readonly disprovable: ReadonlySet<VerifyFinding>;
}

export interface FolderOptions {
  /** Also take the chains of other tools, and a folder that holds its SQL files itself. The runner never does. */
  readonly foreign?: boolean;
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
 * Reads the SQL files of `<dir>/sql` once, in time linear in its bytes. Never throws and never waits: what it cannot read,
 * or what is no plain file, is a finding. Reading is synchronous because ten thousand small asynchronous reads cost four
 * times as much.
 */
export function readMigrationFolder(dir: string, options: FolderOptions = {}): MigrationFolder {
  const found = listHolder(dir, options);
  if ('error' in found) {
    const findings = [folderUnreadable(found.holder, found.error)];
    return { dir, holder: found.holder, style: 'sanctum', files: [], findings, disprovable: new Set() };
  }
  const { holder } = found;
  const findings: VerifyFinding[] = [];
  let { entries } = found;
  if (entries.length > migrationFilesMax) {
    findings.push(
      finding('too-many-files', null, {
        detail: `${holder} holds ${entries.length} entries; at most ${migrationFilesMax} are read.`,
        fix: `Move what is not a migration out of ${holder}.`,
      }),
    );
    entries = entries.slice(0, migrationFilesMax);
  }
  const chain = nameChain(entries.map((entry) => entry.name).sort(), options.foreign === true);
  const links = new Set(entries.filter((entry) => entry.isSymbolicLink()).map((entry) => entry.name));
  for (const name of chain.odd) findings.push(badName(name, chain.style));
  const disprovable = new Set<VerifyFinding>();
  const files = readFiles(holder, chain, { findings, disprovable, links });
  for (const name of chain.orphans) findings.push(orphanDown(name, chain.style));
  findDuplicates(files, findings);
  return { dir, holder, style: chain.style, files, findings, disprovable };
}

type Listed = { readonly holder: string; readonly entries: Dirent[] } | { readonly holder: string; readonly error: unknown };

function listHolder(dir: string, { foreign }: FolderOptions): Listed {
  const holder = sqlDir(dir);
  try {
    return { holder, entries: readdirSync(holder, { withFileTypes: true }) };
  } catch (error) {
    if (foreign !== true || !['ENOENT', 'ENOTDIR'].includes(reasonOf(error))) return { holder, error };
  }
  try {
    return { holder: dir, entries: readdirSync(dir, { withFileTypes: true }) };
  } catch (error) {
    return { holder: dir, error };
  }
}

interface Reading {
  readonly findings: VerifyFinding[];
  readonly disprovable: Set<VerifyFinding>;
  /** Names of symbolic links: followed only inside the folder. */
  readonly links: ReadonlySet<string>;
}

function readFiles(holder: string, chain: NamedChain, reading: Reading): MigrationFile[] {
  return chain.migrations.flatMap((named) => {
    const bytes = readOne(holder, named.name, reading);
    if (bytes === null) return [];
    for (const defect of defectsOf(named.name, named.number, bytes, chain.style === 'sanctum')) {
      reading.findings.push(defect.finding);
      if (defect.isDisprovedBySignature) reading.disprovable.add(defect.finding);
    }
    return [fileOf(holder, named, bytes, reading)];
  });
}

function fileOf(holder: string, { name, number, downName }: NamedMigration, bytes: Buffer, reading: Reading): MigrationFile {
  const down = downName === null ? null : readOne(holder, downName, reading);
  return {
    number,
    name,
    path: join(holder, name),
    byteHash: byteHashOf(bytes),
    sizeBytes: bytes.length,
    downPath: down === null || downName === null ? null : join(holder, downName),
    downHash: down === null ? null : byteHashOf(down),
  };
}

function readOne(holder: string, name: string, { findings, links }: Reading): Buffer | null {
  const path = join(holder, name);
  const read = readPlainFile(path, links.has(name) ? { within: holder } : {});
  if ('bytes' in read) return read.bytes;
  const isLarge = read.sizeBytes !== null;
  findings.push(
    finding(isLarge ? 'too-large' : 'file-unreadable', name, {
      detail: `${name} could not be read: ${read.reason}.`,
      fix: isLarge
        ? 'Split it: one change per migration. Load data by a job, not by a migration.'
        : `Make sql/${name} a regular file that this user may read: ls -l ${path}`,
    }),
  );
  return null;
}

/** The text of a file, or null when it cannot be read or its bytes are not text. */
export function readTextOf(path: string): string | null {
  const read = readPlainFile(path);
  return 'bytes' in read && isText(read.bytes) ? read.bytes.toString('utf8') : null;
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

const wantedNames: Readonly<Record<NamingStyle, string>> = {
  sanctum: 'NNNN_lower_case_words.sql (four to six digits)',
  flyway: 'V<version>__<words>.sql',
  'up-down': '<number>_<words>.up.sql',
  numbered: '<number>_<words>.sql',
  plain: 'with letters, digits, dots and dashes only',
};

function badName(name: string, style: NamingStyle): VerifyFinding {
  return finding('bad-name', name, {
    detail: `${name} is not named like a migration of this folder, so it would never run.`,
    fix: `Name it ${wantedNames[style]}, or move it out of the folder.`,
  });
}

function orphanDown(name: string, style: NamingStyle): VerifyFinding {
  const up = style === 'up-down' ? name.replace(/\.down\.sql$/, '.up.sql') : name.replace(/\.down\.sql$/, '.sql');
  return finding('bad-name', name, {
    detail: `${name} has no ${style === 'flyway' ? 'versioned migration' : up} beside it.`,
    fix: style === 'flyway' ? `Restore its migration or remove ${name}.` : `Restore migrations/sql/${up} or remove migrations/sql/${name}.`,
  });
}

function folderUnreadable(folder: string, error: unknown): VerifyFinding {
  return finding('folder-unreadable', null, {
    detail: `The migrations folder ${folder} could not be read: ${reasonOf(error)}.`,
    fix: `Check the path and its rights: ls -la ${folder}`,
  });
}
