/**
 * The settings catalogue: every environment variable the platform reads, declared once. It serves validation at
 * start-up, `sanctum-ops config check|explain`, `.env.example` and docs/configuration.md.
 */
import { isIP } from 'node:net';
import { z } from 'zod';
import { profiles } from './profiles.ts';
import { fileSettings } from './file-settings.ts';
import { defineSetting, urlOf } from './setting.ts';

const wholeNumber = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d+$/, 'is not a whole number')
    .transform(Number)
    .pipe(z.number().min(min, `is below ${min}`).max(max, `is above ${max}`));

const ratio = z
  .string()
  .regex(/^\d*\.?\d+$/, 'is not a number from 0 to 1')
  .transform(Number)
  .pipe(z.number().min(0).max(1, 'is above 1'));

const flag = z.enum(['true', 'false'], 'is neither true nor false').transform((text) => text === 'true');

const listOf = (item: z.ZodType<string, string>) =>
  z
    .string()
    .transform((text) =>
      text
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== ''),
    )
    .pipe(z.array(item));

const origin = z
  .string()
  .refine(
    (text) => text === '*' || (/^https?:\/\//.test(text) && URL.parse(text)?.origin === text),
    'holds an entry that is not an origin like https://example.org (no path, no trailing slash)',
  );

/** What proxy-addr calls the private ranges. */
const networkWords: ReadonlySet<string> = new Set(['loopback', 'linklocal', 'uniquelocal']);

const network = z.string().refine((text) => {
  if (networkWords.has(text)) return true;
  const [address = '', bits] = text.split('/');
  const most = isIP(address) === 4 ? 32 : 128;
  return isIP(address) !== 0 && (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= most));
}, 'holds an entry that is not an address or a range like 10.0.0.0/8');

const hostName = z
  .string()
  .refine(
    (text) => text === '*' || /^([a-z0-9]([a-z0-9_-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9_-]*[a-z0-9])?)*|\[[0-9a-f:.]+\])$/i.test(text),
    'holds an entry that is not a host name like sanctum.example (no scheme, no port)',
  );

