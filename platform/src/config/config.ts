/**
 * The only place where the environment is read. Everything wrong is listed at once, each with its fix, and no
 * value of a secret is ever part of a message.
 */
import { readFileSync } from 'node:fs';
import { brokenProductionRules, type ConfigProblem } from './production-rules.ts';
import { type Profile, profiles } from './profiles.ts';
import { defaultOf, type SettingDeclaration } from './setting.ts';
import { type Config, settings } from './settings.ts';

export type { ConfigProblem } from './production-rules.ts';
export type { SettingDeclaration } from './setting.ts';
export { type Config, settings } from './settings.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

const secretFileBytesMax = 16_384;

/** The environment does not describe a server that may start. `problems` holds all there is to change. */
export class ConfigError extends Error {
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    const lines = problems.map((problem) => `  ${problem.env} ${problem.message}\n    fix: ${problem.fix}`);
    super(`The configuration has ${problems.length === 1 ? 'a problem' : `${problems.length} problems`}:\n${lines.join('\n')}`);
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

/** Reads and checks every setting. Throws ConfigError with all problems. */
export function loadConfig(environment: Environment): Config {
  const problems: ConfigProblem[] = [];
  const profile = profileOf(environment);
  const values: Record<string, unknown> = {};
  for (const [key, setting] of Object.entries(settings)) {
    values[key] = readSetting(setting as SettingDeclaration<unknown>, environment, profile, problems);
  }
  // Unreadable settings are undefined here: the rules leave them out, and no comparison with undefined holds.
  const config = values as unknown as Config;
  problems.push(...brokenProductionRules(config), ...inconsistencies(config));
  if (problems.length > 0) throw new ConfigError(problems);
  return config;
}

function profileOf(environment: Environment): Profile {
  const given = environment[settings.profile.env];
  return profiles.find((profile) => profile === given) ?? 'development';
}

function readSetting(setting: SettingDeclaration<unknown>, environment: Environment, profile: Profile, problems: ConfigProblem[]): unknown {
  const given = readText(setting, environment, problems);
  if (given === unreadable) return undefined;
  const text = given ?? defaultOf(setting, profile);
  if (text === undefined) {
    if (setting.optional !== true)
      problems.push({
        env: setting.env,
        message: 'is not set',
        fix: `Set it (${setting.unit}); sanctum-ops config explain ${setting.env} says more`,
      });
    return undefined;
  }
  const result = setting.schema.safeParse(text);
  if (result.success) return result.data;
  for (const message of new Set(result.error.issues.map((issue) => issue.message))) {
    const shown = setting.secret === true ? '' : ` (it is "${text.slice(0, 80)}")`;
    problems.push({ env: setting.env, message: `${message}${shown}`, fix: `Give ${setting.unit}${exampleOf(setting, profile)}` });
  }
  return undefined;
}

function exampleOf(setting: SettingDeclaration<unknown>, profile: Profile): string {
  const example = setting.example ?? defaultOf(setting, profile);
  return example === undefined || example === '' ? '' : `, for example ${example}`;
}

const unreadable = Symbol('unreadable');

/** The text of a setting; an empty variable counts as not set. */
function readText(
  setting: SettingDeclaration<unknown>,
  environment: Environment,
  problems: ConfigProblem[],
): string | undefined | typeof unreadable {
  const direct = nonEmpty(environment[setting.env]);
  if (setting.secret !== true) return direct;
  const fileVariable = `${setting.env}_FILE`;
  const path = nonEmpty(environment[fileVariable]);
  if (path === undefined) return direct;
  if (direct !== undefined) {
    problems.push({ env: setting.env, message: `is set, and so is ${fileVariable}`, fix: 'Remove one of the two' });
    return unreadable;
  }
  try {
    const text = readFileSync(path, 'utf8').trim();
    if (text.length > 0 && text.length <= secretFileBytesMax) return text;
    problems.push({
      env: fileVariable,
      message: `names a file that is empty or larger than ${secretFileBytesMax} bytes: ${path}`,
      fix: 'Write the secret alone into that file',
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    problems.push({
      env: fileVariable,
      message: `names a file that cannot be read: ${reason}`,
      fix: 'Correct the path or its permissions',
    });
  }
  return unreadable;
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === undefined || text.trim() === '' ? undefined : text.trim();
}

/** Settings that are fine alone and wrong together. */
function inconsistencies(config: Config): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  if (config.headersTimeoutMs > config.requestTimeoutMs) {
    problems.push({
      env: 'HEADERS_TIMEOUT_MS',
      message: `exceeds REQUEST_TIMEOUT_MS (${config.requestTimeoutMs})`,
      fix: `Give at most ${config.requestTimeoutMs}`,
    });
  }
  if (config.databaseLockTimeoutMs > config.databaseStatementTimeoutMs) {
    problems.push({
      env: 'DATABASE_LOCK_TIMEOUT_MS',
      message: `exceeds DATABASE_STATEMENT_TIMEOUT_MS (${config.databaseStatementTimeoutMs})`,
      fix: `Give at most ${config.databaseStatementTimeoutMs}`,
    });
  }
  if (config.databaseStatementTimeoutMs > config.handlerTimeoutMs) {
    problems.push({
      env: 'DATABASE_STATEMENT_TIMEOUT_MS',
      message: `exceeds HANDLER_TIMEOUT_MS (${config.handlerTimeoutMs}): the caller would be gone first`,
      fix: `Give at most ${config.handlerTimeoutMs}`,
    });
  }
  if (config.shutdownPropagationMs >= config.shutdownTimeoutMs) {
    problems.push({
      env: 'SHUTDOWN_PROPAGATION_MS',
      message: `leaves no time to finish within SHUTDOWN_TIMEOUT_MS (${config.shutdownTimeoutMs})`,
      fix: `Give less than ${config.shutdownTimeoutMs}`,
    });
  }
  return problems;
}
