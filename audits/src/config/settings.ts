import { readFileSync } from 'node:fs';
import type { ConfigProblem } from '@sanctum/platform/config';
import type { RuledSettings } from '@sanctum/platform/production-rules';
import { CouldNotLook, defineCheck, fingerprint } from '../check.ts';
import type { Check, ConfigTarget, Finding } from '../check.ts';
import type { Severity } from '../words.ts';

/**
 * The text of a setting, from the environment or from the file that `<env>_FILE` names; undefined when it is not set.
 * Throws `CouldNotLook` when that file cannot be read.
 */
export function settingText({ env }: ConfigTarget, name: string): string | undefined {
  const direct = env[name]?.trim();
  if (direct !== undefined && direct !== '') return direct;
  const path = env[`${name}_FILE`]?.trim();
  if (path === undefined || path === '') return undefined;
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (cause) {
    throw new CouldNotLook(`${name}_FILE names a file that cannot be read here: ${path}.`, {
      fix: `Run the review as a user that may read ${path}, or where the platform runs.`,
      cause,
    });
  }
}

/** The text of a setting without which there is nothing to judge. Throws `CouldNotLook`. */
export function requiredSetting(config: ConfigTarget, name: string): string {
  const text = settingText(config, name);
  if (text !== undefined) return text;
  throw new CouldNotLook(`${name} is not known here.`, {
    fix: `Run the review with the environment of the platform (${name}=…), or on the machine where npx sanctum-ops up started it.`,
  });
}

/** The addresses of the stores. Throws `CouldNotLook` when one is missing or is no URL. */
export function storeUrls(config: ConfigTarget): Pick<RuledSettings, 'databaseUrl' | 'redisUrl'> {
  const databaseUrl = requiredSetting(config, 'DATABASE_URL');
  const redisUrl = settingText(config, 'REDIS_URL');
  for (const [name, url] of Object.entries({ DATABASE_URL: databaseUrl, REDIS_URL: redisUrl })) {
    if (url !== undefined && !URL.canParse(url)) {
      throw new CouldNotLook(`${name} is not a URL.`, { fix: `Correct it: npx sanctum-ops config explain ${name}` });
    }
  }
  return { databaseUrl, redisUrl };
}

/** Entries of a setting that is a list. */
export function listOf(config: ConfigTarget, name: string): string[] {
  const entries = (settingText(config, name) ?? '').split(',').map((entry) => entry.trim());
  return entries.filter((entry) => entry !== '');
}

/** Entries of ALLOWED_ORIGINS; what is no origin at all is refused at every start and left out here. */
export function allowedOrigins(config: ConfigTarget): string[] {
  return listOf(config, 'ALLOWED_ORIGINS').filter((entry) => entry === '*' || URL.canParse(entry));
}

/** A weakness that only the machine of one developer can feel. */
export function severityIn(config: ConfigTarget, severity: Severity): Severity {
  return config.profile === 'development' ? 'low' : severity;
}

/** What the platform's own start would refuse, as findings. Values of secrets are never part of them. */
export function findingsOf(
  problems: readonly ConfigProblem[],
  config: ConfigTarget,
  common: { readonly id: string; readonly severity: Severity; readonly risk: string; readonly impact: string },
): Finding[] {
  const refused = config.profile === 'development' ? ' Staging and production refuse to start with it.' : '';
  return problems.map(({ env, message, fix }) => ({
    subject: env,
    detail: `${env} ${message} (profile ${config.profile}).${refused}`,
    location: `environment, ${env}`,
    risk: common.risk,
    impact: common.impact,
    fix,
    severity: severityIn(config, common.severity),
    fingerprint: fingerprint(common.id, env, message),
  }));
}

interface RuleCheck extends Pick<Check, 'id' | 'title' | 'area' | 'severity' | 'requirements'> {
  readonly risk: string;
  readonly impact: string;
  /** What a rule of the platform's own start says about the settings; throws `CouldNotLook` where it cannot be asked. */
  readonly look: (config: ConfigTarget) => { readonly problems: readonly ConfigProblem[]; readonly examined: number };
}

/** Declares a check that judges the settings by a rule of the platform's own start. */
export function defineRuleCheck({ risk, impact, look, ...declaration }: RuleCheck): Check {
  return defineCheck({
    ...declaration,
    needs: ['config'],
    timeoutMs: 5_000,
    run: async ({ config }) => {
      const { problems, examined } = look(config);
      return { examined, findings: findingsOf(problems, config, { id: declaration.id, severity: declaration.severity, risk, impact }) };
    },
  });
}
