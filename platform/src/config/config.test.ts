import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ConfigError, type Environment, loadConfig, settings } from './config.ts';
import { renderConfigurationPage, renderEnvironmentExample } from './documentation.ts';

const strongSecret = 'k3Jd0vTq7Zx1Lw9Rb5Yc8Nf2Hs6Mg4PaUeXiQoWt';
const development: Environment = { DATABASE_URL: 'postgres://sanctum:x@127.0.0.1:5432/sanctum', JWT_SECRET: strongSecret };
const production: Environment = {
  SANCTUM_PROFILE: 'production',
  DATABASE_URL: 'postgres://sanctum:Zt8qLr2v@127.0.0.1:5432/sanctum',
  JWT_SECRET: strongSecret,
  PUBLIC_ORIGIN: 'https://sanctum.example',
};

function problemsOf(environment: Environment): readonly { env: string; message: string; fix: string }[] {
  try {
    loadConfig(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe('the configuration', () => {
  test('takes every default when only the required settings are given', () => {
    const config = loadConfig(development);
    expect(config).toMatchObject({
      profile: 'development',
      host: '127.0.0.1',
      port: 8375,
      accessTokenSeconds: 600,
      sessionDays: 30,
      redisUrl: undefined,
      allowedOrigins: [],
      shutdownPropagationMs: 0,
    });
  });

  test('lists everything that is wrong at once, each with a fix', () => {
    const problems = problemsOf({
      PORT: 'ninety',
      LOG_LEVEL: 'loud',
      JWT_SECRET: 'short',
      TRACE_SAMPLE_RATIO: '7',
      SANCTUM_PROFILE: 'prod',
      HEADERS_TIMEOUT_MS: '-1',
    });
    expect(problems.map((problem) => problem.env).sort()).toEqual([
      'DATABASE_URL',
      'HEADERS_TIMEOUT_MS',
      'JWT_SECRET',
      'LOG_LEVEL',
      'PORT',
      'SANCTUM_PROFILE',
      'TRACE_SAMPLE_RATIO',
    ]);
    for (const problem of problems) expect(problem.fix.length, problem.env).toBeGreaterThan(5);
  });

  test('names what production refuses beside what cannot be read', () => {
    const problems = problemsOf({ SANCTUM_PROFILE: 'production', ALLOWED_ORIGINS: '*', RATE_LIMIT_FACTOR: '5' });
    expect(problems.map((problem) => problem.env)).toEqual([
      'DATABASE_URL',
      'JWT_SECRET',
      'ALLOWED_ORIGINS',
      'PUBLIC_ORIGIN',
      'RATE_LIMIT_FACTOR',
    ]);
  });

  test('never shows a secret in a message', () => {
    const planted = 'hunter2-planted-secret';
    const error = new ConfigError(
      problemsOf({ JWT_SECRET: planted, DATABASE_URL: `mysql://root:${planted}@db/x`, REDIS_URL: `http://:${planted}@cache` }),
    );
    expect(error.problems.map((problem) => problem.env).sort()).toEqual(['DATABASE_URL', 'JWT_SECRET', 'REDIS_URL']);
    expect(error.message).not.toContain(planted);
  });

  test('counts an empty variable as not set', () => {
    expect(loadConfig({ ...development, PORT: '', REDIS_URL: ' ' })).toMatchObject({ port: 8375, redisUrl: undefined });
  });

  test.each([
    ['HEADERS_TIMEOUT_MS', { HEADERS_TIMEOUT_MS: '31000' }],
    ['DATABASE_LOCK_TIMEOUT_MS', { DATABASE_LOCK_TIMEOUT_MS: '6000' }],
    ['DATABASE_STATEMENT_TIMEOUT_MS', { DATABASE_STATEMENT_TIMEOUT_MS: '21000' }],
    ['SHUTDOWN_PROPAGATION_MS', { SHUTDOWN_PROPAGATION_MS: '8000', SHUTDOWN_TIMEOUT_MS: '8000' }],
  ])('refuses %s when it contradicts another setting', (env, change) => {
    expect(problemsOf({ ...development, ...change }).map((problem) => problem.env)).toEqual([env]);
  });
});

describe('secrets from files', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sanctum-config-'));

  test('are read without the final line break', () => {
    const path = join(folder, 'jwt');
    writeFileSync(path, `${strongSecret}\n`);
    expect(loadConfig({ DATABASE_URL: development['DATABASE_URL'], JWT_SECRET_FILE: path }).jwtSecret).toBe(strongSecret);
  });

  test('may not be given twice', () => {
    const path = join(folder, 'twice');
    writeFileSync(path, strongSecret);
    expect(problemsOf({ ...development, JWT_SECRET_FILE: path })).toEqual([
      expect.objectContaining({ env: 'JWT_SECRET', message: expect.stringContaining('JWT_SECRET_FILE') }),
    ]);
  });

  test('that cannot be read or are empty are named', () => {
    const empty = join(folder, 'empty');
    writeFileSync(empty, '\n');
    const problems = problemsOf({ DATABASE_URL_FILE: join(folder, 'missing'), JWT_SECRET_FILE: empty });
    expect(problems.map((problem) => problem.env)).toEqual(['DATABASE_URL_FILE', 'JWT_SECRET_FILE']);
  });

  test('are not offered for settings that are no secrets', () => {
    expect(loadConfig({ ...development, PORT_FILE: '/nowhere' }).port).toBe(8375);
  });
});

describe('the production profile', () => {
  test('accepts strong settings', () => {
    expect(
      loadConfig({ ...production, ALLOWED_ORIGINS: 'https://example.org', REDIS_URL: 'rediss://:Zt8qLr2v@cache.internal:6380' }).profile,
    ).toBe('production');
  });

  test.each<[string, Environment]>([
    ['JWT_SECRET', { JWT_SECRET: 'change_me_change_me_change_me_change_me' }],
    ['JWT_SECRET', { JWT_SECRET: 'this-is-my-very-secret-password-for-all' }],
    ['JWT_SECRET', { JWT_SECRET: 'a'.repeat(40) }],
    ['JWT_SECRET', { JWT_SECRET: 'abababababababababababababababababababab' }],
    ['ALLOWED_ORIGINS', { ALLOWED_ORIGINS: '*' }],
    ['ALLOWED_ORIGINS', { ALLOWED_ORIGINS: 'https://example.org, http://example.org' }],
    ['DATABASE_URL', { DATABASE_URL: 'postgres://sanctum:postgres@127.0.0.1/sanctum' }],
    ['DATABASE_URL', { DATABASE_URL: 'postgres://sanctum@127.0.0.1/sanctum' }],
    ['DATABASE_URL', { DATABASE_URL: 'postgres://otter:otter@127.0.0.1/sanctum' }],
    ['DATABASE_URL', { DATABASE_URL: 'postgres://sanctum:Zt8qLr2v@db.internal/sanctum' }],
    ['DATABASE_URL', { DATABASE_URL: 'postgres://sanctum:Zt8qLr2v@db.internal/sanctum?sslmode=prefer' }],
    ['REDIS_URL', { REDIS_URL: 'redis://:Zt8qLr2v@cache.internal:6379' }],
    ['REDIS_URL', { REDIS_URL: 'rediss://cache.internal:6379' }],
    ['OPERATIONS_TOKEN', { OPERATIONS_TOKEN: 'change-me-change-me-change-me-change-me' }],
    ['PUBLIC_ORIGIN', { PUBLIC_ORIGIN: '' }],
    ['PUBLIC_ORIGIN', { PUBLIC_ORIGIN: 'http://sanctum.example' }],
    ['ALLOWED_HOSTS', { ALLOWED_HOSTS: '*' }],
    ['TRUST_PROXY', { TRUST_PROXY: '0.0.0.0/0' }],
    ['TRUST_PROXY', { TRUST_PROXY: '10.0.0.1, ::/0' }],
    ['TRUST_PROXY', { TRUST_PROXY: '0.0.0.0/1,128.0.0.0/1' }],
  ])('refuses a weak %s: %o', (env, change) => {
    expect(problemsOf({ ...production, ...change }).map((problem) => problem.env)).toEqual([env]);
    expect(problemsOf({ ...production, ...change, SANCTUM_PROFILE: 'staging' }).map((problem) => problem.env)).toEqual([env]);
    expect(problemsOf({ ...production, ...change, SANCTUM_PROFILE: 'development' })).toEqual([]);
  });

  test.each<Environment>([
    { DATABASE_URL: 'postgres://sanctum:Zt8qLr2v@db.internal/sanctum?sslmode=verify-full' },
    { DATABASE_URL: 'postgres://sanctum:Zt8qLr2v@localhost/sanctum?host=/run/postgresql' },
    { ALLOWED_ORIGINS: 'http://localhost:5173' },
    { JWT_SECRET: Buffer.from(Array.from({ length: 48 }, (_, index) => (index * 73 + 19) % 251)).toString('base64') },
  ])('accepts %o', (change) => {
    expect(problemsOf({ ...production, ...change })).toEqual([]);
  });
});

describe('the documents made from the settings', () => {
  const root = join(import.meta.dirname, '../../..');

  test('.env.example is current: else run node scripts/generate-config-docs.ts', () => {
    expect(readFileSync(join(root, '.env.example'), 'utf8')).toBe(renderEnvironmentExample());
  });

  test('docs/configuration.md is current: else run node scripts/generate-config-docs.ts', () => {
    expect(readFileSync(join(root, 'docs/configuration.md'), 'utf8')).toBe(renderConfigurationPage());
  });

  test('.env.example names every setting, and production refuses its secrets', () => {
    const text = renderEnvironmentExample();
    for (const { env } of Object.values(settings)) expect(text).toContain(`${env}=`);
    const copied = Object.fromEntries(
      [...text.matchAll(/^([A-Z_]+)=(.*)$/gm)].map((match) => [match[1] ?? '', match[2]?.replaceAll('"', '')]),
    );
    expect(problemsOf({ ...copied, SANCTUM_PROFILE: 'production' }).map((problem) => problem.env)).toEqual([
      'JWT_SECRET',
      'PUBLIC_ORIGIN',
      'DATABASE_URL',
    ]);
  });
});

describe('the environment', () => {
  test('is read in one place: no other file of the platform mentions process.env', async () => {
    const source = join(import.meta.dirname, '..');
    const { globSync } = await import('node:fs');
    const sources = globSync('**/*.ts', { cwd: source }).filter((path) => !path.endsWith('.test.ts'));
    expect(sources.length).toBeGreaterThan(20);
    const readers = sources.filter((path) => /process\.env\b/.test(readFileSync(join(source, path), 'utf8')));
    // main.ts hands the environment over, unread.
    expect(readers).toEqual(['main.ts']);
  });
});
