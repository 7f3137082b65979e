/** Where the way out of every cause is described, one heading per id. */
export const causesPage = 'runbooks/procedures/local-stack.md';

/** Every cause that doctor can name; the id is the heading in the page. */
export const causeIds = [
  'never-started',
  'stopped',
  'start-in-progress',
  'last-start-failed',
  'disk-full',
  'secrets-lost',
  'secrets-readable',
  'packages-missing',
  'postgres-half-initialised',
  'postgres-stopped',
  'postgres-recovering',
  'postgres-port-foreign',
  'postgres-password-refused',
  'database-unreachable',
  'database-refuses',
  'database-connections-exhausted',
  'lock-convoy',
  'long-transaction',
  'migrations-refused',
  'migrations-pending',
  'redis-stopped',
  'redis-unreachable',
  'port-taken',
  'platform-stopped',
  'platform-ended',
  'platform-hangs',
  'platform-not-ready',
  'platform-logs-errors',
] as const;

export type CauseId = (typeof causeIds)[number];

/** One possible cause of trouble. `confidence` from 0 to 1 ranks it; evidence is what was seen, line by line. */
export type Cause = {
  readonly id: CauseId;
  readonly title: string;
  readonly confidence: number;
  readonly evidence: readonly string[];
  /** The next thing to type. */
  readonly next: string;
};

/** What one look found, or why it could not look. */
export type Look = {
  readonly name: string;
  readonly run: () => Promise<readonly Cause[]>;
};
