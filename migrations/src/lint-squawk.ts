import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { reasonOf } from './reason.ts';
import { blanked, doBlockText } from './lint-text.ts';
import type { LintStatement } from './lint-statement.ts';
import type { LintText } from './lint-text.ts';

export interface SquawkViolation {
  readonly rule: string;
  /** 1-based. */
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly help: string | null;
}

export interface SquawkResult {
  readonly byFile: ReadonlyMap<string, readonly SquawkViolation[]>;
  /** Statements that PostgreSQL's parser accepts and squawk's does not: its rules did not look at them. */
  readonly unparsed: ReadonlyMap<string, readonly LintStatement[]>;
  /** Why squawk could not be used at all, or null. */
  readonly unavailable: string | null;
}

/** Rules that the runner makes moot, or that our own rules answer more exactly; see lint-rules.ts. */
const excluded = [
  'require-lock-timeout',
  'require-statement-timeout',
  'prefer-robust-stmts',
  'transaction-nesting',
  'ban-concurrent-index-creation-in-transaction',
  'ban-drop-table',
  'ban-drop-column',
  'ban-drop-database',
  'ban-truncate-cascade',
  'prefer-bigint-over-int',
  'prefer-bigint-over-smallint',
  'changing-column-type',
  'adding-not-nullable-field',
  'renaming-column',
  'renaming-table',
];

const filesPerRun = 500;
const roundsMax = 20;
const outputBytesMax = 64 * 1024 * 1024;
const timeoutMs = 60_000;

/**
 * Runs squawk over many files in few processes. Squawk reports nothing but the error for a file with a syntax error,
 * so every statement it cannot parse is blanked, lines kept, and the rest is examined again.
 */
export async function runSquawk(texts: readonly LintText[], pgVersion: string): Promise<SquawkResult> {
  const binary = findBinary();
  if ('reason' in binary) return { byFile: new Map(), unparsed: new Map(), unavailable: binary.reason };
  const folder = await mkdtemp(join(tmpdir(), 'sanctum-lint-'));
  try {
    const byFile = new Map<string, SquawkViolation[]>();
    const unparsed = new Map<string, LintStatement[]>();
    for (const alone of [false, true]) {
      const group = texts.filter((text) => text.directives.noTransaction === alone);
      const run = createRun({ binary: binary.path, folder, pgVersion, inTransaction: !alone });
      for (let at = 0; at < group.length; at += filesPerRun) {
        await lintGroup(group.slice(at, at + filesPerRun), run, byFile, unparsed);
      }
    }
    return { byFile, unparsed, unavailable: null };
  } catch (error) {
    return { byFile: new Map(), unparsed: new Map(), unavailable: error instanceof Error ? error.message : reasonOf(error) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function findBinary(): { path: string } | { reason: string } {
  try {
    const require = createRequire(import.meta.url);
    const squawk: { getBinaryPath(): string } = require('squawk-cli/js/index.js');
    return { path: squawk.getBinaryPath() };
  } catch (error) {
    return { reason: error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error) };
  }
}

type Run = (files: ReadonlyMap<string, string>) => Promise<readonly RawViolation[]>;

async function lintGroup(
  group: readonly LintText[],
  run: Run,
  byFile: Map<string, SquawkViolation[]>,
  unparsed: Map<string, LintStatement[]>,
): Promise<void> {
  const ofFile = (text: LintText): LintStatement[] => text.statements.filter((statement) => statement.within === 'file');
  const broken = new Map(group.map((text) => [text.file.name, ofFile(text).filter((statement) => statement.error !== null)]));
  let waiting = group;
  for (let round = 0; waiting.length > 0 && round < roundsMax; round += 1) {
    const inputs = new Map(waiting.map((text) => [text.file.name, neutral(blanked(text.text, broken.get(text.file.name) ?? []))]));
    const found = Map.groupBy(await run(inputs), (violation) => basename(violation.file));
    const again: LintText[] = [];
    for (const text of waiting) {
      const { name } = text.file;
      const violations = found.get(name) ?? [];
      const failed = failedStatements(ofFile(text), violations, broken.get(name) ?? []);
      if (failed.length === 0) {
        byFile.set(name, violations.filter((violation) => violation.rule_name !== 'syntax-error').map(violationOf));
        continue;
      }
      broken.get(name)?.push(...failed);
      unparsed.set(name, [...(unparsed.get(name) ?? []), ...failed]);
      again.push(text);
    }
    waiting = again;
  }
  await lintBodies(group, run, byFile);
}

/** The statements that squawk's syntax errors point into; without one on the line, the next one after it. */
function failedStatements(
  statements: readonly LintStatement[],
  violations: readonly RawViolation[],
  known: readonly LintStatement[],
): LintStatement[] {
  const lines = violations.filter((violation) => violation.rule_name === 'syntax-error').map((violation) => violation.line + 1);
  const open = statements.filter((statement) => !known.includes(statement));
  const hit = lines.flatMap((line) => open.find((statement) => line <= statement.lastLine) ?? open.at(-1) ?? []);
  return [...new Set(hit)];
}

/** Statements inside `do` blocks run with the migration, so squawk examines them too, as a text of their own. */
async function lintBodies(group: readonly LintText[], run: Run, byFile: Map<string, SquawkViolation[]>): Promise<void> {
  const bodies = group.flatMap((text): [string, string][] => {
    const body = doBlockText(text.statements);
    return body === '' ? [] : [[text.file.name, neutral(body)]];
  });
  if (bodies.length === 0) return;
  for (const violation of await run(new Map(bodies))) {
    if (violation.rule_name === 'syntax-error') continue;
    byFile.get(basename(violation.file))?.push(violationOf(violation));
  }
}

/** Ignore comments have no say here: a finding is accepted by a waiver with an owner and a date. */
function neutral(text: string): string {
  return text.replaceAll('squawk-ignore', 'squawk_ignore');
}

interface RawViolation {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly help: string | null;
  readonly rule_name: string;
}

/** Squawk counts lines and columns from 0. */
function violationOf(raw: RawViolation): SquawkViolation {
  return { rule: raw.rule_name, line: raw.line + 1, column: raw.column + 1, message: raw.message, help: raw.help };
}

function createRun(options: { binary: string; folder: string; pgVersion: string; inTransaction: boolean }): Run {
  return async (files) => {
    for (const [name, text] of files) await writeFile(join(options.folder, name), text);
    const names = [...files.keys()];
    const parameters = [
      '--reporter',
      'json',
      '--pg-version',
      options.pgVersion,
      '--exclude',
      excluded.join(','),
      ...(options.inTransaction ? ['--assume-in-transaction'] : []),
      ...names,
    ];
    const output = await execute(options.binary, parameters, options.folder);
    return JSON.parse(output) as RawViolation[];
  };
}

/** Exit code 1 means violations. The folder as working directory keeps any other configuration file out. */
function execute(binary: string, parameters: readonly string[], cwd: string): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(binary, parameters, { cwd, timeout: timeoutMs, maxBuffer: outputBytesMax }, (error, stdout, stderr) => {
      if (error === null || error.code === 1) resolve(stdout);
      else reject(new Error(`squawk failed: ${stderr.trim() === '' ? error.message : stderr.trim()}`));
    });
  });
}
