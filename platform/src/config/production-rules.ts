/** What staging and production refuse: settings that work, and let strangers in. */
import type { Config } from './settings.ts';

export interface ConfigProblem {
  /** Environment variable. */
  readonly env: string;
  /** What is wrong; never holds the value of a secret. */
  readonly message: string;
  /** What to type or change. */
  readonly fix: string;
}

const entropyBitsMin = 96;
const placeholder = /change.?me|secret|password|example|placeholder|replace|your.?|default|sanctum|test|xxxx|1234|abcd|todo/i;
const defaultPasswords: ReadonlySet<string> = new Set([
  '',
  'postgres',
  'password',
  'sanctum',
  'admin',
  'root',
  'secret',
  'changeme',
  'change_me',
  'example',
  '123456',
  '12345678',
  'postgresql',
  'test',
  'default',
  'redis',
  'foobared',
]);

/** What the rules read of a configuration, so that an audit can judge settings that were never started with. */
export type RuledSettings = Pick<
  Config,
  | 'jwtSecret'
  | 'operationsToken'
  | 'allowedOrigins'
  | 'publicOrigin'
  | 'allowedHosts'
  | 'trustProxy'
  | 'rateLimitFactor'
  | 'databaseUrl'
  | 'redisUrl'
>;

/**
 * All rules broken by a configuration of the staging or production profile; none in development. A rule whose setting could
 * not be read is left out, so that the others still speak beside what was unreadable.
 */
export function brokenProductionRules(config: Partial<RuledSettings> & { readonly profile?: Config['profile'] }): ConfigProblem[] {
  if (config.profile === undefined || config.profile === 'development') return [];
  const { jwtSecret, operationsToken, allowedOrigins, publicOrigin, allowedHosts, trustProxy, rateLimitFactor, databaseUrl, redisUrl } =
    config;
  return [
    ...(jwtSecret === undefined ? [] : productionRules.weakSecret({ jwtSecret, operationsToken })),
    ...(allowedOrigins === undefined ? [] : productionRules.openOrigins({ allowedOrigins })),
    ...(allowedHosts === undefined ? [] : productionRules.anyHost({ publicOrigin, allowedHosts })),
    ...(trustProxy === undefined ? [] : productionRules.anyProxy({ trustProxy })),
    ...(rateLimitFactor === undefined ? [] : productionRules.raisedRateLimits({ rateLimitFactor })),
    ...(databaseUrl === undefined ? [] : productionRules.defaultPasswords({ databaseUrl, redisUrl })),
    ...(databaseUrl === undefined ? [] : productionRules.unencryptedStores({ databaseUrl, redisUrl })),
  ];
}

/** Shannon entropy of a text in bits: characters × entropy of their distribution. */
export function entropyBits(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= count * Math.log2(count / text.length);
  return bits;
}

function secretProblems({ jwtSecret, operationsToken }: Pick<Config, 'jwtSecret' | 'operationsToken'>): ConfigProblem[] {
  return [
    ...weaknesses('JWT_SECRET', jwtSecret),
    ...(operationsToken === undefined ? [] : weaknesses('OPERATIONS_TOKEN', operationsToken)),
  ];
}

function weaknesses(env: string, secret: string): ConfigProblem[] {
  const fix = 'Generate one: openssl rand -base64 48';
  // A long random text may contain a word by chance; a placeholder is mostly the word.
  const looksWritten = placeholder.test(secret) && !/[0-9]/.test(secret.replace(placeholder, ''));
  if (looksWritten || /change.?me/i.test(secret)) return [{ env, message: 'looks like a placeholder', fix }];
  if (entropyBits(secret) < entropyBitsMin) return [{ env, message: `is too easy to guess (under ${entropyBitsMin} bits)`, fix }];
  return [];
}

function originProblems(config: Pick<Config, 'allowedOrigins'>): ConfigProblem[] {
  return config.allowedOrigins.flatMap((origin): ConfigProblem[] => {
    if (origin === '*') {
      return [
        {
          env: 'ALLOWED_ORIGINS',
          message: 'holds "*": any site could act in the name of a signed-in reader',
          fix: 'List the exact origins, or leave it empty: ALLOWED_ORIGINS=',
        },
      ];
    }
    const { protocol, hostname } = new URL(origin);
    if (protocol === 'https:' || isLoopback(hostname)) return [];
    return [
      { env: 'ALLOWED_ORIGINS', message: `holds ${origin}, which is not encrypted`, fix: `Use ${origin.replace('http:', 'https:')}` },
    ];
  });
}

