import type { ClientBase } from 'pg';
import { setSession } from './catalogue.queries.ts';
import { chainOf } from './checksums.ts';
import { withSession } from './connection.ts';
import { readContext } from './context.ts';
import type { MigrationContext } from './context.ts';
import { MigrationError } from './errors.ts';
import { aloneTimeouts, prepare, runAlone, runInTransaction, transactionTimeouts } from './execute.ts';
import type { RunnableMigration } from './execute.ts';
import { refuseToBreak } from './instances.ts';
import { isRecoverable } from './interruptions.ts';
import { commentOnJournal, createJournal } from './journal.queries.ts';
import { completeJournal, entriesOf } from './journal.ts';
import { lockWaitMsDefault, withMigrationLock } from './lock.ts';
import type { LockHolder } from './lock.ts';
import { loadParser } from './parser.ts';
import type { SqlParser } from './parser.ts';
import { adoptCosmetic, recoverInterrupted } from './recover.ts';
import type { Recovered, Signatures } from './recover.ts';
import { retryOnLock } from './retry.ts';
import type { JournalEntry, SessionSource, VerifyFinding } from './types.ts';
import { verifyFiles } from './verify-files.ts';

export type { SessionSource } from './types.ts';

const attemptsMaxDefault = 5;

export type ApplyEvent =
  | { readonly type: 'lock-wait'; readonly holder: LockHolder | null }
  | { readonly type: 'started'; readonly name: string; readonly number: number; readonly position: number; readonly total: number }
  | { readonly type: 'retry'; readonly name: string; readonly attempt: number; readonly delayMs: number; readonly reason: string }
  | { readonly type: 'applied'; readonly name: string; readonly number: number; readonly durationMs: number }
  | { readonly type: 'recovered'; readonly name: string; readonly detail: string }
  | { readonly type: 'adopted'; readonly name: string };

export interface ApplyOptions {
  /** A connection string, or one open client that is not inside a transaction. Never a pool. */
  readonly database: SessionSource;
  readonly dir?: string;
  /** Verify and list only; nothing is written. */
  readonly dryRun?: boolean;
  /** Number of the last migration to apply; all by default. */
  readonly until?: number;
  /** Applies what breaks instances that are alive: for a planned outage. */
  readonly breakInstances?: boolean;
  /** How long to wait for another runner, in milliseconds. */
  readonly lockWaitMs?: number;
  /** Tries per file when a table lock is not granted in time. */
  readonly attemptsMax?: number;
  readonly onProgress?: (event: ApplyEvent) => void;
  /** Stops between two files; the file that runs is finished. */
  readonly signal?: AbortSignal;
}

export interface ApplyResult {
  readonly dryRun: boolean;
  /** Files applied, or with `dryRun` the files that would be. */
  readonly applied: readonly { readonly number: number; readonly name: string; readonly durationMs: number }[];
  /** Interrupted files that were recorded or repeated, with what was done. */
  readonly recovered: readonly Recovered[];
  /** Files whose new byte hash was recorded because only comments changed. */
  readonly adopted: readonly string[];
  /** Latest applied migration afterwards. */
  readonly head: { readonly number: number; readonly name: string } | null;
}

/**
 * Applies every pending migration in order, under the migration lock of the database. Safe to repeat, and safe to kill
 * at any moment. Refuses (MIGRATIONS_REFUSED) when verification finds anything that blocks, with every reason named,
 * and (MIGRATION_BREAKS_INSTANCES) while an instance is alive that a pending migration would break.
 */
export async function applyMigrations(options: ApplyOptions): Promise<ApplyResult> {
  return withSession(options.database, async (client) => {
    if (options.dryRun === true) return dryRun(client, options);
    await noticeDeadClients(client);
    const lock = {
      waitMs: options.lockWaitMs ?? lockWaitMsDefault,
      onWait: (holder: LockHolder | null) => options.onProgress?.({ type: 'lock-wait', holder }),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    };
    return withMigrationLock(client, lock, () => applyLocked(client, options));
  });
}

/** Makes the server end our statement within seconds when this process dies, so that the lock is free again. */
async function noticeDeadClients(client: ClientBase): Promise<void> {
  try {
    await client.query(setSession, ['client_connection_check_interval', '2s']);
  } catch {
    // Some operating systems do not offer it; then the server notices when the statement ends.
  }
}

async function dryRun(client: ClientBase, options: ApplyOptions): Promise<ApplyResult> {
  const context = await readContext(await verifyFiles(options.dir), client);
  refuseUnlessClean(context);
  const run: Run = { client, options, parser: await loadParser(), ...filesOf(context) };
  const entries = entriesOf(context.journal);
  const migrations = pendingOf(run, entries);
  if (options.breakInstances !== true) await refuseToBreak(client, migrations);
  const pending = migrations.map((migration) => ({ number: migration.file.number, name: migration.file.name, durationMs: 0 }));
  const head = entries.findLast((entry) => entry.state === 'applied');
  return {
    dryRun: true,
    applied: pending,
    recovered: [],
    adopted: [],
    head: head === undefined ? null : { number: head.number, name: head.name },
  };
}

