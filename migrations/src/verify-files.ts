import { readChecksums } from './checksums.ts';
import { migrationsDir, readMigrationFolder, readTextOf } from './files.ts';
import type { FolderOptions } from './files.ts';
import { finding } from './finding.ts';
import { loadParser } from './parser.ts';
import type { SqlParser } from './parser.ts';
import { runsTheSame, tokenHashOf } from './tokens.ts';
import { relocated } from './relocate.ts';
import type { MigrationFile, SignedFile, VerifyFinding, VerifyResult } from './types.ts';

export interface FilesVerification extends VerifyResult {
  readonly files: readonly MigrationFile[];
  readonly signed: readonly SignedFile[];
}

/**
 * Compares `<dir>/sql` with `<dir>/checksums.json`; no database, never throws. Linear; the SQL parser is loaded only
 * when a byte hash differs.
 */
export async function verifyFiles(dir: string = migrationsDir, options: FolderOptions = {}): Promise<FilesVerification> {
  const folder = readMigrationFolder(dir, options);
  const checksums = readChecksums(dir);
  const unread = new Set(folder.findings.filter(isUnread).map((entry) => entry.file));
  const isReadable = !checksums.findings.some((entry) => entry.kind === 'could-not-look');
  const differences = isReadable ? await compare(folder.files, checksums.files, unread) : [];
  const same = new Set(differences.filter((entry) => entry.code === 'changed-comment').map((entry) => entry.file));
  const signed = new Map(checksums.files.map((entry) => [entry.name, entry.bytes]));
  for (const file of folder.files) if (signed.get(file.name) === file.byteHash) same.add(file.name);
  const defects = folder.findings.filter((entry) => !(same.has(entry.file) && folder.disprovable.has(entry)));
  const findings = relocated([...defects, ...checksums.findings, ...differences], folder);
  return {
    findings,
    blocking: findings.some((entry) => entry.blocking),
    examined: { files: folder.files.length, signed: checksums.files.length, journal: null },
    pending: null,
    newer: null,
    codeHead: Math.max(folder.files.at(-1)?.number ?? 0, checksums.files.at(-1)?.number ?? 0),
    head: null,
    files: folder.files,
    signed: checksums.files,
  };
}

/** Files that are there and were not read; they have a finding of their own. */
function isUnread({ code }: VerifyFinding): boolean {
  return code === 'file-unreadable' || code === 'too-large' || code === 'folder-unreadable';
}

async function compare(
  files: readonly MigrationFile[],
  signed: readonly SignedFile[],
  unread: ReadonlySet<string | null>,
): Promise<VerifyFinding[]> {
  const byName = new Map(signed.map((entry) => [entry.name, entry]));
  const changed = files.filter((file) => byName.get(file.name)?.bytes !== file.byteHash);
  const names = new Set(files.map((file) => file.name));
  const gone = signed.filter((entry) => !names.has(entry.name) && !unread.has(entry.name));
  const findings = [...orderFindings(signed), ...downFindings(files, byName)];
  if (changed.length === 0 && gone.length === 0) return findings;
  const hashes = await tokenHashes(changed, byName);
  return [...findings, ...classify({ changed, gone, signed, byName, hashes })];
}

interface Differences {
  readonly changed: readonly MigrationFile[];
  readonly gone: readonly SignedFile[];
  readonly signed: readonly SignedFile[];
  readonly byName: ReadonlyMap<string, SignedFile>;
  /** Token hash by file name; null when the text cannot be divided into tokens. */
  readonly hashes: ReadonlyMap<string, string | null>;
}

/**
 * Names each difference. Contents that moved between signed names are `reordered`; contents under a new name with the
 * old number `renamed`; a name whose contents are new is `changed`; a name without a file is `missing`.
 */
function classify({ changed, gone, signed, byName, hashes }: Differences): VerifyFinding[] {
  const findings: VerifyFinding[] = [];
  // Only contents that left their own name can have moved; a copy of an untouched file is a changed statement.
  const left = new Set([...changed.map((file) => file.name), ...gone.map((entry) => entry.name)]);
  const byTokens = new Map(signed.filter((entry) => left.has(entry.name)).map((entry) => [entry.tokens, entry]));
  const explained = new Set<string>();
  for (const file of changed) {
    const tokens = hashes.get(file.name) ?? null;
    const own = byName.get(file.name);
    if (own !== undefined && tokens === own.tokens) {
      findings.push(changedComment(file));
      continue;
    }
    const origin = tokens === null ? undefined : byTokens.get(tokens);
    if (origin === undefined) {
      findings.push(own === undefined ? unsigned(file, signed) : changedStatement(file, tokens === null));
      continue;
    }
    explained.add(origin.name);
    findings.push(own === undefined && origin.number === file.number ? renamed(file, origin) : reordered(file, origin));
  }
  for (const entry of gone) if (!explained.has(entry.name)) findings.push(missing(entry));
  return findings;
}

