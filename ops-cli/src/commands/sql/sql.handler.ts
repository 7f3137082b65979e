import { text } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { CliError, usageError } from '../../cli-error.ts';
import type { TargetOptions } from '../../common-options.ts';
import type { CommandContext, Handler } from '../../context.ts';
import { consent, databaseTarget } from '../../database-target.ts';
import { exitCodes } from '../../exit-codes.ts';
import { renderAnswer } from './sql.screen.ts';
import type { Row, SqlDocument } from './sql.document.ts';

export const rowsMax = 1_000;
const connectTimeoutMs = 5_000;
const statementTimeoutMs = 10_000;
const endTimeoutMs = 1_000;
/** A fix may build an index: it takes the time it takes, but never waits long for a lock that others queue behind. */
const writeLockTimeoutMs = 3_000;

/** https://www.postgresql.org/docs/18/errcodes-appendix.html */
const readOnlyTransaction = '25006';
const queryCanceled = '57014';
const lockNotAvailable = '55P03';

interface SqlOptions extends TargetOptions {
  readonly statement: string;
  readonly write: boolean;
  readonly yes: boolean;
}

export const sql: Handler<SqlOptions> = async (context, options) => {
  const { output } = context;
  const target = databaseTarget(context, options);
  const statement = await statementOf(context, options.statement);
  if (options.write) await consent(context, options.yes, `Run this on ${target.label}?\n\n${statement}\n\n`);
  const client = await connect(target.url, target.label);
  const cancelled = new AbortController();
  // Ctrl-C: the server hears of it by the end of the connection, and what waits here by the error.
  context.signal.addEventListener('abort', () => void client.end(), { signal: cancelled.signal });
  try {
    const document = options.write ? await change(client, statement) : await look(client, statement);
    if (output.isJson) output.json('sanctum.sql/1', document);
    else output.data(renderAnswer(document, output.paint));
    return exitCodes.fine;
  } catch (error) {
    throw refused(error);
  } finally {
    cancelled.abort();
    await Promise.race([client.end(), wait(endTimeoutMs, undefined, { ref: false })]);
  }
};

async function statementOf({ stdin }: CommandContext, given: string): Promise<string> {
  if (given === '-' && stdin === undefined) throw usageError('there is nothing on standard input', 'pipe a statement into it');
  const statement = (given === '-' && stdin !== undefined ? await text(stdin) : given).trim();
  if (statement === '') throw usageError('the statement is empty', 'npx sanctum-ops sql "select now()"');
  return statement;
}

async function connect(url: string, label: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: connectTimeoutMs, application_name: 'sanctum-ops sql' });
  // A connection that breaks later rejects what runs on it.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return client;
  } catch (cause) {
    throw new CliError('DATABASE_UNREACHABLE', `${label} does not let us in: ${messageOf(cause)}`, {
      fix: 'npx sanctum-ops doctor',
      exitCode: exitCodes.inconclusive,
      cause,
    });
  }
}

/** The extended protocol takes one statement: nothing behind a semicolon can end the read-only transaction. */
async function look(client: pg.Client, statement: string): Promise<SqlDocument> {
  await client.query(`begin transaction read only; set local statement_timeout = ${statementTimeoutMs}`);
  const { promise, resolve, reject } = Promise.withResolvers<SqlDocument>();
  const query = new pg.Query<unknown[]>(lookConfig(statement));
  const rows: Row[] = [];
  const answer = (command: string, fields: readonly pg.FieldDef[], hasMore: boolean): SqlDocument => ({
    answers: [{ command, columns: fields.map(({ name }) => name), rows, hasMore }],
  });
  query.on('row', (row, result) => {
    if (rows.length < rowsMax) rows.push(row as unknown as Row);
    // The rest stays where it is: the connection ends with it.
    else if (result !== undefined) resolve(answer('SELECT', result.fields, true));
  });
  query.on('end', (result) => resolve(answer(result.command, result.fields, false)));
  query.on('error', reject);
  client.query(query);
  return promise;
}

async function change(client: pg.Client, statement: string): Promise<SqlDocument> {
  await client.query(`set lock_timeout = ${writeLockTimeoutMs}`);
  const given: unknown = await client.query({ text: statement, rowMode: 'array', types: asText });
  const results = [given].flat() as pg.QueryArrayResult<(string | null)[]>[];
  return {
    answers: results.map(({ command, rowCount, fields, rows }) => ({
      command: rowCount === null ? command : `${command} ${rowCount}`,
      columns: fields.map(({ name }) => name),
      rows: rows.slice(0, rowsMax),
      hasMore: rows.length > rowsMax,
    })),
  };
}

/** The driver's types do not know that a query object takes the two as well. */
function lookConfig(statement: string): pg.QueryConfig {
  const config: pg.QueryArrayConfig & { readonly queryMode: 'extended' } = {
    text: statement,
    rowMode: 'array',
    types: asText,
    queryMode: 'extended',
  };
  return config;
}

/** As PostgreSQL writes it: a time stays in the server's words, a number keeps its digits. */
const asText = { getTypeParser: () => (value: string) => value };

function refused(error: unknown): unknown {
  if (!(error instanceof pg.DatabaseError)) return error;
  const readOnly = error.code === readOnlyTransaction;
  const known: Readonly<Record<string, string>> = {
    [readOnlyTransaction]: 'this changes something: say so with --write',
    [queryCanceled]: `ask for less; a statement that only reads has ${statementTimeoutMs / 1000} seconds`,
    [lockNotAvailable]: 'somebody holds the lock: npx sanctum-ops audit postgres/lock-convoy',
  };
  return new CliError('STATEMENT_REFUSED', `PostgreSQL refuses it: ${error.message} (${error.code ?? 'no code'})`, {
    fix: known[error.code ?? ''] ?? (error.hint === undefined ? 'correct the statement' : error.hint),
    exitCode: readOnly ? exitCodes.usage : exitCodes.findings,
    cause: error,
  });
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