function hostProblems({ publicOrigin, allowedHosts }: Pick<Config, 'publicOrigin' | 'allowedHosts'>): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  if (publicOrigin === undefined && allowedHosts.length === 0) {
    problems.push({
      env: 'PUBLIC_ORIGIN',
      message: 'is not set: requests for any host would be answered, a name that an attacker points here included',
      fix: 'Set it to the address that readers use: PUBLIC_ORIGIN=https://sanctum.example',
    });
  }
  if (allowedHosts.includes('*')) {
    problems.push({
      env: 'ALLOWED_HOSTS',
      message: 'holds "*": requests for any host would be answered',
      fix: 'List the names, or leave it empty: ALLOWED_HOSTS=',
    });
  }
  const origin = publicOrigin === undefined ? undefined : new URL(publicOrigin);
  if (origin !== undefined && origin.protocol !== 'https:' && !isLoopback(origin.hostname)) {
    problems.push({ env: 'PUBLIC_ORIGIN', message: 'is not encrypted', fix: `Use ${origin.origin.replace('http:', 'https:')}` });
  }
  return problems;
}

function proxyProblems({ trustProxy }: Pick<Config, 'trustProxy'>): ConfigProblem[] {
  if (!trustProxy.some(isWide)) return [];
  return [
    {
      env: 'TRUST_PROXY',
      message: 'holds a range of strangers: whoever sends X-Forwarded-For chooses the address that is counted against them',
      fix: 'Name the proxies alone: TRUST_PROXY=10.0.0.7, or the range that only they have',
    },
  ];
}

/** Wider than any private range: two halves hold every address as well as one whole. */
function isWide(range: string): boolean {
  const [address = '', bits] = range.split('/');
  return bits !== undefined && Number(bits) < (address.includes(':') ? 7 : 8);
}

function limitProblems(config: Pick<Config, 'rateLimitFactor'>): ConfigProblem[] {
  if (config.rateLimitFactor === 1) return [];
  return [
    {
      env: 'RATE_LIMIT_FACTOR',
      message: `multiplies every rate limit by ${config.rateLimitFactor}`,
      fix: 'Leave it out: it is for load tests',
    },
  ];
}

function passwordProblems(config: Pick<Config, 'databaseUrl' | 'redisUrl'>): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  const database = new URL(config.databaseUrl);
  if (isDefaultPassword(database)) {
    problems.push({
      env: 'DATABASE_URL',
      message: 'has no password or a well-known one',
      fix: `Set another: alter role ${database.username || 'sanctum'} password '…'; then change DATABASE_URL`,
    });
  }
  const redis = config.redisUrl === undefined ? undefined : new URL(config.redisUrl);
  if (redis !== undefined && !isLoopback(redis.hostname) && isDefaultPassword(redis)) {
    problems.push({
      env: 'REDIS_URL',
      message: 'has no password or a well-known one',
      fix: 'Set requirepass or an ACL user on the server; then rediss://user:password@host',
    });
  }
  return problems;
}

function encryptionProblems(config: Pick<Config, 'databaseUrl' | 'redisUrl'>): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  const database = new URL(config.databaseUrl);
  const mode = database.searchParams.get('sslmode');
  const socket = database.searchParams.get('host')?.startsWith('/') === true;
  if (!socket && !isLoopback(database.hostname) && mode !== 'verify-full' && mode !== 'verify-ca') {
    problems.push({
      env: 'DATABASE_URL',
      message: `reaches ${database.hostname} without proven TLS`,
      fix: 'Append ?sslmode=verify-full (and sslrootcert=<file> for an authority of your own)',
    });
  }
  const redis = config.redisUrl === undefined ? undefined : new URL(config.redisUrl);
  if (redis !== undefined && !isLoopback(redis.hostname) && redis.protocol !== 'rediss:') {
    problems.push({ env: 'REDIS_URL', message: `reaches ${redis.hostname} without TLS`, fix: 'Use rediss://' });
  }
  return problems;
}

/** One rule per readiness check of the group `config`: what the start refuses and what a review finds are the same. */
export const productionRules = {
  weakSecret: secretProblems,
  openOrigins: originProblems,
  anyHost: hostProblems,
  anyProxy: proxyProblems,
  raisedRateLimits: limitProblems,
  defaultPasswords: passwordProblems,
  unencryptedStores: encryptionProblems,
} as const satisfies Record<string, (config: RuledSettings) => ConfigProblem[]>;

function isDefaultPassword(url: URL): boolean {
  const password = decodeURIComponent(url.password).toLowerCase();
  return defaultPasswords.has(password) || password === decodeURIComponent(url.username).toLowerCase();
}

function isLoopback(hostname: string): boolean {
  return hostname === '' || hostname === 'localhost' || hostname === '[::1]' || hostname === '::1' || hostname.startsWith('127.');
}
