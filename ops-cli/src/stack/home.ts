import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readJsonObject, writeJson } from '@sanctum/platform/local/json-file';
import { canReach, serverUser } from '@sanctum/platform/local/operating-user';

/** The repository that this command line belongs to. */
export const repositoryRoot = fileURLToPath(new URL('../../../', import.meta.url)).replace(/\/$/, '');

/** Where the local stack keeps its state. */
export interface StackHome {
  /** `.sanctum` at the repository's root, or SANCTUM_HOME. */
  readonly folder: string;
  readonly secretsFile: string;
  readonly logs: string;
  /** Run files: which process is which. */
  readonly run: string;
  readonly tools: string;
  readonly redisData: string;
  /** Where nginx works, when several instances stand behind it. */
  readonly proxyFolder: string;
  readonly proxyRunFile: string;
  readonly proxyLog: string;
  readonly proxyAccessLog: string;
  /** Who changed what by a command. */
  readonly operationsLog: string;
  readonly lockFile: string;
  /** Why the last start failed; absent after one that worked. */
  readonly failureFile: string;
  /** Who owns the demo data that was seeded here. */
  readonly demoFile: string;
}

export function stackHome(env: NodeJS.ProcessEnv): StackHome {
  const given = env['SANCTUM_HOME'];
  const folder = given === undefined || given === '' ? join(repositoryRoot, '.sanctum') : resolve(given);
  return {
    folder,
    secretsFile: join(folder, 'secrets.env'),
    logs: join(folder, 'logs'),
    run: join(folder, 'run'),
    tools: join(folder, 'tools'),
    redisData: join(folder, 'redis'),
    proxyFolder: join(folder, 'proxy'),
    proxyRunFile: join(folder, 'run/proxy.json'),
    proxyLog: join(folder, 'logs/proxy.log'),
    proxyAccessLog: join(folder, 'logs/proxy-access.log'),
    operationsLog: join(folder, 'logs/operations.log'),
    lockFile: join(folder, 'run/stack.lock'),
    failureFile: join(folder, 'run/last-failure.json'),
    demoFile: join(folder, 'run/demo-owner.json'),
  };
}

/** Run file and log of one instance of the platform; the first, or only, one has no number in their names. */
export function instanceFiles(home: StackHome, instance: number): { readonly runFile: string; readonly log: string } {
  const name = instance === 1 ? 'platform' : `platform-${instance}`;
  return { runFile: join(home.run, `${name}.json`), log: join(home.logs, `${name}.log`) };
}

/** Makes the folders of the stack. They may be entered by the user that PostgreSQL runs as; secrets are files of mode 0600. */
export function prepareHome(home: StackHome): void {
  mkdirSync(home.folder, { recursive: true });
  chmodSync(home.folder, 0o755);
  for (const folder of [home.logs, home.run]) mkdirSync(folder, { recursive: true });
}

/** PostgreSQL's data folder and log, wherever the user it runs as can reach them. */
export interface PostgresPlace {
  readonly dataDir: string;
  readonly logFile: string;
}

/**
 * Where PostgreSQL lives: in the stack's folder, or, when root runs a clone that nobody else can
 * enter (below /root, for example), in /var/lib/sanctum under a name made from the folder's. The
 * first answer is written down, so that a changed permission never makes the data seem to be gone.
 */
export function postgresPlace(home: StackHome): PostgresPlace {
  const known = knownPostgresPlace(home);
  if (known !== undefined) return known;
  const user = serverUser();
  const isReachable = user === undefined || canReach(user, home.folder, 'enter');
  const base = isReachable ? home.folder : join('/var/lib/sanctum', createHash('sha256').update(home.folder).digest('hex').slice(0, 16));
  mkdirSync(base, { recursive: true });
  const place = { dataDir: join(base, 'postgres'), logFile: join(isReachable ? home.logs : base, 'postgres.log') };
  writeJson(placeFile(home), place);
  return place;
}

/** The place that was written down by an earlier `up`; undefined before the first. Changes nothing. */
export function knownPostgresPlace(home: StackHome): PostgresPlace | undefined {
  const { dataDir, logFile } = readJsonObject(placeFile(home)) ?? {};
  if (typeof dataDir === 'string' && typeof logFile === 'string') return { dataDir, logFile };
  const usual = join(home.folder, 'postgres');
  return existsSync(usual) ? { dataDir: usual, logFile: join(home.logs, 'postgres.log') } : undefined;
}

function placeFile(home: StackHome): string {
  return join(dirname(home.lockFile), 'postgres-place.json');
}
