/** Codes of everything that can go wrong while the local stack is started, looked at or stopped. */
export type LocalErrorCode =
  | 'LOCAL_BINARIES_MISSING'
  | 'LOCAL_USER_MISSING'
  | 'LOCAL_FOLDER_UNREACHABLE'
  | 'LOCAL_DISK_FULL'
  | 'LOCAL_LOCK_HELD'
  | 'LOCAL_PORT_TAKEN'
  | 'LOCAL_PROCESS_WILL_NOT_STOP'
  | 'LOCAL_COMMAND_FAILED'
  | 'POSTGRES_DATA_HALF_INITIALISED'
  | 'POSTGRES_DATA_OTHER_VERSION'
  | 'POSTGRES_DATA_ABSENT'
  | 'POSTGRES_INITDB_FAILED'
  | 'POSTGRES_NOT_OURS'
  | 'POSTGRES_PASSWORD_REFUSED'
  | 'POSTGRES_START_FAILED'
  | 'POSTGRES_START_TIMEOUT'
  | 'PROXY_BINARY_MISSING'
  | 'PROXY_CONFIGURATION_REFUSED'
  | 'PROXY_START_FAILED'
  | 'REDIS_BINARY_MISSING'
  | 'REDIS_NOT_OURS'
  | 'REDIS_START_FAILED'
  | 'REDIS_START_TIMEOUT';

/**
 * An error of the local stack. `fix` is what to type or do next, filled in with this machine's own
 * paths and ports; `logTail` holds the last lines of the log that explains it, if there is one.
 */
export class LocalError extends Error {
  readonly code: LocalErrorCode;
  readonly fix: string;
  readonly logTail: readonly string[];

  constructor(code: LocalErrorCode, message: string, details: { fix: string; logTail?: readonly string[]; cause?: unknown }) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'LocalError';
    this.code = code;
    this.fix = details.fix;
    this.logTail = details.logTail ?? [];
  }
}

/** The `code` of a Node.js system error (`ENOENT`, `EEXIST` …), or undefined for anything else. */
export function systemErrorCode(error: unknown): string | undefined {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  return undefined;
}
