import { resolve } from 'node:path';
import { byteHashOf, migrationsDir, readMigrationFolder } from './files.ts';
import { compatibilityFindings, declaresFrom } from './lint-compatibility.ts';
import { fileFindings } from './lint-file-rules.ts';
import { ownFindings } from './lint-rules.ts';
import type { OwnResult } from './lint-rules.ts';
import type { RuleHit } from './lint-rule.ts';
import { runSquawk } from './lint-squawk.ts';
import type { SquawkViolation } from './lint-squawk.ts';
import { readLintText } from './lint-text.ts';
import type { LintStatement } from './lint-statement.ts';
import type { LintText } from './lint-text.ts';
import { columnConstraints, columnsOf } from './lint-nodes.ts';
import { createHistory } from './lint-history.ts';
import { createdTablesOf, lockedRelationsOf } from './lock-modes.ts';
import { loadParser } from './parser.ts';
import type { SqlParser } from './parser.ts';
import { readSchema } from './schema-source.ts';
import type { SchemaSource } from './schema-source.ts';
import { withoutTransactionHint } from './sections.ts';
import { isAboutData, isTaste, rewritten, squawkRules } from './squawk-rules.ts';
import { oneLine, tokenHashOf } from './tokens.ts';
import type { Severity, VerifyFinding } from './types.ts';

export type { SchemaSource } from './schema-source.ts';

export interface LintFinding {
  readonly rule: string;
  readonly source: 'sanctum' | 'squawk';
  readonly severity: Severity;
  readonly number: number;
  /** File name inside `sql/`. */
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  /** The statement on one line, cut to 160 characters. */
  readonly statement: string;
  readonly detail: string;
  readonly fix: string;
  /** Stable when the statement moves or its comments and layout change. */
  readonly fingerprint: string;
}

export interface LintResult {
  /** By file, then line. */
  readonly findings: readonly LintFinding[];
  readonly examined: { readonly files: number; readonly statements: number };
  /** Reasons why part of the work could not be done; empty when everything was examined. */
  readonly notLooked: readonly string[];
}

export interface LintOptions {
  readonly dir?: string;
  /** Also a chain of another tool: Flyway, golang-migrate, dbmate, goose, plain SQL. */
  readonly foreign?: boolean;
  /** File names to examine; all by default. */
  readonly files?: readonly string[];
  /** Major version of the server the files run on. */
  readonly pgMajor?: number;
  /** What the tables are before the files that it does not know: a dump, or a database with its journal. */
  readonly schema?: SchemaSource;
}

const pgMajorDefault = 18;
const statementLengthMax = 160;

/**
 * Examines migrations with squawk and our own rules, without a database. Reports everything it finds even when one
 * statement does not parse; what it could not look at is in `notLooked`, never silently left out.
 */
export async function lintMigrations(options: LintOptions = {}): Promise<LintResult> {
  const folder = readMigrationFolder(options.dir ?? migrationsDir, { foreign: options.foreign === true });
  const wanted = options.files === undefined ? null : new Set(options.files);
  const unreadable = new Set(folder.findings.filter(isUnreadable).map((entry) => entry.file));
  const notLooked = folder.findings.filter(isUnreadable).map((entry) => entry.detail);
  const known = new Set(folder.files.map((file) => file.name));
  for (const name of wanted ?? []) if (!known.has(name)) notLooked.push(`${name} is not among the migrations of ${folder.holder}.`);
  const parser = await loadParser();
  const all = folder.files
    .filter((file) => !unreadable.has(file.name))
    .map((file) => readLintText(parser, file, folder.style !== 'sanctum'));
  const texts = all.filter((text) => wanted === null || wanted.has(text.file.name));
  const schema = await readSchema(parser, options.schema);
  if (schema.unknown !== null) notLooked.push(schema.unknown);
  const squawk = await runSquawk(texts, `${options.pgMajor ?? pgMajorDefault}.0`);
  if (squawk.unavailable !== null) notLooked.push(`squawk: ${squawk.unavailable}`);
  const from = declaresFrom(all, resolve(folder.dir) === migrationsDir);
  const history = createHistory(schema, wanted);
  const findings = all.flatMap((text) => {
    // Files that nobody asked about are read, too: they are what the others build on.
    const own = ownFindings(text, history.before(text.file.name));
    if (!texts.includes(text)) return [];
    const hits = [
      ...own.hits.map((hit) => ({ ...hit, source: 'sanctum' as const })),
      ...fileFindings(text).map((hit) => ({ ...hit, source: 'sanctum' as const })),
      ...compatibilityFindings(text, from).map((hit) => ({ ...hit, source: 'sanctum' as const })),
      ...squawkHits(parser, { text, own, violations: squawk.byFile.get(text.file.name) ?? [] }),
      ...(squawk.unparsed.get(text.file.name) ?? []).map(unseenBySquawk),
    ];
    return withFingerprints(parser, text, hits).map((entry) => ({ ...entry, fix: withoutTransactionHint(entry.fix, folder.style) }));
  });
  const statements = texts.reduce((sum, text) => sum + text.statements.length, 0);
  return { findings, examined: { files: texts.length, statements }, notLooked };
}

