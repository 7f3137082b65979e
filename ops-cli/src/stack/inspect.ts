import type { PostgresStatus } from '@sanctum/platform/local/postgres-types';
import type { RedisStatus } from '@sanctum/platform/local/redis-status';
import { knownPostgresPlace } from './home.ts';
import type { PostgresPlace, StackHome } from './home.ts';
import { readPlatformRuns, stateOf } from './platform-process.ts';
import type { PlatformRun, PlatformState } from './platform-process.ts';
import { lookAtProxy } from './proxy.ts';
import type { ProxyState } from './proxy.ts';
import { readSecrets } from './secrets.ts';
import { platformDatabaseUrl, stackPostgres, stackRedis } from './stack.ts';

export interface StackView {
  readonly place: PostgresPlace | undefined;
  /** Every instance that was started and not stopped since, in their order. */
  readonly platforms: readonly (PlatformState & { readonly run: PlatformRun })[];
  readonly proxy: ProxyState;
  readonly postgres: Omit<PostgresStatus, 'dataDir' | 'logFile'> & Partial<Pick<PostgresStatus, 'dataDir' | 'logFile'>>;
  readonly redis: RedisStatus;
}

/** Looks at every part of the local stack at once; starts and changes nothing. */
export async function inspectStack(home: StackHome, env: NodeJS.ProcessEnv): Promise<StackView> {
  const secrets = readSecrets(home.secretsFile);
  const place = knownPostgresPlace(home);
  const [platforms, proxy, postgres, redis] = await Promise.all([
    Promise.all(readPlatformRuns(home).map(async (run) => ({ ...(await stateOf(run)), run }))),
    lookAtProxy(home),
    secrets === undefined || place === undefined ? { state: 'absent' as const } : stackPostgres(place, secrets).status(),
    secrets === undefined ? { state: 'absent' as const, logFile: `${home.logs}/redis.log` } : stackRedis(home, secrets, env).status(),
  ]);
  return { place, platforms, proxy, postgres, redis };
}

/** The platform's database of the local stack, running or not; undefined before the first start. */
export function localDatabaseUrl(home: StackHome): string | undefined {
  const [run] = readPlatformRuns(home);
  if (run !== undefined) return run.databaseUrl;
  const secrets = readSecrets(home.secretsFile);
  const place = knownPostgresPlace(home);
  if (secrets === undefined || place === undefined) return undefined;
  const superuserUrl = stackPostgres(place, secrets).url();
  return superuserUrl === undefined ? undefined : platformDatabaseUrl(superuserUrl, secrets);
}