export const settings = {
  profile: defineSetting({
    env: 'SANCTUM_PROFILE',
    group: 'server',
    unit: profiles.join(' | '),
    description: 'Which rules hold. Production refuses weak settings.',
    schema: z.enum(profiles, `is not one of ${profiles.join(', ')}`),
    default: 'development',
  }),
  host: defineSetting({
    env: 'HOST',
    group: 'server',
    unit: 'address',
    description: 'Address to listen on.',
    schema: z.string().min(1),
    default: '127.0.0.1',
  }),
  port: defineSetting({
    env: 'PORT',
    group: 'server',
    unit: 'port; 0 = any free one',
    description: 'Port to listen on.',
    schema: wholeNumber(0, 65_535),
    default: '8375',
  }),
  trustProxy: defineSetting({
    env: 'TRUST_PROXY',
    group: 'server',
    unit: 'addresses or CIDR ranges, comma-separated',
    description: 'Proxies whose X-Forwarded-For is believed. Empty: none, the peer address counts.',
    schema: listOf(network),
    default: '',
    refuses: 'a range that holds every address: anybody could choose the address that is counted',
  }),
  databaseUrl: defineSetting({
    env: 'DATABASE_URL',
    group: 'database',
    unit: 'postgres:// URL',
    description: 'The PostgreSQL primary.',
    schema: urlOf('postgres:', 'postgresql:'),
    secret: true,
    refuses: 'a default or empty password; a server elsewhere without sslmode=verify-full or verify-ca',
    example: 'postgres://sanctum:CHANGE_ME@127.0.0.1:5432/sanctum',
  }),
  databasePoolMax: defineSetting({
    env: 'DATABASE_POOL_MAX',
    group: 'database',
    unit: 'connections',
    description: 'Most connections of one process for requests and jobs; two more are kept for readiness and revocations.',
    schema: wholeNumber(1, 500),
    default: '10',
  }),
  databaseWaitersMax: defineSetting({
    env: 'DATABASE_WAITERS_MAX',
    group: 'database',
    unit: 'requests',
    description: 'Most requests that wait for a connection, each kind a part of them; more of its kind get 503 at once.',
    schema: wholeNumber(0, 10_000),
    default: '400',
  }),
  databaseBulkheads: defineSetting({
    env: 'DATABASE_BULKHEADS',
    group: 'database',
    unit: 'true | false',
    description: 'Whether each kind of query has its share of the connections. False shows in a drill what that is good for.',
    schema: flag,
    default: 'true',
  }),
  databaseConnectTimeoutMs: defineSetting({
    env: 'DATABASE_CONNECT_TIMEOUT_MS',
    group: 'database',
    unit: 'ms',
    description: 'Longest wait for a connection.',
    schema: wholeNumber(50, 60_000),
    default: '2000',
  }),
  databaseStatementTimeoutMs: defineSetting({
    env: 'DATABASE_STATEMENT_TIMEOUT_MS',
    group: 'database',
    unit: 'ms',
    description: 'Longest statement, enforced by the server.',
    schema: wholeNumber(50, 600_000),
    default: '5000',
  }),
  databaseLockTimeoutMs: defineSetting({
    env: 'DATABASE_LOCK_TIMEOUT_MS',
    group: 'database',
    unit: 'ms',
    description: 'Longest wait for a lock.',
    schema: wholeNumber(50, 600_000),
    default: '2000',
  }),
  redisUrl: defineSetting({
    env: 'REDIS_URL',
    group: 'redis',
    unit: 'redis:// or rediss:// URL',
    description: 'Redis, shared by all instances. Left out: the in-process store, for one instance only.',
    schema: urlOf('redis:', 'rediss:'),
    optional: true,
    secret: true,
    refuses: 'a server elsewhere without TLS (rediss://) or without a password',
    example: 'redis://:CHANGE_ME@127.0.0.1:6379',
  }),
  jwtSecret: defineSetting({
    env: 'JWT_SECRET',
    group: 'identity',
    unit: 'text of at least 32 characters',
    description: 'Root secret: the keys for access tokens, refresh tokens and cursors are derived from it.',
    schema: z.string().min(32, 'is shorter than 32 characters'),
    secret: true,
    refuses: 'a placeholder or a secret that is easy to guess',
    example: 'CHANGE_ME: openssl rand -base64 48',
  }),
  allowedOrigins: defineSetting({
    env: 'ALLOWED_ORIGINS',
    group: 'identity',
    unit: 'origins, comma-separated',
    description: "Other origins whose pages may call the API with credentials. The web app's own origin needs no entry.",
    schema: listOf(origin),
    default: '',
    refuses: '"*" in every profile but development; http:// origins elsewhere',
  }),
  publicOrigin: defineSetting({
    env: 'PUBLIC_ORIGIN',
    group: 'identity',
    unit: 'origin',
    description: 'Where readers reach the platform. Its host is answered, and its pages are the own ones; no header says otherwise.',
    schema: origin.refine((text) => text !== '*', 'is not one origin like https://sanctum.example'),
    optional: true,
    refuses: 'neither this nor ALLOWED_HOSTS set; http:// elsewhere',
    example: 'https://sanctum.example',
  }),
  allowedHosts: defineSetting({
    env: 'ALLOWED_HOSTS',
    group: 'identity',
    unit: 'host names without ports, comma-separated',
    description: 'Further names under which requests are answered; others get 421. /health, /ready and /metrics are answered under any.',
    schema: listOf(hostName),
    default: '',
    refuses: '"*" in every profile but development',
  }),
  operationsToken: defineSetting({
    env: 'OPERATIONS_TOKEN',
    group: 'identity',
    unit: 'text of at least 32 characters',
    description:
      'Bearer token for /metrics and the parts of /ready; the status of /ready is public. Left out: open in development, closed elsewhere.',
    schema: z.string().min(32, 'is shorter than 32 characters'),
    optional: true,
    secret: true,
    refuses: 'a placeholder or a token that is easy to guess',
    example: 'CHANGE_ME: openssl rand -base64 48',
  }),
  accessTokenSeconds: defineSetting({
    env: 'ACCESS_TOKEN_SECONDS',
    group: 'identity',
    unit: 's',
    description: 'Life of an access token.',
    schema: wholeNumber(30, 3600),
    default: '600',
  }),
  sessionDays: defineSetting({
    env: 'SESSION_DAYS',
    group: 'identity',
    unit: 'days',
    description: 'Life of a session after its last refresh.',
    schema: wholeNumber(1, 365),
    default: '30',
  }),
  requestTimeoutMs: defineSetting({
    env: 'REQUEST_TIMEOUT_MS',
    group: 'http',
    unit: 'ms',
    description: 'Longest time for a whole request to arrive.',
    schema: wholeNumber(100, 600_000),
    default: '30000',
  }),
  headersTimeoutMs: defineSetting({
    env: 'HEADERS_TIMEOUT_MS',
    group: 'http',
    unit: 'ms',
    description: 'Longest time for the headers to arrive.',
    schema: wholeNumber(100, 600_000),
    default: '15000',
  }),
  keepAliveTimeoutMs: defineSetting({
    env: 'KEEP_ALIVE_TIMEOUT_MS',
    group: 'http',
    unit: 'ms',
    description: 'How long an idle connection is kept; has to exceed the idle time of the proxy in front.',
    schema: wholeNumber(1000, 600_000),
    default: '72000',
  }),
  handlerTimeoutMs: defineSetting({
    env: 'HANDLER_TIMEOUT_MS',
    group: 'http',
    unit: 'ms',
    description: 'Longest time to answer; then 503.',
    schema: wholeNumber(100, 600_000),
    default: '20000',
  }),
  bodyLimitBytes: defineSetting({
    env: 'BODY_LIMIT_BYTES',
    group: 'http',
    unit: 'bytes',
    description: 'Largest body of a route that declares none.',
    schema: wholeNumber(1024, 10_485_760),
    default: '65536',
  }),
  rateLimitFactor: defineSetting({
    env: 'RATE_LIMIT_FACTOR',
    group: 'http',
    unit: 'factor',
    description: 'Multiplies every rate limit, for load tests that send everything from one address.',
    schema: wholeNumber(1, 1_000_000),
    default: '1',
    refuses: 'any value but 1',
  }),
  eventLoopDelayMaxMs: defineSetting({
    env: 'EVENT_LOOP_DELAY_MAX_MS',
    group: 'http',
    unit: 'ms',
    description: 'Above this delay of the event loop new requests get 503.',
    schema: wholeNumber(20, 60_000),
    default: '500',
  }),
  jobsEnabled: defineSetting({
    env: 'JOBS_ENABLED',
    group: 'jobs',
    unit: 'true | false',
    description: 'Whether this process also runs background jobs.',
    schema: flag,
    default: 'true',
  }),
  jobsConcurrency: defineSetting({
    env: 'JOBS_CONCURRENCY',
    group: 'jobs',
    unit: 'jobs',
    description: 'Jobs that run at the same time in this process.',
    schema: wholeNumber(1, 50),
    default: '2',
  }),
  connectionsMax: defineSetting({
    env: 'WS_CONNECTIONS_MAX',
    group: 'realtime',
    unit: 'connections',
    description: 'Most live connections of one process; more are refused with 503. Each takes a file descriptor.',
    schema: wholeNumber(1, 200_000),
    default: '15000',
  }),
  drainMs: defineSetting({
    env: 'WS_DRAIN_MS',
    group: 'realtime',
    unit: 'ms',
    description: 'Time over which a shutdown sends live connections away, in waves.',
    schema: wholeNumber(0, 30_000),
    default: { development: '500', staging: '2000', production: '2500' },
  }),
  logLevel: defineSetting({
    env: 'LOG_LEVEL',
    group: 'telemetry',
    unit: 'trace | debug | info | warn | error | fatal | silent',
    description: 'Least severe line that is written.',
    schema: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], 'is not a log level'),
    default: 'info',
  }),
  ...fileSettings,
  otelEndpoint: defineSetting({
    env: 'OTEL_EXPORTER_OTLP_ENDPOINT',
    group: 'telemetry',
    unit: 'http(s):// URL',
    description: 'Collector for traces (OTLP over HTTP). Left out: no tracing.',
    schema: urlOf('http:', 'https:'),
    optional: true,
    example: 'http://127.0.0.1:4318',
  }),
  traceSampleRatio: defineSetting({
    env: 'TRACE_SAMPLE_RATIO',
    group: 'telemetry',
    unit: '0–1',
    description: 'Share of requests that are traced.',
    schema: ratio,
    default: { development: '1', staging: '1', production: '0.1' },
  }),
  shutdownPropagationMs: defineSetting({
    env: 'SHUTDOWN_PROPAGATION_MS',
    group: 'shutdown',
    unit: 'ms',
    description: 'Time between "not ready" and closing the port, for load balancers to notice.',
    schema: wholeNumber(0, 8000),
    default: { development: '0', staging: '3000', production: '5000' },
  }),
  shutdownTimeoutMs: defineSetting({
    env: 'SHUTDOWN_TIMEOUT_MS',
    group: 'shutdown',
    unit: 'ms',
    description: 'Hard limit of a shutdown.',
    schema: wholeNumber(500, 60_000),
    default: '10000',
  }),
};

export type Settings = typeof settings;
export type SettingKey = keyof Settings;

type ValueOf<S> = S extends { readonly schema: z.ZodType<infer T, string> } ? T : never;
type OptionalKey =
  | 'redisUrl'
  | 'otelEndpoint'
  | 'publicOrigin'
  | 'operationsToken'
  | 'filesS3Endpoint'
  | 'filesS3AccessKey'
  | 'filesS3SecretKey';

export type Config = {
  readonly [K in Exclude<SettingKey, OptionalKey>]: ValueOf<Settings[K]>;
} & { readonly [K in OptionalKey]: ValueOf<Settings[K]> | undefined };
