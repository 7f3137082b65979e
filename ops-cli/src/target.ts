import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { settings } from '@sanctum/platform/config';
import { misspelledSettings } from '@sanctum/platform/misspelled-settings';
import type { Profile } from '@sanctum/platform/profiles';
import { isSameProcess } from '@sanctum/platform/local/processes';
import { usageError } from './cli-error.ts';
import { addressSchemes, requireUrl } from './option-values.ts';
import { repositoryRoot, stackHome } from './stack/home.ts';
import { readPlatformRuns } from './stack/platform-process.ts';
import { frontOf } from './stack/proxy.ts';

/** Addresses as flags, environment or configuration file gave them. */
export interface TargetAddresses {
  readonly databaseUrl?: string | undefined;
  readonly redisUrl?: string | undefined;
  readonly url?: string | undefined;
}

/** What a command looks at. An address that nobody gave stays undefined: it is then named as not configured. */
export interface Target extends TargetAddresses {
  readonly root: string;
  /** The settings that the platform was started with, overlaid by those of this environment. */
  readonly config: { readonly profile: Profile; readonly env: Readonly<Record<string, string | undefined>> } | undefined;
  /** Where the addresses came from, for the reader. */
  readonly source: 'flags' | 'environment' | 'sanctum-ops.config.json' | 'local stack' | 'nowhere';
}

const configFileName = 'sanctum-ops.config.json';
const addressKeys = ['databaseUrl', 'redisUrl', 'url'] as const;

/**
 * Finds what to look at: flags, then DATABASE_URL, REDIS_URL and SANCTUM_URL, then
 * sanctum-ops.config.json (with `targets.<name>` for --target), then the local stack. The local stack
 * fills gaps only when nothing else was given, so that two systems are never mixed in one report.
 * @throws CliError (exit 2) for an unknown target name or a configuration file that cannot be used
 */
export function resolveTarget(given: TargetAddresses & { target?: string | undefined }, env: NodeJS.ProcessEnv, cwd: string): Target {
  const home = stackHome(env);
  const run = readPlatformRuns(home).find(isSameProcess);
  const url = frontOf(home)?.url;
  const local: TargetAddresses = run === undefined ? {} : { databaseUrl: run.databaseUrl, redisUrl: run.redisUrl, url };
  const fromFile = readConfigFile(cwd, given.target);
  // A named target is a question about that system: the environment of this shell does not answer it.
  const fromEnvironment = given.target === undefined ? addressesOfEnvironment(env) : {};
  const layers = [given, fromEnvironment, fromFile];
  const chosen = Object.fromEntries(
    addressKeys.map((key) => [key, layers.map((layer) => layer[key]).find((value) => value !== undefined)]),
  ) as TargetAddresses;
  const isGiven = addressKeys.some((key) => chosen[key] !== undefined);
  const isLocal = run !== undefined && addressKeys.every((key) => chosen[key] === undefined || chosen[key] === local[key]);
  const source = !isGiven ? (run === undefined ? 'nowhere' : 'local stack') : sourceOf(given, fromEnvironment);
  return { ...(isLocal ? local : chosen), root: repositoryRoot, config: configTarget(isLocal ? run.settings : undefined, env), source };
}

function sourceOf(given: TargetAddresses, environment: TargetAddresses): Target['source'] {
  if (addressKeys.some((key) => given[key] !== undefined)) return 'flags';
  return addressKeys.some((key) => environment[key] !== undefined) ? 'environment' : configFileName;
}

function addressesOfEnvironment(env: NodeJS.ProcessEnv): TargetAddresses {
  const address = (key: (typeof addressKeys)[number], name: string) => {
    const text = env[name];
    return text === undefined || text === '' ? undefined : requireUrl(text, `the variable ${name}`, `${name}=`, addressSchemes[key]);
  };
  return {
    databaseUrl: address('databaseUrl', 'DATABASE_URL'),
    redisUrl: address('redisUrl', 'REDIS_URL'),
    url: address('url', 'SANCTUM_URL'),
  };
}

function configTarget(started: Readonly<Record<string, string>> | undefined, env: NodeJS.ProcessEnv): Target['config'] {
  const here = platformSettings(env);
  const merged = { ...started, ...here };
  if (Object.keys(merged).length === 0) return undefined;
  const profile = merged['SANCTUM_PROFILE'];
  return { profile: profile === 'production' || profile === 'staging' ? profile : 'development', env: merged };
}

/** The variables of an environment that the platform reads, secrets included, and those that were probably meant to be. */
export function platformSettings(env: NodeJS.ProcessEnv): Record<string, string> {
  const declared = Object.values(settings).flatMap((setting) => [setting.env, `${setting.env}_FILE`]);
  const names = [...declared, ...misspelledSettings(env).map(({ given }) => given)];
  return Object.fromEntries(names.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])));
}

function readConfigFile(cwd: string, target: string | undefined): TargetAddresses {
  const file = [join(cwd, configFileName), join(repositoryRoot, configFileName)].find((path) => existsSync(path));
  if (file === undefined) {
    if (target === undefined) return {};
    throw usageError(
      `--target ${target} is unknown: there is no ${configFileName}`,
      `write one with { "targets": { "${target}": { "url": "https://…" } } }`,
    );
  }
  const document = parse(file);
  if (target === undefined) return addressesOf(document, file, ['targets']);
  const targets = document['targets'];
  const entry = typeof targets === 'object' && targets !== null ? (targets as Record<string, unknown>)[target] : undefined;
  if (typeof entry === 'object' && entry !== null) return addressesOf(entry as Record<string, unknown>, file, []);
  const known = typeof targets === 'object' && targets !== null ? Object.keys(targets).join(', ') : 'none';
  throw usageError(`${file} has no target "${target}"`, `use one of its targets: ${known}`);
}

function parse(file: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw usageError(`${file} is no JSON document: ${cause instanceof Error ? cause.message : String(cause)}`, 'correct it, or remove it');
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw usageError(`${file} holds no JSON object`, 'write { "url": "http://127.0.0.1:8375" }');
}

function addressesOf(document: Record<string, unknown>, file: string, others: readonly string[]): TargetAddresses {
  for (const [key, value] of Object.entries(document)) {
    if (others.includes(key)) continue;
    const isKnown = addressKeys.some((name) => name === key) && typeof value === 'string';
    if (!isKnown)
      throw usageError(`${file} holds "${key}", which is not a text of ${addressKeys.join(', ')}`, 'correct or remove that entry');
    requireUrl(value, `"${key}" in ${file}`, `"${key}": "`, addressSchemes[key as (typeof addressKeys)[number]]);
  }
  return document as TargetAddresses;
}
