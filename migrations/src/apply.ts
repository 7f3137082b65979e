import { readFileSync } from 'node:fs';
import type { ClientBase } from 'pg';
import { begin, commit, setSession } from './catalogue.queries.ts';
import { chainOf } from './checksums.ts';
import { withSession } from './connection.ts';
import { MigrationError } from './errors.ts';
import { aloneTimeouts, cleanUp, prepare, runAlone, runInTransaction, transactionTimeouts } from './execute.ts';
import type { RunnableMigration } from './execute.ts';
import { migrationsDir } from './files.ts';
import { classifyHalfApplied } from './half-applied.ts';
import { refuseToBreak } from './instances.ts';
import { adoptHashes, commentOnJournal, createJournal, deleteRunning, markApplied } from './journal.queries.ts';
import { completeJournal, readJournal } from './journal.ts';
import { lockWaitMsDefault, withMigrationLock } from './lock.ts';
import type { LockHolder } from './lock.ts';
import { loadParser } from './parser.ts';
import type { SqlParser } from './parser.ts';
import { retryOnLock } from './retry.ts';
import type { JournalEntry, MigrationFile, SessionSource, SignedFile, VerifyFinding } from './types.ts';
import { verifyMigrations } from './verify.ts';
import { verifyFiles } from './verify-files.ts';

export { MigrationError } from './errors.ts';
export type { MigrationErrorCode } from './errors.ts';
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
  readonly recovered: readonly { readonly name: string; readonly detail: string }[];
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
  const context = await createContext(client, options);
  await refuseUnlessClean(context);
  const migrations = pendingOf(context);
  if (options.breakInstances !== true) await refuseToBreak(client, migrations);
  const pending = migrations.map((migration) => ({ number: migration.file.number, name: migration.file.name, durationMs: 0 }));
  const head = context.entries.findLast((entry) => entry.state === 'applied');
  return {
    dryRun: true,
    applied: pending,
    recovered: [],
    adopted: [],
    head: head === undefined ? null : { number: head.number, name: head.name },
  };
}

interface Context {
  readonly client: ClientBase;
  readonly options: ApplyOptions;
  readonly dir: string;
  readonly parser: SqlParser;
  readonly files: readonly MigrationFile[];
  readonly signed: ReadonlyMap<string, SignedFile>;
  readonly entries: readonly JournalEntry[];
}

async function createContext(client: ClientBase, options: ApplyOptions): Promise<Context> {
  const dir = options.dir ?? migrationsDir;
  const [parser, checked, journal] = [await loadParser(), await verifyFiles(dir), await readJournal(client)];
  const entries = journal.kind === 'ours' ? journal.entries : [];
  const signed = new Map(checked.signed.map((entry) => [entry.name, entry]));
  return { client, options, dir, parser, files: checked.files, signed, entries };
}

async function applyLocked(client: ClientBase, options: ApplyOptions): Promise<ApplyResult> {
  await refuseUnlessClean(await createContext(client, options));
  await client.query(createJournal);
  await client.query(commentOnJournal);
  await completeJournal(client);
  const recovered = await recoverInterrupted(await createContext(client, options));
  const adopted = await adoptCosmetic(await createContext(client, options));
  const context = await createContext(client, options);
  const applied = await applyPending(context);
  const last = applied.at(-1) ?? context.entries.at(-1);
  return { dryRun: false, applied, recovered, adopted, head: last === undefined ? null : { number: last.number, name: last.name } };
}

async function refuseUnlessClean({ client, dir, entries }: Context): Promise<void> {
  const { findings } = await verifyMigrations({ dir, database: client });
  const running = new Set(entries.filter((entry) => entry.state === 'running').map((entry) => entry.name));
  const blocking = findings.filter((entry) => entry.blocking && !isRecoverable(entry, running));
  if (blocking.length === 0) return;
  const first = blocking[0];
  const list = blocking.map((entry) => `${entry.code}: ${entry.detail}`).join(' · ');
  throw new MigrationError('MIGRATIONS_REFUSED', `Nothing was applied. ${list}`, {
    fix: first === undefined ? 'npx sanctum-ops migrate verify' : first.fix,
    ...(first?.file === null || first === undefined ? {} : { file: first.file }),
  });
}

/** A half-applied file is the runner's own business, unless only a person can tell how far it got. */
function isRecoverable(entry: VerifyFinding, running: ReadonlySet<string>): boolean {
  return entry.code === 'half-applied' && entry.file !== null && running.has(entry.file) && !entry.fix.includes('migrate resolve');
}

async function recoverInterrupted({ client, parser, files, entries, options }: Context): Promise<{ name: string; detail: string }[]> {
  const recovered: { name: string; detail: string }[] = [];
  for (const entry of entries.filter((candidate) => candidate.state === 'running')) {
    const file = files.find((candidate) => candidate.number === entry.number);
    if (file === undefined) continue;
    const text = readFileSync(file.path, 'utf8');
    const half = await classifyHalfApplied(client, parser, text);
    if (half.state === 'done-not-recorded') await client.query(markApplied, [entry.number, null]);
    else {
      await cleanUp(client, parser, text);
      await client.query(deleteRunning, [entry.number]);
    }
    recovered.push({ name: entry.name, detail: half.detail });
    options.onProgress?.({ type: 'recovered', name: entry.name, detail: half.detail });
  }
  return recovered;
}

/** Records new byte hashes of files changed in comments only; the equal token hash is proven again in the statement. */
async function adoptCosmetic({ client, files, signed, entries, options }: Context): Promise<string[]> {
  const byNumber = new Map(files.map((file) => [file.number, file]));
  const adopted: string[] = [];
  const changes: unknown[][] = [];
  let chain = '';
  for (const entry of entries) {
    const file = byNumber.get(entry.number);
    const own = file === undefined ? undefined : signed.get(file.name);
    const isCosmetic =
      file !== undefined && own?.bytes === file.byteHash && file.byteHash !== entry.byteHash && own.tokens === entry.tokenHash;
    const bytes = isCosmetic ? file.byteHash : entry.byteHash;
    chain = chainOf(chain, entry.name, bytes);
    if (isCosmetic) adopted.push(entry.name);
    if (adopted.length > 0) changes.push([entry.number, bytes, chain, entry.tokenHash]);
  }
  if (adopted.length === 0) return [];
  await client.query(begin);
  for (const values of changes) await client.query(adoptHashes, values);
  await client.query(commit);
  for (const name of adopted) options.onProgress?.({ type: 'adopted', name });
  return adopted;
}

function pendingOf({ parser, files, signed, entries, options }: Context): RunnableMigration[] {
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

async function applyPending(context: Context): Promise<{ number: number; name: string; durationMs: number }[]> {
  const { client, parser, options } = context;
  const pending = pendingOf(context);
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