/** The own signature's hash for a file that runs the same, else the hash of its tokens. */
async function tokenHashes(files: readonly MigrationFile[], byName: ReadonlyMap<string, SignedFile>): Promise<Map<string, string | null>> {
  const parser: SqlParser = await loadParser();
  return new Map(
    files.map((file) => {
      const text = readTextOf(file.path);
      const own = byName.get(file.name);
      if (text === null) return [file.name, null];
      return [file.name, own !== undefined && runsTheSame(parser, text, own.tokens) ? own.tokens : tokenHashOf(parser, text)];
    }),
  );
}

function orderFindings(signed: readonly SignedFile[]): VerifyFinding[] {
  const findings: VerifyFinding[] = [];
  for (let at = 1; at < signed.length; at += 1) {
    const [first, second] = [signed[at - 1], signed[at]];
    if (first === undefined || second === undefined || first.number < second.number) continue;
    findings.push(
      finding('reordered', second.name, {
        number: second.number,
        detail: `checksums.json lists ${second.name} after ${first.name}.`,
        fix: 'git checkout -- migrations/checksums.json',
      }),
    );
  }
  return findings;
}

function downFindings(files: readonly MigrationFile[], byName: ReadonlyMap<string, SignedFile>): VerifyFinding[] {
  return files.flatMap((file) => {
    const own = byName.get(file.name);
    if (own === undefined || own.down === file.downHash) return [];
    const down = file.name.replace(/\.sql$/, '.down.sql');
    return [
      finding('changed-down', down, {
        number: file.number,
        detail: `${down} was added, changed or removed since ${file.name} was signed.`,
        fix: `git checkout -- migrations/sql/${down}\n# or, when the change is intended: npx sanctum-ops migrate sign`,
      }),
    ];
  });
}

function changedComment(file: MigrationFile): VerifyFinding {
  return finding('changed-comment', file.name, {
    number: file.number,
    detail: `${file.name} differs from its signature in comments or white space only, line ends and empty statements among them: what runs is the same.`,
    fix: `npx sanctum-ops migrate sign --cosmetic\n# or undo the edit: git checkout -- migrations/sql/${file.name}`,
  });
}

function changedStatement(file: MigrationFile, isUnscannable: boolean): VerifyFinding {
  const how = isUnscannable
    ? 'and cannot be read as SQL: its bytes are not text, or a quote or a comment is not closed'
    : 'in what it runs';
  return finding('changed-statement', file.name, {
    number: file.number,
    detail: `${file.name} differs from its signature ${how}.`,
    fix: `git checkout -- migrations/sql/${file.name}\n# then put the change into a new migration: npx sanctum-ops migrate new <name>`,
  });
}

function unsigned(file: MigrationFile, signed: readonly SignedFile[]): VerifyFinding {
  const last = signed.reduce((max, entry) => Math.max(max, entry.number), 0);
  const isLate = file.number <= last;
  const renumbered = file.name.replace(/^\d+/, String(last + 1).padStart(4, '0'));
  return finding(isLate ? 'out-of-order' : 'unsigned', file.name, {
    number: file.number,
    detail: isLate
      ? `${file.name} is new, but ${String(last).padStart(4, '0')} is already signed: databases past it would skip or misplace it.`
      : `${file.name} is not in checksums.json.`,
    fix: isLate
      ? `git mv migrations/sql/${file.name} migrations/sql/${renumbered} && npx sanctum-ops migrate sign`
      : 'Review it, then: npx sanctum-ops migrate sign',
  });
}

function renamed(file: MigrationFile, origin: SignedFile): VerifyFinding {
  return finding('renamed', file.name, {
    number: file.number,
    detail: `${file.name} holds what was signed as ${origin.name}.`,
    fix: `git mv migrations/sql/${file.name} migrations/sql/${origin.name}`,
  });
}

function reordered(file: MigrationFile, origin: SignedFile): VerifyFinding {
  return finding('reordered', file.name, {
    number: file.number,
    detail: `${file.name} holds what was signed as ${origin.name}: the order of migrations changed.`,
    fix: `git checkout -- migrations/sql/${origin.name} migrations/sql/${file.name}`,
  });
}

function missing(entry: SignedFile): VerifyFinding {
  return finding('missing', entry.name, {
    number: entry.number,
    detail: `${entry.name} is signed but its file is gone.`,
    fix: `git checkout -- migrations/sql/${entry.name}`,
  });
}
