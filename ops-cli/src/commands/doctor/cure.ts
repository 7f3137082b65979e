import type pg from 'pg';
import { Redis } from 'ioredis';
import { CliError, usageError } from '../../cli-error.ts';
import type { CommandContext } from '../../context.ts';
import { exitCodes } from '../../exit-codes.ts';
import type { ExitCode } from '../../exit-codes.ts';
import type { TargetAddresses } from '../../target.ts';
import type { CureTools } from './cause.ts';
import type { DoctorOptions, Examined } from './doctor.document.ts';
import { connect, errorCode } from './probes/connection.ts';

const lockTimeoutMs = 5_000;
const redisTimeoutMs = 5_000;
/** What the platform's role or database was given must not stop the cure of it. */
const ownSession = '-c default_transaction_read_only=off';
const transactionTimeout = '25P04';
const attemptsMax = 50;

/** Cures one cause that is there now: says what it will do, asks, does it, and looks again. */
export async function cure(
  { output, confirm }: CommandContext,
  { yes, dryRun }: Pick<DoctorOptions, 'yes' | 'dryRun'>,
  id: string,
  examine: () => Promise<Examined>,
): Promise<ExitCode> {
  const { look, cures, diagnosis } = await examine();
  const known = diagnosis.causes.find((cause) => cause.id === id);
  if (known === undefined) {
    output.data(`nothing to cure: ${id} is not there now`);
    return diagnosis.couldNotLook.length > 0 ? exitCodes.inconclusive : exitCodes.fine;
  }
  const found = cures.get(id);
  if (found === undefined) throw usageError(`${id} is not cured from here`, `run: ${known.next}`);
  for (const line of found.does) output.progress(line);
  if (dryRun) return exitCodes.fine;
  const isSure = yes || (await confirm(`Do that at ${describe(look.sight.addresses)}?`));
  if (isSure === undefined) throw usageError('this changes the system and nobody can be asked', 'add --yes, or look first: --dry-run');
  if (!isSure) return exitCodes.fine;
  await withTools(look.sight.addresses, (line) => output.progress(line), found.run);
  const after = await examine();
  const isStillThere = after.diagnosis.causes.some((cause) => cause.id === id);
  output.data(isStillThere ? `done, and ${id} is still there: ${known.runbook}` : `cured: ${id}`);
  return isStillThere ? exitCodes.findings : exitCodes.fine;
}

function describe({ databaseUrl, redisUrl }: TargetAddresses): string {
  return [databaseUrl, redisUrl].flatMap((url) => URL.parse(url ?? '')?.host ?? []).join(', ') || 'this machine';
}

async function withTools(
  addresses: TargetAddresses,
  say: (line: string) => void,
  work: (tools: CureTools) => Promise<void>,
): Promise<void> {
  const open: { client?: pg.Client; redis?: Redis } = {};
  try {
    await work({
      say,
      sql: async (...statements) => {
        open.client ??= await connectPatiently(required(addresses.databaseUrl, 'database'));
        let rows: Record<string, unknown>[] = [];
        for (const statement of statements) rows = (await open.client.query<Record<string, unknown>>(statement)).rows;
        return rows;
      },
      redis: async (...[name = '', ...words]) => {
        open.redis ??= await connectRedis(required(addresses.redisUrl, 'Redis'));
        return open.redis.call(name, ...words);
      },
    });
  } catch (error) {
    throw new CliError('CURE_FAILED', error instanceof Error ? error.message : String(error), {
      fix: 'see the page of the cause: npx sanctum-ops doctor names it',
      exitCode: exitCodes.findings,
      cause: error,
    });
  } finally {
    await open.client?.end().catch(() => undefined); // It may have been ended by its own cure.
    open.redis?.disconnect();
  }
}

/** The first moments of a session are bounded by what the server hands out: that may be what is cured here. */
async function connectPatiently(url: string): Promise<pg.Client> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await connect(url, {
        statement_timeout: 0,
        query_timeout: 0,
        lock_timeout: lockTimeoutMs,
        application_name: 'sanctum-doctor cure',
        options: ownSession,
      });
    } catch (error) {
      if (errorCode(error) !== transactionTimeout || attempt >= attemptsMax) throw error;
    }
  }
}

async function connectRedis(url: string): Promise<Redis> {
  const client = new Redis(url, {
    lazyConnect: true,
    connectTimeout: redisTimeoutMs,
    commandTimeout: redisTimeoutMs,
    enableReadyCheck: false,
    disableClientInfo: true,
    retryStrategy: () => null,
  });
  client.on('error', () => undefined); // The rejected promise already carries it.
  await client.connect();
  return client;
}

function required(url: string | undefined, name: string): string {
  if (url !== undefined) return url;
  throw new Error(`the address of the ${name} is not known`);
}