interface Run extends Signatures {
  readonly client: ClientBase;
  readonly options: ApplyOptions;
  readonly parser: SqlParser;
}

function filesOf({ files }: MigrationContext): Signatures {
  return { files: files.files, signed: new Map(files.signed.map((entry) => [entry.name, entry])) };
}

/** Folder and journal are read once; what the run itself changes in the journal it carries on in `entries`. */
async function applyLocked(client: ClientBase, options: ApplyOptions): Promise<ApplyResult> {
  const context = await readContext(await verifyFiles(options.dir), client);
  refuseUnlessClean(context);
  const run: Run = { client, options, parser: await loadParser(), ...filesOf(context) };
  await client.query(createJournal);
  await client.query(commentOnJournal);
  await completeJournal(client, context.journal);
  const before = { entries: entriesOf(context.journal), interruptions: context.interruptions };
  const { recovered, entries: settled } = await recoverInterrupted(client, run.parser, before);
  for (const { name, detail } of recovered) options.onProgress?.({ type: 'recovered', name, detail });
  const { adopted, entries } = await adoptCosmetic(client, run, settled);
  for (const name of adopted) options.onProgress?.({ type: 'adopted', name });
  const applied = await applyPending(run, pendingOf(run, entries));
  const last = applied.at(-1) ?? entries.at(-1);
  return { dryRun: false, applied, recovered, adopted, head: last === undefined ? null : { number: last.number, name: last.name } };
}

function refuseUnlessClean({ verification, interruptions }: MigrationContext): void {
  // A half-applied file is the runner's own business, unless only a person can tell how far it got.
  const recoverable = new Set(interruptions.filter(isRecoverable).map(({ entry }) => entry.number));
  const isOurs = ({ code, number }: VerifyFinding): boolean => code === 'half-applied' && number !== null && recoverable.has(number);
  const blocking = verification.findings.filter((entry) => entry.blocking && !isOurs(entry));
  const first = blocking[0];
  if (first === undefined) return;
  const list = blocking.map((entry) => `${entry.code}: ${entry.detail}`).join(' · ');
  throw new MigrationError('MIGRATIONS_REFUSED', `Nothing was applied. ${list}`, {
    fix: first.fix,
    ...(first.file === null ? {} : { file: first.file }),
  });
}

function pendingOf({ parser, files, signed, options }: Run, entries: readonly JournalEntry[]): RunnableMigration[] {
  const { until } = options;
  if (until !== undefined && !files.some((file) => file.number === until)) {
    throw new MigrationError('MIGRATION_UNKNOWN', `There is no migration ${until} to stop at.`, {
      fix: 'npx sanctum-ops migrate status lists them.',
    });
  }
  const recorded = new Set(entries.map((entry) => entry.number));
  let chain = entries.at(-1)?.chainHash ?? '';
  return files
    .filter((file) => !recorded.has(file.number) && file.number <= (until ?? Number.POSITIVE_INFINITY))
    .map((file) => {
      const own = signed.get(file.name);
      if (own === undefined)
        throw new MigrationError('MIGRATIONS_REFUSED', `${file.name} is not signed.`, { fix: 'npx sanctum-ops migrate sign' });
      chain = chainOf(chain, file.name, file.byteHash);
      return prepare(parser, file, own, chain);
    });
}

async function applyPending(
  { client, parser, options }: Run,
  pending: readonly RunnableMigration[],
): Promise<{ number: number; name: string; durationMs: number }[]> {
  if (options.breakInstances !== true) await refuseToBreak(client, pending);
  const applied: { number: number; name: string; durationMs: number }[] = [];
  for (const [index, migration] of pending.entries()) {
    const { number, name } = migration.file;
    if (options.signal?.aborted === true) {
      throw new MigrationError('MIGRATIONS_INTERRUPTED', `Stopped before ${name}; ${applied.length} of ${pending.length} were applied.`, {
        fix: 'npx sanctum-ops migrate up continues where it stopped.',
      });
    }
    options.onProgress?.({ type: 'started', name, number, position: index + 1, total: pending.length });
    const durationMs = await retryOnLock({
      client,
      parser,
      migration,
      attemptsMax: options.attemptsMax ?? attemptsMaxDefault,
      onRetry: (attempt, delayMs, reason) => options.onProgress?.({ type: 'retry', name, attempt, delayMs, reason }),
      run: () =>
        migration.directives.noTransaction
          ? runAlone(client, parser, migration, aloneTimeouts)
          : runInTransaction(client, migration, transactionTimeouts),
    });
    applied.push({ number, name, durationMs });
    options.onProgress?.({ type: 'applied', name, number, durationMs });
  }
  return applied;
}
