export type MigrationErrorCode =
  | 'MIGRATIONS_REFUSED'
  | 'MIGRATIONS_LOCKED'
  | 'MIGRATIONS_POOLED_CONNECTION'
  | 'MIGRATION_BREAKS_INSTANCES'
  | 'MIGRATION_UNKNOWN'
  | 'MIGRATION_FAILED'
  | 'MIGRATION_LOCK_TIMEOUT'
  | 'MIGRATION_NOT_RUNNABLE'
  | 'MIGRATION_CHANGED_WHILE_READ'
  | 'MIGRATION_NAME_INVALID'
  | 'MIGRATION_SIGN_REFUSED'
  | 'MIGRATION_DOWN_REFUSED'
  | 'MIGRATION_RESOLVE_REFUSED'
  | 'MIGRATIONS_INTERRUPTED'
  | 'DATABASE_UNREACHABLE';

export interface MigrationErrorDetail {
  /** What to do next, filled in. */
  readonly fix: string;
  readonly file?: string;
  /** 1-based. */
  readonly line?: number;
  /** PostgreSQL's code, when the server reported the error. */
  readonly sqlState?: string;
  readonly cause?: unknown;
}

/** Every error this package throws on purpose; the message ends with the fix. */
export class MigrationError extends Error {
  readonly code: MigrationErrorCode;
  /** The message without its fix. */
  readonly summary: string;
  readonly fix: string;
  readonly file: string | null;
  readonly line: number | null;
  readonly sqlState: string | null;

  constructor(code: MigrationErrorCode, message: string, detail: MigrationErrorDetail) {
    super(`${message} Fix: ${detail.fix}`, detail.cause === undefined ? {} : { cause: detail.cause });
    this.name = 'MigrationError';
    this.code = code;
    this.summary = message;
    this.fix = detail.fix;
    this.file = detail.file ?? null;
    this.line = detail.line ?? null;
    this.sqlState = detail.sqlState ?? null;
  }
}
