import { settings } from '@sanctum/platform/config';
import { CouldNotLook, defineCheck, fingerprint } from '../../src/check.ts';
import type { Finding } from '../../src/check.ts';

const environmentFile = /(^|\/)(\.env(\.[^/]+)?|secrets\.env)$/;
const exampleFile = /(^|\/)\.env\.(example|sample|template)$/;
/** Lines of a .gitignore that keep `.env` out, wherever it lies. */
const ignoreLines: ReadonlySet<string> = new Set(['.env', '.env*', '**/.env', '**/.env*', '*.env']);
const secretNames: ReadonlySet<string> = new Set(
  Object.values(settings)
    .filter((setting) => setting.secret)
    .map((setting) => setting.env),
);
const placeholder = /change.?me|placeholder|example|your[-_ ]|<[^>]*>|\.\.\.|…|^x+$/i;
const plainPasswords: ReadonlySet<string> = new Set(['', 'password', 'secret', 'user', 'postgres']);

export default defineCheck({
  id: 'config/env-committed',
  title: 'Environment file in the repository',
  area: 'security',
  severity: 'critical',
  needs: ['repository'],
  requirements: ['SEC-10', 'REV-04'],
  timeoutMs: 15_000,
  run: async ({ repository }) => {
    const paths = await repository.tracked();
    if (paths.length === 0) {
      throw new CouldNotLook(`git lists no file in ${repository.root}.`, { fix: 'Run the review in a checkout that has files.' });
    }
    const examples = paths.filter((path) => exampleFile.test(path));
    const committed = paths.filter((path) => environmentFile.test(path) && !exampleFile.test(path));
    const real = await Promise.all(examples.map(async (path) => realValues(path, await repository.read(path))));
    const ignore = paths.includes('.gitignore') ? await repository.read('.gitignore') : '';
    return { examined: paths.length, findings: [...committed.map(committedFinding), ...real.flat(), ...notIgnored(ignore)] };
  },
});

function committedFinding(path: string): Finding {
  return {
    subject: path,
    detail: `${path} is tracked by git, or would be added with the next "git add".`,
    location: path,
    risk: 'Everyone who can read the repository, now or in its history, holds what stands in it.',
    impact: 'The database, Redis and every account behind the secrets.',
    fix: `git rm --cached --ignore-unmatch -- '${path}' && echo '${path}' >> .gitignore\n# then change every secret that stood in it: the history keeps them`,
    fingerprint: fingerprint('config/env-committed', path),
  };
}

/** Values of secrets in an example that are no placeholders; commented lines count. */
function realValues(path: string, text: string): Finding[] {
  return text.split('\n').flatMap((line, index) => {
    const [, name = '', raw = ''] = /^\s*#?\s*([A-Z][A-Z0-9_]+)\s*=(.*)$/.exec(line) ?? [];
    if (!secretNames.has(name) && !/(SECRET|PASSWORD|TOKEN|API_KEY|PRIVATE_KEY)$/.test(name)) return [];
    if (!isReal(raw.trim().replace(/^(['"])(.*)\1$/, '$2'))) return [];
    return [
      {
        subject: `${path}: ${name}`,
        detail: `Line ${index + 1} gives ${name} a value that is no placeholder.`,
        location: `${path}:${index + 1}`,
        risk: 'If it is in use anywhere, everyone who can read the repository holds it; if not, it will be, by everyone who copies the file.',
        impact: 'Whatever the secret opens.',
        fix: `Write a placeholder (${name}=CHANGE_ME), and change the secret where it is in use: the history keeps it.`,
        fingerprint: fingerprint('config/env-committed', path, name),
      },
    ];
  });
}

function isReal(value: string): boolean {
  if (value === '' || placeholder.test(value)) return false;
  const url = URL.parse(value);
  return url === null || !value.includes('://') || !plainPasswords.has(decodeURIComponent(url.password).toLowerCase());
}

function notIgnored(text: string): Finding[] {
  const lines = text.split('\n').map((line) => line.trim());
  const ignoredAt = lines.findLastIndex((line) => ignoreLines.has(line));
  const allowedAgainAt = lines.lastIndexOf('!.env');
  if (ignoredAt > allowedAgainAt) return [];
  return [
    {
      subject: '.gitignore',
      detail: '.gitignore does not keep .env out.',
      location: '.gitignore',
      risk: 'The next "git add ." commits the secrets of whoever makes a .env.',
      impact: 'The database, Redis and every account behind the secrets.',
      fix: `printf '%s\\n' '.env' '.env.*' '!.env.example' >> .gitignore`,
      severity: 'high',
      fingerprint: fingerprint('config/env-committed', '.gitignore'),
    },
  ];
}
