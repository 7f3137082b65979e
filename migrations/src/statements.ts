import type { ScanToken, SqlParser } from './parser.ts';

export interface SqlStatement {
  /** Text without the comments before it and without the semicolon. */
  readonly text: string;
  /** 1-based line of its first token. */
  readonly line: number;
  /** Byte offsets in the file, the semicolon included. */
  readonly start: number;
  readonly end: number;
  /** False at the end of a file that is cut off. */
  readonly isTerminated: boolean;
}

export interface SplitText {
  readonly statements: readonly SqlStatement[];
  /** False when an unterminated quote or comment forced a split by line ends. */
  readonly isScanned: boolean;
}

/**
 * Divides a file into statements even when some do not parse. A semicolon ends a statement unless it stands in a
 * `begin atomic … end` body or in the parentheses of `create rule`, the only places where SQL allows one.
 */
export function splitStatements(parser: SqlParser, text: string): SplitText {
  const bytes = Buffer.from(text, 'utf8');
  const tokens = parser.scan(text);
  if (tokens === null) return { statements: splitByLines(bytes), isScanned: false };
  const statements: SqlStatement[] = [];
  let words: ScanToken[] = [];
  let depth = 0;
  let parentheses = 0;
  for (const token of tokens) {
    if (token.isComment) continue;
    if (token.text === ';' && depth === 0 && !(parentheses > 0 && isRule(words))) {
      if (words.length > 0) statements.push(statementOf(bytes, words, token));
      [words, parentheses] = [[], 0];
      continue;
    }
    words.push(token);
    if (token.text === '(') parentheses += 1;
    if (token.text === ')') parentheses -= 1;
    depth = nextDepth(depth, token, words);
  }
  if (words.length > 0) statements.push(statementOf(bytes, words, null));
  return { statements, isScanned: true };
}

function nextDepth(depth: number, token: ScanToken, words: readonly ScanToken[]): number {
  if (!token.isWord) return depth;
  const word = token.text.toLowerCase();
  if (word === 'atomic' && words.at(-2)?.text.toLowerCase() === 'begin') return depth + 1;
  if (depth > 0 && word === 'case') return depth + 1;
  return depth > 0 && word === 'end' ? depth - 1 : depth;
}

function isRule(words: readonly ScanToken[]): boolean {
  return words.slice(0, 4).some((word) => word.text.toLowerCase() === 'rule');
}

function statementOf(bytes: Buffer, words: readonly ScanToken[], semicolon: ScanToken | null): SqlStatement {
  const start = words[0]?.start ?? 0;
  const last = words.at(-1)?.end ?? start;
  return {
    text: bytes.toString('utf8', start, last),
    line: lineAt(bytes, start),
    start,
    end: semicolon?.end ?? last,
    isTerminated: semicolon !== null,
  };
}

function splitByLines(bytes: Buffer): SqlStatement[] {
  const statements: SqlStatement[] = [];
  let start = 0;
  let at = 0;
  for (const line of bytes.toString('utf8').split(/(?<=\n)/)) {
    at += Buffer.byteLength(line);
    const isLast = at >= bytes.length;
    if (!/;\s*(--.*)?$/.test(line) && !isLast) continue;
    const raw = bytes.toString('utf8', start, at);
    const lead = raw.length - raw.replace(/^(?:\s+|--[^\n]*\n)+/, '').length;
    const from = start + Buffer.byteLength(raw.slice(0, lead));
    const text = bytes
      .toString('utf8', from, at)
      .replace(/;\s*(--.*)?\s*$/, '')
      .trimEnd();
    const isTerminated = /;\s*(--.*)?\s*$/.test(raw);
    if (text !== '') statements.push({ text, line: lineAt(bytes, from), start: from, end: at, isTerminated });
    start = at;
  }
  return statements;
}

/** 1-based line of a byte offset. */
export function lineAt(bytes: Uint8Array, offset: number): number {
  let line = 1;
  for (let at = 0; at < offset; at += 1) if (bytes[at] === 0x0a) line += 1;
  return line;
}
