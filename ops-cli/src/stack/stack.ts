import { createEmbeddedPostgres } from '@sanctum/platform/local/postgres';
import type { EmbeddedPostgres } from '@sanctum/platform/local/postgres-types';
import { createLocalRedis, findRedisServer } from '@sanctum/platform/local/redis';
import type { LocalRedis } from '@sanctum/platform/local/redis';
import type { PostgresPlace, StackHome } from './home.ts';
import type { Secrets } from './secrets.ts';

/** The role and the database that the platform works with; the role is no superuser. */
export const platformRole = 'sanctum';
export const platformDatabase = 'sanctum';

const databaseSettings = {
  max_connections: '100',
  shared_buffers: '128MB',
  log_lock_waits: 'on',
  idle_in_transaction_session_timeout: '60s',
} as const;

export function stackPostgres(place: PostgresPlace, secrets: Secrets): EmbeddedPostgres {
  return createEmbeddedPostgres({
    dataDir: place.dataDir,
    logFile: place.logFile,
    password: secrets.SANCTUM_POSTGRES_PASSWORD,
    settings: databaseSettings,
  });
}

export function stackRedis(home: StackHome, secrets: Secrets, env: NodeJS.ProcessEnv): LocalRedis & { readonly isInstalled: boolean } {
  const server = findRedisServer({ path: env['PATH'], toolsDir: home.tools });
  const redis = createLocalRedis({
    server,
    dataDir: home.redisData,
    logFile: `${home.logs}/redis.log`,
    password: secrets.SANCTUM_REDIS_PASSWORD,
  });
  return { ...redis, isInstalled: server !== undefined };
}

/** The platform's URL for the embedded database at a port that is known. */
export function platformDatabaseUrl(superuserUrl: string, secrets: Secrets): string {
  const url = new URL(superuserUrl);
  url.username = platformRole;
  url.password = encodeURIComponent(secrets.SANCTUM_DATABASE_PASSWORD);
  url.pathname = `/${platformDatabase}`;
  return url.href;
}

/** The superuser's URL of the embedded PostgreSQL; undefined before its first start. */
export function administratorUrl(place: PostgresPlace, secrets: Secrets): string | undefined {
  return stackPostgres(place, secrets).url();
}
