import { join } from 'node:path';
import { statfsSync } from 'node:fs';
import { applyMigrations } from '@sanctum/migrations/apply';
import { MigrationError } from '@sanctum/migrations/errors';
import { LocalError } from '@sanctum/platform/local/local-error';
import { findNginx, requireNginx } from '@sanctum/platform/local/nginx';
import { ensureDatabase } from '@sanctum/platform/local/postgres-database';
import { inspectFolder } from '@sanctum/platform/local/postgres-folder';
import { isSameProcess } from '@sanctum/platform/local/processes';
import type { CommandContext } from '../../context.ts';
import { knownPostgresPlace, postgresPlace, prepareHome } from '../../stack/home.ts';
import type { StackHome } from '../../stack/home.ts';
import { readPlatformRuns, stopPlatforms } from '../../stack/platform-process.ts';
import { frontOf, readProxyRun } from '../../stack/proxy.ts';
import { ensureSecrets } from '../../stack/secrets.ts';
import { seedDemoData } from '../../stack/seed.ts';
import { platformDatabase, platformRole, stackPostgres, stackRedis } from '../../stack/stack.ts';
import type { Step } from '../../steps/steps.ts';
import { buildWebApp } from '../../stack/web-build.ts';
import { platformStep } from './platform-step.ts';
import type { PlatformPlan } from './platform-step.ts';
import { isGiven, required } from './up-result.ts';
import type { UpResult } from './up-result.ts';

const freeBytesMin = 128 * 1024 * 1024;
const nodeMajorMin = 26;
const portDefault = 8375;

export interface UpOptions {
  readonly follow: boolean;
  readonly port: number | undefined;
  readonly instances: number | undefined;
  readonly redis: boolean;
  readonly web: boolean;
  readonly seed: boolean;
  readonly review: boolean;
  readonly dryRun: boolean;
}

/** The steps of a start, in order; every one of them finds out what is already done. */
export function upSteps(home: StackHome, plan: PlatformPlan, context: CommandContext, options: UpOptions, result: UpResult): Step[] {
  const { env, signal } = context;
  return [
    { name: 'machine', run: async () => checkMachine(home, plan, env) },
    { name: 'secrets', run: async () => secretsStep(home, env, result) },
    { name: 'PostgreSQL', run: () => postgresStep(home, env, result) },
    { name: 'Redis', run: () => redisStep(home, env, options, result) },
    { name: 'migrations', run: () => migrateStep(home, result, signal) },
    ...(options.web ? [{ name: 'web app', run: () => webStep(home, signal) }] : []),
    ...(options.seed ? [{ name: 'demo data', run: () => seedStep(home, result) }] : []),
    { name: 'platform', run: () => platformStep(home, plan, context, result) },
  ];
}

function checkMachine(home: StackHome, { instances }: PlatformPlan, env: NodeJS.ProcessEnv): string {
  const major = Number.parseInt(process.versions.node, 10);
  if (major < nodeMajorMin) {
    throw new LocalError('LOCAL_COMMAND_FAILED', `this is Node.js ${process.versions.node}; Sanctum needs ${nodeMajorMin}`, {
      fix: 'run: make install',
    });
  }
  prepareHome(home);
  const disk = statfsSync(home.folder);
  const free = disk.bavail * disk.bsize;
  if (free < freeBytesMin) {
    throw new LocalError('LOCAL_DISK_FULL', `only ${Math.floor(free / 1024 / 1024)} MiB are free at ${home.folder}`, {
      fix: `make room (df -h ${home.folder}), or set SANCTUM_HOME to a folder on another disk`,
    });
  }
  // Before anything is started that would have to wait for it.
  if (instances > 1) requireNginx(findNginx({ path: env['PATH'], toolsDir: home.tools }));
  return `Node.js ${process.versions.node}, ${Math.floor(free / 1024 / 1024 / 1024)} GiB free`;
}

function secretsStep(home: StackHome, env: NodeJS.ProcessEnv, result: UpResult): string {
  const place = isGiven(env['DATABASE_URL']) ? undefined : knownPostgresPlace(home);
  const hasCluster = place !== undefined && inspectFolder(place.dataDir).kind === 'ready';
  const { secrets, created } = ensureSecrets(home.secretsFile, { dataDir: hasCluster ? place.dataDir : undefined });
  result.secrets = secrets;
  return created.length === 0 ? 'kept' : `${created.length} generated`;
}

