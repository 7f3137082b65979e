import { existsSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { verifyMigrations } from '@sanctum/migrations/verify';
import type { VerifyResult } from '@sanctum/migrations/verify';
import { isSameProcess } from '@sanctum/platform/local/processes';
import type { StackHome } from '../../stack/home.ts';
import { instanceFiles, knownPostgresPlace } from '../../stack/home.ts';
import { localDatabaseUrl } from '../../stack/inspect.ts';
import { readPlatformRuns } from '../../stack/platform-process.ts';
import { frontOf, readProxyRun } from '../../stack/proxy.ts';
import type { PlatformRun } from '../../stack/platform-process.ts';
import { readSecrets } from '../../stack/secrets.ts';
import { administratorUrl, stackRedis } from '../../stack/stack.ts';
import type { TargetAddresses } from '../../target.ts';
import { connect } from './probes/connection.ts';
import { lookAtDatabase } from './probes/database.ts';
import type { DatabaseLook } from './probes/database.ts';
import { addressesOf, lookAtInstances } from './probes/instances.ts';
import { lookAtMachine } from './probes/machine.ts';
import { lookAtPlatform } from './probes/platform.ts';
import { lookAtPostgres } from './probes/postgres.ts';
import { lookAtProxy } from './probes/proxy.ts';
import { lookAtRedis } from './probes/redis.ts';
import { worstOf } from './several.ts';
import type { Blind } from './blind.ts';
import type { Sight } from './sight.ts';

/** The whole command ends within 10 s: everything looks side by side, and each look gets this long. */
const lookTimeoutMs = 5_800;
const instancesTimeoutMs = 2_500;

export interface Look {
  readonly sight: Sight;
  readonly looked: readonly string[];
  readonly blind: readonly Blind[];
}

interface Bench {
  readonly looked: string[];
  readonly blind: Blind[];
  readonly timeoutMs: number;
}

/** Runs one probe within its time; one that throws or takes too long is named, never taken as "nothing". */
export async function probe<T>(bench: Bench, name: string, run: () => Promise<T>): Promise<T | undefined> {
  const timer = new AbortController();
  try {
    const timeout = delay(bench.timeoutMs, undefined, { signal: timer.signal }).then(() =>
      Promise.reject(new Error(`no answer within ${bench.timeoutMs / 1_000} s`)),
    );
    const seen = await Promise.race([run(), timeout]);
    bench.looked.push(name);
    return seen;
  } catch (error) {
    bench.blind.push({ name, reason: error instanceof Error ? error.message : String(error) });
    return undefined;
  } finally {
    timer.abort();
  }
}

/** The local stack: its processes and files, and everything that they lead to. */
export async function lookLocally(home: StackHome, env: NodeJS.ProcessEnv): Promise<Look> {
  const bench: Bench = { looked: [], blind: [], timeoutMs: lookTimeoutMs };
  const files = readFiles(home);
  const { runs, secrets } = files;
  const [run] = runs;
  const isAlive = runs.some(isSameProcess);
  const place = safely(() => knownPostgresPlace(home));
  const administrator = place === undefined || secrets === undefined ? undefined : administratorUrl(place, secrets);
  const databaseUrl = safely(() => localDatabaseUrl(home));
  const redisUrl = run?.redis === 'in-process' ? undefined : run?.redisUrl;
  const isOwnRedis = run?.redis === 'server' && secrets !== undefined;
  const redisStatus = isOwnRedis ? () => stackRedis(home, secrets, env).status() : undefined;
  const isOwnDatabase = run === undefined || run.database === 'embedded';
  const [machine, postgres, database, migrations, redis, proxy, ...seen] = await Promise.all([
    probe(bench, 'machine', () => lookAtMachine(home, isAlive)),
    place === undefined || !isOwnDatabase ? undefined : probe(bench, 'PostgreSQL', () => lookAtPostgres(home)),
    databaseUrl === undefined
      ? undefined
      : probe(bench, 'database', () => lookAtDatabase(databaseUrl, isOwnDatabase ? administrator : undefined)),
    databaseUrl === undefined ? undefined : probe(bench, 'migrations', () => lookAtMigrations(databaseUrl)),
    redisUrl === undefined ? undefined : probe(bench, 'Redis', () => lookAtRedis(redisUrl, redisStatus)),
    files.proxy === undefined ? undefined : probe(bench, 'proxy', () => lookAtProxy(home)),
    ...runs.map((one) =>
      probe(bench, runs.length === 1 ? 'platform' : `platform ${one.instance}`, () =>
        lookAtPlatform(one.url, one, instanceFiles(home, one.instance).log, one.settings['OPERATIONS_TOKEN']),
      ),
    ),
  ]);
  const secret = run?.settings['JWT_SECRET'] ?? secrets?.JWT_SECRET;
  const platforms = seen.filter((one) => one !== undefined);
  const own = platforms.flatMap((one) => (one.readiness === undefined ? [] : [one.url]));
  const instances = await lookFurther(bench, own, database, secret);
  return finish(
    bench,
    {
      isLocal: true,
      home,
      addresses: {
        databaseUrl: (isOwnDatabase ? administratorOf(administrator, databaseUrl) : undefined) ?? databaseUrl,
        redisUrl,
        url: safely(() => frontOf(home))?.url,
      },
      machine,
      postgres,
      database: database?.seen,
      migrations,
      redis,
      platform: worstOf(platforms),
      platforms,
      proxy,
      instances,
    },
    database,
  );
}

/** The administrator in the platform's database: cures need more than the platform's role may do. */
function administratorOf(administrator: string | undefined, databaseUrl: string | undefined): string | undefined {
  if (administrator === undefined || databaseUrl === undefined) return undefined;
  const url = new URL(administrator);
  url.pathname = new URL(databaseUrl).pathname;
  return url.href;
}

/** What this shell knows of a system elsewhere, when it was given. */
export interface ElsewhereSecrets {
  readonly jwtSecret: string | undefined;
  readonly operationsToken: string | undefined;
}

/** A system elsewhere: only what its addresses answer. */
export async function lookElsewhere(home: StackHome, addresses: TargetAddresses, secrets: ElsewhereSecrets): Promise<Look> {
  const bench: Bench = { looked: [], blind: [], timeoutMs: lookTimeoutMs };
  const { databaseUrl, redisUrl, url } = addresses;
  const [database, migrations, redis, platform] = await Promise.all([
    databaseUrl === undefined ? undefined : probe(bench, 'database', () => lookAtDatabase(databaseUrl, undefined)),
    databaseUrl === undefined ? undefined : probe(bench, 'migrations', () => lookAtMigrations(databaseUrl)),
    redisUrl === undefined ? undefined : probe(bench, 'Redis', () => lookAtRedis(redisUrl, undefined)),
    url === undefined ? undefined : probe(bench, 'platform', () => lookAtPlatform(url, undefined, undefined, secrets.operationsToken)),
  ]);
  const own = url === undefined || platform?.readiness === undefined ? [] : [url];
  const instances = await lookFurther(bench, own, database, secrets.jwtSecret);
  return finish(
    bench,
    {
      isLocal: false,
      home,
      addresses,
      database: database?.seen,
      migrations,
      redis,
      platform,
      platforms: platform === undefined ? [] : [platform],
      instances,
    },
    database,
  );
}

async function lookFurther(bench: Bench, own: readonly string[], database: DatabaseLook | undefined, secret: string | undefined) {
  const sessions = database?.seen.state === 'open' ? (database.seen.platformSessions ?? []) : [];
  const urls = [...new Set([...own, ...addressesOf(sessions)])];
  if (urls.length === 0) return undefined;
  return probe({ ...bench, timeoutMs: instancesTimeoutMs }, 'instances', () => lookAtInstances(urls, secret));
}

/** Refusals of the write probe that a cause of its own judges. */
const judgedRefusals = new Set(['25006', '53100', '42P01', '42501', '3F000']);

function finish(bench: Bench, sight: Sight, database: DatabaseLook | undefined): Look {
  const seen = database?.seen;
  const isLoadUnseen = sight.platforms?.some((one) => one.healthMs !== undefined && one.load === undefined) === true;
  return {
    sight,
    looked: bench.looked,
    blind: [
      ...bench.blind,
      ...(database?.blind ?? []),
      ...(seen?.state === 'open' ? unseenWrites(seen, sight.isLocal) : []),
      ...(isLoadUnseen
        ? [{ name: 'load of the platform', reason: '/metrics gave no page; where it wants a token, set OPERATIONS_TOKEN' }]
        : []),
    ],
  };
}

function unseenWrites({ write, tables }: Extract<DatabaseLook['seen'], { state: 'open' }>, isLocal: boolean): Blind[] {
  if (write?.refusal === undefined) return [];
  const there = tables?.filter((table) => table.is_there) ?? [];
  const isReader = !isLocal && there.length > 0 && there.every((table) => table.missing.length > 0);
  if (isReader) return [{ name: 'writing to the database', reason: 'this role may only read; give the address that the platform has' }];
  return judgedRefusals.has(write.code ?? '') ? [] : [{ name: 'writing to the database', reason: write.refusal }];
}

/** In a session of our own: what the role was given must not hide what the journal says. */
async function lookAtMigrations(url: string): Promise<VerifyResult> {
  const client = await connect(url);
  try {
    const result = await verifyMigrations({ database: client });
    const unseen = result.findings.find((finding) => finding.kind === 'could-not-look');
    if (unseen !== undefined) throw new Error(unseen.detail);
    return result;
  } finally {
    await client.end().catch(() => undefined); // Nothing more is asked of it.
  }
}

/** What the state files say; one that cannot be read is a cause of its own, named by the look at the machine. */
function readFiles(home: StackHome) {
  if (!existsSync(home.folder)) return { runs: [], proxy: undefined, secrets: undefined };
  return {
    runs: safely<readonly PlatformRun[]>(() => readPlatformRuns(home)) ?? [],
    proxy: safely(() => readProxyRun(home)),
    secrets: safely(() => readSecrets(home.secretsFile)),
  };
}

function safely<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    // A state file that cannot be read is named by the look at the machine.
    return undefined;
  }
}