/** Defects that leave no text to examine; they are verification's findings and the reason of a gap here. */
function isUnreadable({ code }: VerifyFinding): boolean {
  return ['folder-unreadable', 'file-unreadable', 'too-large', 'not-utf8', 'too-many-files'].includes(code);
}

interface SourcedHit extends RuleHit {
  readonly source: LintFinding['source'];
}

interface SquawkView {
  readonly text: LintText;
  readonly own: OwnResult;
  readonly violations: readonly SquawkViolation[];
}

function squawkHits(parser: SqlParser, { text, own, violations }: SquawkView): SourcedHit[] {
  const created = new Set(text.statements.flatMap((statement) => statement.parsed.flatMap(createdTablesOf)));
  return violations.flatMap((violation) => {
    const statement = statementAt(text.statements, violation.line);
    if (statement === null) return [];
    if (statement.within === 'do' && touchesOnly(parser, statement, created)) return [];
    if (isAboutData(violation.rule) && own.onNewTables.has(statement)) return [];
    if (isTaste(violation.rule) && own.free.has(statement)) return [];
    // Whoever declares that running releases keep working has answered what the rule asks.
    if (violation.rule === 'ban-drop-not-null' && text.directives.compatibility?.kind === 'expand') return [];
    if (violation.rule === 'adding-field-with-default' && !setsDefault(statement)) return [];
    const rule = squawkRules[violation.rule];
    return [
      {
        rule: violation.rule,
        source: 'squawk' as const,
        severity: rule?.severity ?? 'medium',
        line: violation.line,
        statement,
        detail: violation.message,
        fix:
          rewritten(violation.rule, statement, { parser, isPartitioned: own.onPartitioned.has(statement) }) ??
          rule?.fix ??
          violation.help ??
          'Write the change so that it is safe under load, or waive it with owner, reason and expiry.',
      },
    ];
  });
}

/** Generated and identity columns have rules of their own; squawk takes them for defaults. */
function setsDefault({ parsed }: LintStatement): boolean {
  return parsed
    .flatMap((one) => (one.type === 'AlterTableStmt' ? columnsOf(one) : []))
    .some((column) => columnConstraints(column).some((item) => item['contype'] === 'CONSTR_DEFAULT'));
}

function touchesOnly(parser: SqlParser, statement: LintStatement, created: ReadonlySet<string>): boolean {
  const relations = lockedRelationsOf(parser, statement.text);
  return relations.length > 0 && relations.every((name) => created.has(name));
}

/** The innermost statement that covers a line. */
function statementAt(statements: readonly LintStatement[], line: number): LintStatement | null {
  const covering = statements.filter((statement) => statement.line <= line && line <= statement.lastLine);
  return covering.findLast((statement) => statement.within === 'do') ?? covering.at(-1) ?? null;
}

function unseenBySquawk(statement: LintStatement): SourcedHit {
  return {
    rule: 'unseen-by-squawk',
    source: 'sanctum',
    severity: 'medium',
    line: statement.line,
    statement,
    detail: "PostgreSQL's parser accepts the statement, squawk's does not: only our own rules examined it.",
    fix: 'Look at the lock it takes (npx sanctum-ops migrate plan), then waive this finding with owner and expiry.',
  };
}

/** rule + file + tokens of the statement + how many equal ones came before: no line number, so moving keeps it. */
function withFingerprints(parser: SqlParser, text: LintText, hits: readonly SourcedHit[]): LintFinding[] {
  const seen = new Map<string, number>();
  return hits
    .toSorted((a, b) => a.line - b.line || (a.rule < b.rule ? -1 : a.rule > b.rule ? 1 : 0))
    .map((hit) => {
      const tokens = tokenHashOf(parser, hit.statement.text) ?? byteHashOf(hit.statement.text);
      const key = [hit.rule, text.file.name, tokens].join('\n');
      const ordinal = seen.get(key) ?? 0;
      seen.set(key, ordinal + 1);
      return {
        rule: hit.rule,
        source: hit.source,
        severity: hit.severity,
        number: text.file.number,
        file: text.file.name,
        line: hit.line,
        statement: oneLine(parser, hit.statement.text).slice(0, statementLengthMax),
        detail: hit.detail,
        fix: hit.fix,
        fingerprint: byteHashOf(`${key}\n${ordinal}`).slice(0, 32),
      };
    });
}
