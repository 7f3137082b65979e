import { ConfigError, loadConfig, settings } from '@sanctum/platform/config';
import type { SettingDeclaration } from '@sanctum/platform/config';
import { usageError } from '../../cli-error.ts';
import type { Handler } from '../../context.ts';
import { exitCodes } from '../../exit-codes.ts';
import { nearest } from '../../nearest.ts';
import { resolveTarget } from '../../target.ts';
import type { SettingView } from './config.document.ts';
import { renderConfigCheck, renderSettings } from './config.screen.ts';

export const checkConfig: Handler<{ profile: string | undefined }> = async ({ output, env, cwd }, { profile }) => {
  const known = resolveTarget({}, env, cwd).config?.env ?? {};
  const environment = { ...known, ...(profile === undefined ? {} : { SANCTUM_PROFILE: profile }) };
  const problems = problemsOf(environment);
  const document = { profile: environment['SANCTUM_PROFILE'] ?? 'development', examined: Object.keys(settings).length, problems };
  if (output.isJson) output.json('sanctum.config-check/1', document);
  else output.data(renderConfigCheck(document, output.paint));
  return problems.length === 0 ? exitCodes.fine : exitCodes.usage;
};

function problemsOf(environment: Readonly<Record<string, string | undefined>>): ConfigError['problems'] {
  try {
    loadConfig(environment);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

export const explainConfig: Handler<{ key: string | undefined }> = async ({ output, env, cwd }, { key }) => {
  const all: readonly SettingDeclaration<unknown>[] = Object.values(settings);
  const name = key?.toUpperCase();
  const chosen = name === undefined ? all : all.filter((setting) => setting.env === name);
  if (chosen.length === 0) {
    const near = nearest(
      name ?? '',
      all.map((setting) => setting.env),
    );
    throw usageError(
      `there is no setting "${key ?? ''}"`,
      near === undefined ? 'list them: npx sanctum-ops config explain' : `did you mean: npx sanctum-ops config explain ${near}`,
    );
  }
  const known = resolveTarget({}, env, cwd).config?.env ?? {};
  const views = chosen.map((setting) => viewOf(setting, known[setting.env]));
  if (output.isJson) output.json('sanctum.settings/1', { settings: views });
  else output.data(renderSettings(views, output.paint));
  return exitCodes.fine;
};

function viewOf(setting: SettingDeclaration<unknown>, value: string | undefined): SettingView {
  const isSecret = setting.secret === true;
  return {
    env: setting.env,
    group: setting.group,
    description: setting.description,
    unit: setting.unit,
    default: setting.default ?? null,
    required: setting.default === undefined && setting.optional !== true,
    secret: isSecret,
    refuses: setting.refuses ?? null,
    value: value === undefined ? null : isSecret ? '(secret)' : value,
  };
}
