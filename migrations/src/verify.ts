import { isRefusal, withQueryable } from './connection.ts';
import { mergedResult, readContext } from './context.ts';
import { MigrationError } from './errors.ts';
import { migrationsDir } from './files.ts';
import { finding } from './finding.ts';
import { reasonOf } from './reason.ts';
import type { DatabaseSource, VerifyFinding, VerifyResult } from './types.ts';
import { verifyFiles } from './verify-files.ts';
import type { FilesVerification } from './verify-files.ts';

export { verifyFiles } from './verify-files.ts';
export type { FilesVerification } from './verify-files.ts';
export type { VerifyCode, VerifyFinding, VerifyResult } from './types.ts';

export interface VerifyOptions {
  /** Folder that holds `sql/` and `checksums.json`; this package's own by default. */
  readonly dir?: string;
  readonly database: DatabaseSource;
  /** Also a chain of another tool, whose journal is not ours to read. */
  readonly foreign?: boolean;
  /** The files where they were looked at already; then `dir` is not read. */
  readonly files?: FilesVerification;
}

/**
 * Compares files, checksums.json and the journal of a database, and looks for what an interrupted migration left.
 * Reads only. Never throws for what it can name: an unreachable database is the finding `database-unreachable`.
 * With matching hashes it costs five short statements and loads no parser.
 */
export async function verifyMigrations({
  dir = migrationsDir,
  database,
  foreign = false,
  files: given,
}: VerifyOptions): Promise<VerifyResult> {
  const files = given ?? (await verifyFiles(dir, { foreign }));
  try {
    return (await withQueryable(database, (queryable) => readContext(files, queryable))).verification;
  } catch (error) {
    return notLooked(files, error);
  }
}

/** The result of files alone, because the database could not be asked. */
export function notLooked(files: FilesVerification, error: unknown): VerifyResult {
  return mergedResult(files, [unreachable(error)], null);
}

function unreachable(error: unknown): VerifyFinding {
  const cause = error instanceof MigrationError ? error.cause : error;
  const detail = error instanceof MigrationError ? error.summary : `The database could not be asked: ${reasonOf(error)}.`;
  return finding(isRefusal(cause) ? 'database-refused' : 'database-unreachable', null, {
    detail,
    fix:
      error instanceof MigrationError
        ? error.fix
        : 'Check that the database runs and that the role may read the catalogue: npx sanctum-ops doctor',
  });
}
