import { isUtf8 } from 'node:buffer';
import { finding } from './finding.ts';
import type { VerifyFinding } from './types.ts';

export const migrationBytesMax = 1024 * 1024;

/** UTF-8 without zero bytes. */
export function isText(bytes: Buffer): boolean {
  return isUtf8(bytes) && !bytes.includes(0);
}

export interface FileDefect {
  readonly finding: VerifyFinding;
  /** True when a signature of the same tokens disproves it: what was signed was not cut off, and a mark before it changed nothing that ran. */
  readonly isDisprovedBySignature: boolean;
}

/** Defects visible in the bytes alone; cheap enough for every file of every start. */
export function defectsOf(name: string, number: number, bytes: Buffer, isOurs: boolean): FileDefect[] {
  if (hasByteOrderMark(bytes) && isText(bytes) && !isTooLarge(bytes)) {
    return isOurs ? [{ finding: byteOrderMark(name, number), isDisprovedBySignature: true }] : [];
  }
  return byteDefects(name, number, bytes)
    .filter((entry) => isOurs || entry.code !== 'truncated')
    .map((entry) => ({ finding: entry, isDisprovedBySignature: entry.code === 'truncated' }));
}

function isTooLarge(bytes: Buffer): boolean {
  return bytes.length > migrationBytesMax && codeBytesOf(bytes) > migrationBytesMax;
}

function byteDefects(name: string, number: number, bytes: Buffer): VerifyFinding[] {
  const about = { number };
  if (isTooLarge(bytes)) {
    return [
      finding('too-large', name, {
        ...about,
        detail: `${name} holds ${bytes.length} bytes; without comments the limit is ${migrationBytesMax}.`,
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

/**
 * Only to see whether anything is left: a comment mark inside quotes does no harm, because the parser confirms it later.
 * Linear whatever the text, which a pattern for comments would not be on ten thousand comments that never end.
 */
function withoutComments(text: string): string {
  const parts: string[] = [];
  let [at, block, line] = [0, text.indexOf('/*'), text.indexOf('--')];
  while (block !== -1 || line !== -1) {
    const isBlock = block !== -1 && (line === -1 || block < line);
    const start = isBlock ? block : line;
    parts.push(text.slice(at, start));
    const end = isBlock ? text.indexOf('*/', start + 2) : text.indexOf('\n', start);
    if (end === -1) return parts.join('');
    at = isBlock ? end + 2 : end;
    if (block !== -1 && block < at) block = text.indexOf('/*', at);
    if (line !== -1 && line < at) line = text.indexOf('--', at);
  }
  parts.push(text.slice(at));
  return parts.join('');
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

export function hasByteOrderMark(bytes: Buffer): boolean {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
}

function byteOrderMark(name: string, number: number): VerifyFinding {
  return finding('not-utf8', name, {
    number,
    line: 1,
    detail: `${name} starts with a byte order mark, which PostgreSQL refuses.`,
    fix: `Remove the first three bytes: sed -i '1s/^\\xEF\\xBB\\xBF//' migrations/sql/${name}`,
  });
}

/** A large comment costs nothing when the file runs. */
function codeBytesOf(bytes: Buffer): number {
  return Buffer.byteLength(withoutComments(bytes.toString('utf8')).replace(/\s+/g, ' '));
}
