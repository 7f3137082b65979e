import { readFileSync } from 'node:fs';
import { isSameProcess } from '@sanctum/platform/local/processes';
import { verifyMigrations } from '@sanctum/migrations/verify';
import { CliError } from '../../cli-error.ts';
import type { Handler } from '../../context.ts';
import { exitCodes } from '../../exit-codes.ts';
import { brokenParts } from '../../stack/readiness.ts';
import { instanceFiles, repositoryRoot, stackHome } from '../../stack/home.ts';
import type { StackHome } from '../../stack/home.ts';
import { readPlatformRuns } from '../../stack/platform-process.ts';
import { frontOf } from '../../stack/proxy.ts';
import { inspectStack, localDatabaseUrl } from '../../stack/inspect.ts';
import type { StackView } from '../../stack/inspect.ts';
import type { Part, StatusDocument } from './status.document.ts';
import { renderStatus } from './status.screen.ts';

export const status: Handler<{ readonly env: boolean }> = async ({ output, env }, options) => {
  const home = stackHome(env);
  if (options.env) {
    output.data(shellEnvironment(home));
    return exitCodes.fine;
  }
  const view = await inspectStack(home, env);
  const run = view.platforms[0]?.run;
  const front = frontOf(home);
  const isPlatformAlive = view.platforms.some(({ state }) => state !== 'stopped');
  const instances = view.platforms.map((seen) => instancePart(seen, home));
  const isDatabaseUp = run?.database === 'external' || view.postgres.state === 'running';
  const document: StatusDocument = {
    state: overall(view, isDatabaseUp),
    urls: isPlatformAlive && front !== undefined ? { web: front.url, api: `${front.url}/api`, metrics: `${front.url}/metrics` } : null,
    processes: {
      platform: wholePlatform(instances),
      proxy: part({ state: view.proxy.state, pid: proxyPid(view), port: view.proxy.run?.port, detail: view.proxy.silence }),
      postgres: part(view.postgres),
      redis: part(view.redis),
    },
    instances,
    versions: {
      sanctum: ownVersion(),
      node: process.versions.node,
      postgres: view.postgres.version ?? null,
      redis: view.redis.version ?? null,
    },
    stores: run === undefined ? null : { database: run.database, redis: run.redis },
    migrations: isDatabaseUp ? await migrations(localDatabaseUrl(home)) : null,
    folders: { state: home.folder, database: view.place?.dataDir ?? null, logs: home.logs, secrets: home.secretsFile },
  };
  if (output.isJson) output.json('sanctum.status/1', document);
  else output.data(renderStatus(document, output.paint));
  return document.state === 'running' ? exitCodes.fine : exitCodes.findings;
};

/** For `eval`: the addresses hold passwords, so they go to a shell and to no screen. @throws CliError when nothing runs. */
function shellEnvironment(home: StackHome): string {
  const run = readPlatformRuns(home).find(isSameProcess);
  if (run === undefined)
    throw new CliError('NOT_RUNNING', 'the local stack does not run', { fix: 'npx sanctum-ops up', exitCode: exitCodes.findings });
  const values = { DATABASE_URL: run.databaseUrl, REDIS_URL: run.redisUrl, SANCTUM_URL: frontOf(home)?.url };
  return Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `export ${name}='${String(value).replaceAll("'", "'\\''")}'`)
    .join('\n');
}

function overall(view: StackView, isDatabaseUp: boolean): StatusDocument['state'] {
  const { platforms, proxy } = view;
  const redisMissing = platforms[0]?.run.redis === 'server' && view.redis.state !== 'running';
  const isServed = platforms.length > 0 && platforms.every(({ state }) => state === 'ready') && ['absent', 'ready'].includes(proxy.state);
  if (isServed && isDatabaseUp && !redisMissing) return 'running';
  const isAnythingAlive =
    platforms.some(({ state }) => state !== 'stopped') || view.postgres.state === 'running' || view.redis.state === 'running';
  return isAnythingAlive ? 'degraded' : 'stopped';
}

function part(seen: { state: string; pid?: number | undefined; port?: number | undefined; detail?: string | undefined }): Part {
  return { state: seen.state, pid: seen.pid ?? null, port: seen.port ?? null, detail: seen.detail ?? null };
}

type Instance = StatusDocument['instances'][number];

function instancePart(seen: StackView['platforms'][number], home: StackHome): Instance {
  const { state, run, readiness } = seen;
  const detail = readiness === undefined ? 'no answer from /ready' : brokenParts(readiness.body).join('; ');
  const alive = { pid: run.pid, port: run.port, detail: state === 'ready' ? undefined : detail };
  return { instance: run.instance, ...part({ state, ...(state === 'stopped' ? {} : alive) }), log: instanceFiles(home, run.instance).log };
}

/** One word for all instances, and which of them are not as they ought to be. */
function wholePlatform(instances: readonly Instance[]): Part {
  const [first] = instances;
  if (first === undefined) return part({ state: 'stopped' });
  if (instances.length === 1) return part(asSeen(first));
  const troubled = instances.filter(({ state }) => state !== 'ready');
  const state =
    troubled.length === 0
      ? 'ready'
      : troubled.every((one) => one.state === 'stopped') && troubled.length === instances.length
        ? 'stopped'
        : 'not-ready';
  const detail = troubled.map((one) => `instance ${one.instance} of ${instances.length} is ${one.state.replace('-', ' ')}`).join('; ');
  return part({ ...asSeen(first), state, detail: detail === '' ? undefined : detail });
}

function asSeen({ state, pid, port, detail }: Part) {
  return { state, pid: pid ?? undefined, port: port ?? undefined, detail: detail ?? undefined };
}

function proxyPid({ proxy }: StackView): number | undefined {
  return proxy.state === 'stopped' ? undefined : proxy.run?.pid;
}

async function migrations(database: string | undefined): Promise<StatusDocument['migrations']> {
  if (database === undefined) return null;
  const { head, pending, findings } = await verifyMigrations({ database });
  return pending === null ? null : { head: head?.name ?? null, pending: pending.length, findings: findings.length };
}

function ownVersion(): string {
  const document: unknown = JSON.parse(readFileSync(`${repositoryRoot}/package.json`, 'utf8'));
  return typeof document === 'object' && document !== null && 'version' in document ? String(document.version) : 'unknown';
}
