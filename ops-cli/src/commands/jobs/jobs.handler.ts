import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { CliError } from '../../cli-error.ts';
import type { TargetOptions } from '../../common-options.ts';
import type { CommandContext, Handler } from '../../context.ts';
import { consent, databaseTarget } from '../../database-target.ts';
import { exitCodes } from '../../exit-codes.ts';
import { recordOperation } from '../../operations-log.ts';
import type { ChangedJobsDocument, JobsDocument, JobState, ListedJob } from './jobs.document.ts';
import { jobStates } from './jobs.arguments.ts';
import * as queries from './jobs.queries.ts';
import { renderChanged, renderJobs } from './jobs.screen.ts';

const connectTimeoutMs = 5_000;
const statementTimeoutMs = 10_000;
const endTimeoutMs = 1_000;
const changedMax = 1_000;

interface ListOptions extends TargetOptions {
  readonly state: JobState | undefined;
  readonly name: string | undefined;
  readonly limit: number;
}

export const listJobs: Handler<ListOptions> = async (context, options) => {
  const { output } = context;
  const { url, label } = databaseTarget(context, options);
  const document = await withQueue(url, label, true, async (client) => {
    const counted = await client.query<{ state: JobState; count: number }>(queries.countJobs, [options.name ?? null]);
    const { rows } = await client.query<JobRow>(queries.listJobs, [options.name ?? null, options.state ?? null, options.limit + 1]);
    const counts = Object.fromEntries(jobStates.map((state) => [state, counted.rows.find((row) => row.state === state)?.count ?? 0]));
    const listed: JobsDocument = {
      counts: counts as Record<JobState, number>,
      jobs: rows.slice(0, options.limit).map(toListed),
      hasMore: rows.length > options.limit,
    };
    return listed;
  });
  if (output.isJson) output.json('sanctum.jobs/1', document);
  else output.data(renderJobs(document, output.paint));
  return exitCodes.fine;
};

interface ChangeOptions extends TargetOptions {
  /** Undefined: all dead ones. */
  readonly ids: readonly string[] | undefined;
  readonly name: string | undefined;
  readonly dryRun: boolean;
  readonly yes: boolean;
}

export const retryJobs: Handler<ChangeOptions> = (context, options) => change(context, options, 'retry', queries.retryJobs);
export const discardJobs: Handler<ChangeOptions> = (context, options) => change(context, options, 'discard', queries.discardJobs);

async function change(context: CommandContext, options: ChangeOptions, verb: 'retry' | 'discard', statement: string) {
  const { output } = context;
  const { url, label } = databaseTarget(context, options);
  const document = await withQueue(url, label, options.dryRun, async (client): Promise<ChangedJobsDocument> => {
    const wanted = options.ids === undefined ? null : [...options.ids];
    const { rows } = await client.query<{ id: string; name: string }>(queries.changeableJobs, [wanted, options.name ?? null, changedMax]);
    const ids = rows.map(({ id }) => id);
    const left = (wanted ?? []).filter((id) => !ids.includes(id));
    if (options.dryRun || ids.length === 0) return { dryRun: options.dryRun, done: ids, left };
    const names = [...new Set(rows.map(({ name }) => name))].join(', ');
    await consent(
      context,
      options.yes,
      `${verb === 'retry' ? 'Run again' : 'Discard for good'}: ${ids.length} job(s) (${names}) of ${label}?`,
    );
    recordOperation(context, { command: `jobs ${verb}`, target: label, subjects: ids });
    const changed = await client.query<{ id: string }>(statement, [ids]);
    const done = ids.filter((id) => changed.rows.some((row) => row.id === id));
    return { dryRun: false, done, left: [...left, ...ids.filter((id) => !done.includes(id))] };
  });
  if (output.isJson) output.json(`sanctum.jobs-${verb}/1`, document);
  else output.data(renderChanged(document, verb));
  return document.left.length > 0 ? exitCodes.findings : exitCodes.fine;
}

/** @throws CliError (exit 3) when the database lets nobody in or holds no queue. */
async function withQueue<T>(url: string, label: string, readOnly: boolean, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: connectTimeoutMs,
    statement_timeout: statementTimeoutMs,
    application_name: 'sanctum-ops jobs',
  });
  // A connection that breaks later rejects what runs on it.
  client.on('error', () => undefined);
  try {
    await client.connect();
    if (readOnly) await client.query('set default_transaction_read_only = on');
    const { rows } = await client.query<{ has_queue: boolean }>(queries.hasQueue);
    if (rows[0]?.has_queue !== true)
      throw new CliError('QUEUE_MISSING', `${label} holds no queue of jobs`, {
        fix: 'start the platform once (npx sanctum-ops up): it makes the queue; or name its database with --database-url',
        exitCode: exitCodes.inconclusive,
      });
    return await work(client);
  } catch (error) {
    throw error instanceof CliError ? error : couldNotLook(label, error);
  } finally {
    await Promise.race([client.end(), wait(endTimeoutMs, undefined, { ref: false })]);
  }
}

function couldNotLook(label: string, cause: unknown): CliError {
  const message = cause instanceof Error ? cause.message : String(cause);
  return new CliError('DATABASE_UNREACHABLE', `the queue of ${label} could not be looked at: ${message}`, {
    fix: 'npx sanctum-ops doctor',
    exitCode: exitCodes.inconclusive,
    cause,
  });
}

interface JobRow {
  readonly id: string;
  readonly name: string;
  readonly state: JobState;
  readonly attempts: number;
  readonly attempts_max: number;
  readonly created_at: Date;
  readonly run_at: Date;
  readonly locked_at: Date | null;
  readonly error: string | null;
  readonly subject: Record<string, string>;
  readonly request_id: string | null;
}

function toListed(row: JobRow): ListedJob {
  return {
    id: row.id,
    name: row.name,
    state: row.state,
    attempts: row.attempts,
    attemptsMax: row.attempts_max,
    createdAt: row.created_at.toISOString(),
    runAt: row.run_at.toISOString(),
    lockedAt: row.locked_at?.toISOString() ?? null,
    error: row.error === null ? null : withoutContents(row.error),
    subject: row.subject,
    requestId: row.request_id,
  };
}

const errorCharactersMax = 160;

/** Errors quote what they stumbled over, in quotes and in brackets. */
function withoutContents(error: string): string {
  const [line = ''] = error.split('\n');
  return line
    .slice(0, 2000)
    .replaceAll(/"[^"]*"?|'[^']*'?|`[^`]*`?/g, '"…"')
    .replaceAll(/[({[][^)}\]]*[)}\]]?/g, '(…)')
    .slice(0, errorCharactersMax);
}
