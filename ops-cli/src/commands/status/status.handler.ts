import { readFileSync } from 'node:fs';
import { isSameProcess } from '@sanctum/platform/local/processes';
import { verifyMigrations } from '@sanctum/migrations/verify';
import { CliError } from '../../cli-error.ts';
import type { Handler } from '../../context.ts';
import { exitCodes } from '../../exit-codes.ts';
import { brokenParts } from '../../stack/readiness.ts';
import { repositoryRoot, stackHome } from '../../stack/home.ts';
import type { StackHome } from '../../stack/home.ts';
import { readPlatformRun } from '../../stack/platform-process.ts';
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
  const { run } = view.platform;
  const isPlatformAlive = view.platform.state !== 'stopped';
  const isDatabaseUp = run?.database === 'external' || view.postgres.state === 'running';
  const document: StatusDocument = {
    state: overall(view, isDatabaseUp),
    urls: isPlatformAlive && run !== undefined ? { web: run.url, api: `${run.url}/api`, metrics: `${run.url}/metrics` } : null,
    processes: {
      platform: part({
        state: view.platform.state,
        ...(isPlatformAlive ? { pid: run?.pid, port: run?.port, detail: readinessDetail(view.platform) } : {}),
      }),
      postgres: part(view.postgres),
      redis: part(view.redis),
    },
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
  const run = readPlatformRun(home);
  if (run === undefined || !isSameProcess(run))
    throw new CliError('NOT_RUNNING', 'the local stack does not run', { fix: 'npx sanctum-ops up', exitCode: exitCodes.findings });
  const values = { DATABASE_URL: run.databaseUrl, REDIS_URL: run.redisUrl, SANCTUM_URL: run.url };
  return Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `export ${name}='${String(value).replaceAll("'", "'\\''")}'`)
    .join('\n');
}

function overall(view: StackView, isDatabaseUp: boolean): StatusDocument['state'] {
  const redisMissing = view.platform.run?.redis === 'server' && view.redis.state !== 'running';
  if (view.platform.state === 'ready' && isDatabaseUp && !redisMissing) return 'running';
  const isAnythingAlive = view.platform.state !== 'stopped' || view.postgres.state === 'running' || view.redis.state === 'running';
  return isAnythingAlive ? 'degraded' : 'stopped';
}

function part(seen: { state: string; pid?: number | undefined; port?: number | undefined; detail?: string | undefined }): Part {
  return { state: seen.state, pid: seen.pid ?? null, port: seen.port ?? null, detail: seen.detail ?? null };
}

function readinessDetail({ state, readiness }: StackView['platform']): string | undefined {
  if (state === 'ready') return undefined;
  return readiness === undefined ? 'no answer from /ready' : brokenParts(readiness.body).join('; ');
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
