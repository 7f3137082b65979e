import { setTimeout as wait } from 'node:timers/promises';
import type { ClientBase } from 'pg';
import { relationLocks } from './catalogue.queries.ts';
import { MigrationError } from './errors.ts';
import type { RunnableMigration } from './execute.ts';
import { lockedRelationsOf } from './lock-modes.ts';
import type { SqlParser } from './parser.ts';

const firstDelayMs = 250;
const delayMsMax = 5000;

export interface RetryOptions {
  readonly client: ClientBase;
  readonly parser: SqlParser;
  readonly migration: RunnableMigration;
  readonly attemptsMax: number;
  readonly onRetry: (attempt: number, delayMs: number, reason: string) => void;
  readonly run: () => Promise<number>;
}

/**
 * Repeats a file whose table locks were not granted in time. Between two tries nothing is queued, so that readers and
 * writers behind the waiting lock get through; the delay doubles, with jitter, up to a limit.
 */
export async function retryOnLock({ client, parser, migration, attemptsMax, onRetry, run }: RetryOptions): Promise<number> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await run();
    } catch (error) {
      if (!(error instanceof MigrationError) || error.code !== 'MIGRATION_LOCK_TIMEOUT') throw error;
      const holders = await readHolders(client, parser, migration.text);
      if (attempt >= attemptsMax) throw gaveUp(migration, attempt, holders, error);
      const delayMs = Math.round(Math.min(delayMsMax, firstDelayMs * 2 ** (attempt - 1)) * (0.5 + Math.random() / 2));
      onRetry(attempt, delayMs, holders.length === 0 ? 'the lock was not granted in time' : describeHolders(holders));
      await wait(delayMs);
    }
  }
}

interface LockRow {
  pid: number;
  relation: string;
  mode: string;
  application: string;
  state: string | null;
  transaction_s: number | null;
  query: string;
}

async function readHolders(client: ClientBase, parser: SqlParser, text: string): Promise<readonly LockRow[]> {
  const relations = lockedRelationsOf(parser, text);
  return relations.length === 0 ? [] : (await client.query<LockRow>(relationLocks, [relations])).rows;
}

function describeHolders(holders: readonly LockRow[]): string {
  return holders
    .map(
      (row) =>
        `pid ${row.pid}${row.application === '' ? '' : ` (${row.application})`} holds ${row.mode} on ${row.relation}, ${row.state ?? 'unknown'}, transaction open for ${Math.round(row.transaction_s ?? 0)} s`,
    )
    .join('; ');
}

function gaveUp(migration: RunnableMigration, attempts: number, holders: readonly LockRow[], cause: MigrationError): MigrationError {
  const pid = holders[0]?.pid;
  const who = pid === undefined ? 'the holder is gone by now' : describeHolders(holders);
  return new MigrationError('MIGRATION_LOCK_TIMEOUT', `${migration.file.name} did not get its table locks in ${attempts} tries: ${who}.`, {
    fix:
      pid === undefined ? 'run it again.' : `let that session finish, or end it: select pg_terminate_backend(${pid}); then run it again.`,
    file: migration.file.name,
    ...(cause.sqlState === null ? {} : { sqlState: cause.sqlState }),
    cause,
  });
}
