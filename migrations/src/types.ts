import type { ClientBase } from 'pg';

/** Anything that answers one SQL statement: a `pg` client or pool. */
export interface Queryable {
  query<Row extends object>(text: string, values?: unknown[]): Promise<{ rows: Row[] }>;
}

/** A connection string (opened and closed by the callee) or an open `pg` client or pool, left open. */
export type DatabaseSource = string | Queryable;

/** A connection string or one open `pg` client. Never a pool: the lock belongs to one session. */
export type SessionSource = string | ClientBase;

export type Severity = 'critical' | 'high' | 'medium' | 'low';

/**
 * What a finding is about. `cosmetic`: comments or white space only. `semantic`: what runs, ran or is recorded
 * differs. `state`: the database needs an action first. `could-not-look`: nothing was proven either way.
 */
export type FindingKind = 'cosmetic' | 'semantic' | 'state' | 'could-not-look';

export type VerifyCode =
  // the folder
  | 'folder-unreadable'
  | 'bad-name'
  | 'duplicate-number'
  | 'empty'
  | 'too-large'
  | 'not-utf8'
  | 'truncated'
  | 'file-unreadable'
  | 'too-many-files'
  // the checksum file
  | 'checksums-missing'
  | 'checksums-unreadable'
  | 'checksums-edited'
  | 'unsigned'
  | 'changed-comment'
  | 'changed-statement'
  | 'changed-down'
  | 'missing'
  | 'renamed'
  | 'reordered'
  // the database
  | 're-signed'
  | 'out-of-order'
  | 'half-applied'
  | 'running'
  | 'unknown-to-code'
  | 'foreign-database'
  | 'journal-edited'
  | 'invalid-index'
  | 'database-unreachable'
  | 'database-refused';

export interface VerifyFinding {
  readonly code: VerifyCode;
  readonly kind: FindingKind;
  readonly severity: Severity;
  /** True when `apply` refuses to run and the platform refuses to start because of it. */
  readonly blocking: boolean;
  /** Migration number, or null when the finding is not about one migration. */
  readonly number: number | null;
  /** File name inside `sql/`, or the database object, or null. */
  readonly file: string | null;
  /** 1-based line of the first difference or defect, null when unknown. */
  readonly line: number | null;
  readonly detail: string;
  /** What to type or do next, filled in. */
  readonly fix: string;
}

export interface MigrationFile {
  readonly number: number;
  /** File name: `0001_users.sql`. */
  readonly name: string;
  readonly path: string;
  /** Hex sha256 of the bytes. */
  readonly byteHash: string;
  readonly sizeBytes: number;
  readonly downPath: string | null;
  readonly downHash: string | null;
}

export interface SignedFile {
  readonly number: number;
  readonly name: string;
  readonly bytes: string;
  readonly tokens: string;
  readonly chain: string;
  /** Byte hash of the `.down.sql` beside it, null when there is none. */
  readonly down: string | null;
}

export interface JournalEntry {
  readonly number: number;
  readonly name: string;
  readonly byteHash: string;
  readonly tokenHash: string;
  readonly chainHash: string;
  readonly algorithm: string;
  readonly state: 'running' | 'applied';
  readonly statementPosition: number;
  readonly startedAt: Date;
  readonly appliedAt: Date | null;
  readonly durationMs: number | null;
  /** Releases that do not know this migration break; 0: none does; null: recorded before it was asked. */
  readonly breaksBefore: number | null;
}

export interface VerifyResult {
  readonly findings: readonly VerifyFinding[];
  /** True when at least one finding is blocking. */
  readonly blocking: boolean;
  readonly examined: {
    readonly files: number;
    readonly signed: number;
    /** Null when no database was looked at. */
    readonly journal: number | null;
  };
  /** Names of files that are not in the journal; null when no database was looked at. */
  readonly pending: readonly string[] | null;
  /** Names of migrations that only the database knows and that leave this code working; null when no database was looked at. */
  readonly newer: readonly string[] | null;
  /** Number of the latest migration that this code knows; 0 when it knows none. */
  readonly codeHead: number;
  /** Latest applied migration; null when none is applied or no database was looked at. */
  readonly head: { readonly number: number; readonly name: string; readonly chain: string } | null;
}
