import type { Paint } from '../../output.ts';
import type { ConfigCheckDocument, SettingView } from './config.document.ts';

export function renderConfigCheck({ profile, examined, problems }: ConfigCheckDocument, paint: Paint): string {
  if (problems.length === 0) return `${paint.green('fine')}  ${examined} settings, profile ${profile}`;
  const lines = problems.flatMap((problem) => [`${paint.red('✗')} ${paint.bold(problem.env)} ${problem.message}`, `  fix: ${problem.fix}`]);
  return [...lines, '', `${problems.length} of ${examined} settings, profile ${profile}: the platform would refuse to start`].join('\n');
}

export function renderSettings(settings: readonly SettingView[], paint: Paint): string {
  return settings
    .map((setting) => {
      const rows = [
        `${paint.bold(setting.env)}  ${setting.description}`,
        `  form     ${setting.unit}`,
        `  default  ${defaultText(setting)}`,
        setting.refuses === null ? undefined : `  refused  ${setting.refuses} (staging, production)`,
        setting.secret ? `  secret   never shown; may come from a file: ${setting.env}_FILE` : undefined,
        setting.value === null ? undefined : `  now      ${setting.value}`,
      ];
      return rows.filter((row) => row !== undefined).join('\n');
    })
    .join('\n\n');
}

function defaultText({ default: value, required }: SettingView): string {
  if (required) return 'none: it must be set';
  if (value === null) return 'not set';
  if (typeof value === 'string') return value === '' ? 'empty' : value;
  return Object.entries(value as Readonly<Record<string, string>>)
    .map(([profile, text]) => `${profile}: ${text}`)
    .join(', ');
}
