/** The SQLSTATE codes the platform acts on. https://www.postgresql.org/docs/current/errcodes-appendix.html */
import pg from 'pg';

export const sqlState = {
  uniqueViolation: '23505',
  foreignKeyViolation: '23503',
  checkViolation: '23514',
  serializationFailure: '40001',
  deadlockDetected: '40P01',
  lockNotAvailable: '55P03',
  queryCanceled: '57014',
  adminShutdown: '57P01',
  crashShutdown: '57P02',
  cannotConnectNow: '57P03',
  diskFull: '53100',
  tooManyConnections: '53300',
  readOnlyTransaction: '25006',
  idleInTransactionTimeout: '25P03',
} as const;

const connectionLost: ReadonlySet<string> = new Set([
  sqlState.adminShutdown,
  sqlState.crashShutdown,
  sqlState.cannotConnectNow,
  sqlState.tooManyConnections,
  sqlState.readOnlyTransaction,
  sqlState.idleInTransactionTimeout,
  '08000',
  '08001',
  '08003',
  '08004',
  '08006',
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOENT',
  'ETIMEDOUT',
]);

const retryable: ReadonlySet<string> = new Set([sqlState.serializationFailure, sqlState.deadlockDetected]);

/** The code of a PostgreSQL or socket error, else undefined. */
export function errorCodeOf(error: unknown): string | undefined {
  if (typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string') return error.code;
  return undefined;
}

/** True when the database could not be reached or dropped the connection; nothing is known of the statement. */
export function isConnectionLost(error: unknown): boolean {
  const code = errorCodeOf(error);
  if (code !== undefined) return connectionLost.has(code);
  return (
    error instanceof Error &&
    /Connection terminated|connection timeout|Client has encountered a connection error|not queryable/i.test(error.message)
  );
}

/** True when the server has no room left on its disk. The statement did nothing. */
export function isStorageFull(error: unknown): boolean {
  return errorCodeOf(error) === sqlState.diskFull;
}

/** True when the whole transaction may be run again from its start. */
export function isRetryable(error: unknown): boolean {
  const code = errorCodeOf(error);
  return code !== undefined && retryable.has(code);
}

/** True when the server or the driver gave up on a slow statement or a lock. */
export function isTimeout(error: unknown): boolean {
  const code = errorCodeOf(error);
  if (code === sqlState.queryCanceled || code === sqlState.lockNotAvailable) return true;
  return error instanceof Error && error.message === 'Query read timeout';
}

const violations: ReadonlySet<string> = new Set([sqlState.uniqueViolation, sqlState.foreignKeyViolation, sqlState.checkViolation]);

/** The name of the unique, foreign or check constraint that the statement violated. */
export function violatedConstraintOf(error: unknown): string | undefined {
  return error instanceof pg.DatabaseError && violations.has(error.code ?? '') ? error.constraint : undefined;
}
