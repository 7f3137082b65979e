import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { byteHashOf } from './files.ts';
import { readPlainFile } from './plain-file.ts';
import { finding } from './finding.ts';
import { hashAlgorithm } from './tokens.ts';
import type { SignedFile, VerifyFinding } from './types.ts';

export const checksumsSchema = 'sanctum.migrations.checksums/1';
const checksumsBytesMax = 64 * 1024 * 1024;
const genesis = '';

export interface Checksums {
  readonly files: readonly SignedFile[];
  readonly findings: readonly VerifyFinding[];
}

/** `checksums.json` of a migrations folder. */
export function checksumsPath(dir: string): string {
  return join(dir, 'checksums.json');
}

/** sha256(previous chain + name + byte hash): a change in one entry changes every later one. */
export function chainOf(previous: string, name: string, byteHash: string): string {
  return byteHashOf(`${previous}\n${name}\n${byteHash}`);
}

/** The same entries with their chain computed anew, in the order given. */
export function chained<Entry extends { name: string; bytes: string }>(entries: readonly Entry[]): (Entry & { chain: string })[] {
  let previous = genesis;
  return entries.map((entry) => {
    previous = chainOf(previous, entry.name, entry.bytes);
    return { ...entry, chain: previous };
  });
}

/** Reads and proves `checksums.json`: shape, algorithm, and that its own chain holds. Never throws. */
export function readChecksums(dir: string): Checksums {
  const path = checksumsPath(dir);
  const read = readPlainFile(path, { bytesMax: checksumsBytesMax });
  if (!('bytes' in read)) return { files: [], findings: [unreadable(path, read.reason)] };
  const text = read.bytes.toString('utf8');
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    return malformed(path, error instanceof Error ? error.message : String(error));
  }
  if (!isDocument(document)) return malformed(path, 'it does not have the expected fields');
  if (document.schema !== checksumsSchema || document.algorithm !== hashAlgorithm) {
    return malformed(path, `it speaks ${document.schema} with ${document.algorithm}, this code ${checksumsSchema} with ${hashAlgorithm}`);
  }
  const files = document.files.map((file) => ({ ...file, down: file.down ?? null }));
  return { files, findings: chainFindings(files) };
}

function chainFindings(files: readonly SignedFile[]): VerifyFinding[] {
  let previous = genesis;
  for (const file of files) {
    const expected = chainOf(previous, file.name, file.bytes);
    if (file.chain !== expected) {
      return [
        finding('checksums-edited', file.name, {
          number: file.number,
          detail: `checksums.json was edited by hand or merged: its chain breaks at ${file.name}.`,
          fix: 'git checkout -- migrations/checksums.json, then sign what is new: npx sanctum-ops migrate sign',
        }),
      ];
    }
    previous = expected;
  }
  return [];
}

/** Writes one line per file, so that two branches that both add a migration conflict in Git. Atomic by rename. */
export function writeChecksums(dir: string, entries: readonly Omit<SignedFile, 'chain'>[]): readonly SignedFile[] {
  const files = chained(entries);
  const lines = files.map(({ number, name, bytes, tokens, chain, down }) =>
    JSON.stringify({ number, name, bytes, tokens, chain, ...(down === null ? {} : { down }) }),
  );
  const body = lines.map((line) => `    ${line}`).join(',\n');
  const text = `{\n  "schema": "${checksumsSchema}",\n  "algorithm": "${hashAlgorithm}",\n  "files": [\n${body}\n  ]\n}\n`;
  const path = checksumsPath(dir);
  writeFileSync(`${path}.new`, text);
  renameSync(`${path}.new`, path);
  return files;
}

interface Document {
  readonly schema: string;
  readonly algorithm: string;
  readonly files: readonly (Omit<SignedFile, 'down'> & { down?: string })[];
}

function isDocument(value: unknown): value is Document {
  if (typeof value !== 'object' || value === null) return false;
  if (!('schema' in value) || !('algorithm' in value) || !('files' in value) || !Array.isArray(value.files)) return false;
  const isText = typeof value.schema === 'string' && typeof value.algorithm === 'string';
  return isText && value.files.every(isSigned);
}

function isSigned(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const entry: Record<string, unknown> = { ...value };
  const hashes = [entry['bytes'], entry['tokens'], entry['chain']];
  return (
    Number.isSafeInteger(entry['number']) &&
    typeof entry['name'] === 'string' &&
    hashes.every((hash) => typeof hash === 'string' && /^[0-9a-f]{64}$/.test(hash)) &&
    (entry['down'] === undefined || typeof entry['down'] === 'string')
  );
}

function unreadable(path: string, reason: string): VerifyFinding {
  const isMissing = reason === 'ENOENT';
  return finding(isMissing ? 'checksums-missing' : 'checksums-unreadable', 'checksums.json', {
    detail: `${path} ${isMissing ? 'does not exist' : `could not be read: ${reason}`}; no file can be proven unchanged.`,
    fix: 'git checkout -- migrations/checksums.json; in a new folder: npx sanctum-ops migrate sign',
  });
}

function malformed(path: string, reason: string): Checksums {
  return {
    files: [],
    findings: [
      finding('checksums-unreadable', 'checksums.json', {
        detail: `${path} cannot be used: ${reason}.`,
        fix: 'git checkout -- migrations/checksums.json',
      }),
    ],
  };
}