async function postgresStep(home: StackHome, env: NodeJS.ProcessEnv, result: UpResult): Promise<string> {
  const given = env['DATABASE_URL'];
  if (isGiven(given)) {
    result.database = { kind: 'external', url: given };
    return `external, DATABASE_URL (${URL.parse(given)?.host ?? 'no host'})`;
  }
  const secrets = required(result.secrets, 'secrets');
  const postgres = stackPostgres(postgresPlace(home), secrets);
  const { created } = await postgres.initialise();
  const { url, port, alreadyRunning } = await postgres.start();
  if (!alreadyRunning) result.undo.unshift(() => postgres.stop());
  const database = await ensureDatabase(url, {
    role: platformRole,
    password: secrets.SANCTUM_DATABASE_PASSWORD,
    database: platformDatabase,
  });
  result.database = { kind: 'embedded', url: database.url };
  return `embedded, port ${port}${created ? ', new cluster' : ''}${alreadyRunning ? ', already running' : ''}`;
}

async function redisStep(home: StackHome, env: NodeJS.ProcessEnv, options: UpOptions, result: UpResult): Promise<string> {
  const given = env['REDIS_URL'];
  if (options.redis && isGiven(given)) {
    result.redis = { kind: 'external', url: given };
    return `external, REDIS_URL (${URL.parse(given)?.host ?? 'no host'})`;
  }
  const redis = stackRedis(home, required(result.secrets, 'secrets'), env);
  if (!options.redis || !redis.isInstalled) {
    result.redis = { kind: 'in-process' };
    return options.redis ? 'in-process store: no REDIS_URL, no redis-server on PATH' : 'in-process store, as asked';
  }
  const { url, port, alreadyRunning } = await redis.start();
  if (!alreadyRunning) result.undo.unshift(() => redis.stop());
  result.redis = { kind: 'server', url };
  return `redis-server, port ${port}${alreadyRunning ? ', already running' : ''}`;
}

async function migrateStep(home: StackHome, result: UpResult, signal: AbortSignal): Promise<string> {
  const database = required(result.database, 'database').url;
  const apply = () => applyMigrations({ database, signal });
  const { applied, head } = await apply().catch(async (error: unknown) => {
    const isOwn = readPlatformRuns(home).some((run) => isSameProcess(run) && run.databaseUrl === database);
    if (!isOwn || !(error instanceof MigrationError) || error.code !== 'MIGRATION_BREAKS_INSTANCES') throw error;
    // What would break is this stack's own platform, of an older checkout; a later step starts the present one.
    await stopPlatforms(home);
    return apply();
  });
  return `${applied.length === 0 ? 'up to date' : `${applied.length} applied`}, head ${head?.name ?? 'none'}`;
}

async function webStep(home: StackHome, signal: AbortSignal): Promise<string> {
  return (await buildWebApp({ logFile: join(home.logs, 'web-build.log'), signal })) ? 'built' : 'unchanged';
}

async function seedStep(home: StackHome, result: UpResult): Promise<string> {
  const seeded = await seedDemoData(home, {
    databaseUrl: required(result.database, 'database').url,
    ownerPassword: required(result.secrets, 'secrets').SANCTUM_DEMO_OWNER_PASSWORD,
  });
  if (seeded.owner !== undefined) result.owner = seeded.owner;
  return seeded.detail;
}

/** The port to use: the flag, else that of the running platform, else PORT, else that of a platform that ended unasked, else 8375. */
export function choosePlatformPort(home: StackHome, env: NodeJS.ProcessEnv, asked: number | undefined): number {
  const fromEnvironment = /^\d{1,5}$/.test(env['PORT'] ?? '') ? Number(env['PORT']) : undefined;
  const last = frontOf(home);
  const proxy = readProxyRun(home);
  const isRunning = [...(proxy === undefined ? [] : [proxy]), ...readPlatformRuns(home)].some(isSameProcess);
  const running = isRunning ? last?.port : undefined;
  return asked ?? running ?? fromEnvironment ?? last?.port ?? portDefault;
}

/** How many to run: the flag, else as many as run or were started last, else one. */
export function chooseInstances(home: StackHome, asked: number | undefined): number {
  return asked ?? Math.max(1, readProxyRun(home)?.upstreams.length ?? 1);
}
