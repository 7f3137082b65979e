/** `.env.example` and docs/configuration.md, computed from the settings catalogue. */
import { type Profile, profiles } from './profiles.ts';
import { defaultOf, type SettingDeclaration } from './setting.ts';
import { settings } from './settings.ts';

const groupTitles: Readonly<Record<SettingDeclaration<unknown>['group'], string>> = {
  server: 'Server',
  database: 'PostgreSQL',
  redis: 'Redis',
  identity: 'Identity and origins',
  http: 'HTTP limits and timeouts',
  realtime: 'Live connections',
  jobs: 'Background jobs',
  files: 'Files',
  telemetry: 'Logs and traces',
  shutdown: 'Shutdown',
};

const all: readonly SettingDeclaration<unknown>[] = Object.values(settings);

function byGroup(): [string, SettingDeclaration<unknown>[]][] {
  return Object.entries(groupTitles).map(([group, title]) => [title, all.filter((setting) => setting.group === group)]);
}

/** Placeholders only: the production profile refuses every secret that stands here. */
export function renderEnvironmentExample(): string {
  const sections = byGroup().map(([title, members]) => [`# --- ${title} ---`, ...members.flatMap(exampleLines)].join('\n'));
  const head =
    '# Every setting of the platform. Generated from platform/src/config/settings.ts by scripts/generate-config-docs.ts.\n# Commented lines show the default. Never commit a copy of this file that holds real values.\n';
  return `${head}\n${sections.join('\n\n')}\n`;
}

function exampleLines(setting: SettingDeclaration<unknown>): string[] {
  const value = setting.example ?? defaultOf(setting, 'development') ?? '';
  const isRequired = setting.optional !== true && setting.default === undefined;
  const assignment = `${setting.env}=${/[\s#:]/.test(value) && !value.includes('://') ? `"${value}"` : value}`;
  return [`# ${setting.description} (${setting.unit})`, isRequired ? assignment : `#${assignment}`];
}

export function renderConfigurationPage(): string {
  const sections = byGroup().map(
    ([title, members]) =>
      `## ${title}\n\n| variable | meaning | unit | default |\n| --- | --- | --- | --- |\n${members.map(tableRow).join('\n')}`,
  );
  const refusals = all
    .filter((setting) => setting.refuses !== undefined)
    .map((setting) => `- \`${setting.env}\`: ${setting.refuses ?? ''}.`);
  return `# Configuration

Generated from \`platform/src/config/settings.ts\` by \`node scripts/generate-config-docs.ts\`; a test keeps it current.

The platform is configured by the environment alone and reads it once, at the start. Everything that is wrong is
listed at once, with its fix, and the process ends with exit code 2. \`npx sanctum-ops config check\` says the same without
starting anything; \`npx sanctum-ops config explain <VARIABLE>\` explains one setting. An empty variable counts as not set.

Settings marked *secret* never appear in a message or a log. Each may be given as a file instead: \`<VARIABLE>_FILE\` names
a file that holds the value alone.

## Profiles

\`SANCTUM_PROFILE\` is \`development\` (default), \`staging\` or \`production\`. Staging and production refuse:

${refusals.join('\n')}

They also set HSTS and the \`__Host-\` cookies, which need https in front.

${sections.join('\n\n')}
`;
}

function tableRow(setting: SettingDeclaration<unknown>): string {
  const secret = setting.secret === true ? ' *(secret)*' : '';
  return `| \`${setting.env}\` | ${cell(setting.description)}${secret} | ${cell(setting.unit)} | ${defaultCell(setting)} |`;
}

function defaultCell(setting: SettingDeclaration<unknown>): string {
  if (setting.optional === true) return 'off';
  const values = profiles.map((profile: Profile) => defaultOf(setting, profile));
  if (values[0] === undefined) return '**required**';
  const show = (value: string | undefined) => (value === undefined || value === '' ? 'empty' : `\`${value}\``);
  if (values.every((value) => value === values[0])) return show(values[0]);
  return profiles.map((profile, index) => `${profile}: ${show(values[index])}`).join('; ');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
