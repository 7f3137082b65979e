/** The server runs on the schema it was written for, or on a newer one that says that such code keeps working; else not at all. */
import { type FilesVerification, verifyMigrations } from '@sanctum/migrations/verify';
import type { Logger } from '../telemetry/logging.ts';

/** The schema is not the one of this code. The message names every finding with its way out. */
export class SchemaError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'SchemaError';
  }
}

/** Holds the database to the migrations of this code. Throws SchemaError. Findings that do not block are logged. */
export async function verifySchema(files: FilesVerification, databaseUrl: string, logger: Logger): Promise<void> {
  const result = await verifyMigrations({ database: databaseUrl, files });
  const blocking = result.findings.filter((finding) => finding.blocking);
  if (blocking.length > 0) {
    const lines = blocking.map(
      (finding) => `  ${finding.code}${finding.file === null ? '' : ` ${finding.file}`}: ${finding.detail}\n    fix: ${finding.fix}`,
    );
    throw new SchemaError(`The schema of the database is not the one of this code:\n${lines.join('\n')}`);
  }
  const pending = result.pending ?? [];
  if (pending.length > 0) {
    throw new SchemaError(
      `${pending.length} migrations are not applied yet, the first is ${pending[0] ?? ''}.\n  fix: npx sanctum-ops migrate up`,
    );
  }
  if (result.head === null) throw new SchemaError('The database holds no schema of Sanctum.\n  fix: npx sanctum-ops migrate up');
  for (const finding of result.findings) logger.warn({ finding: finding.code, file: finding.file, fix: finding.fix }, finding.detail);
  if (result.newer !== null && result.newer.length > 0) {
    logger.info({ newer: result.newer.length, head: result.head.name }, 'the schema is newer than this code and keeps it working');
  }
}
