import { defineCheck, fingerprint } from '../../src/check.ts';
import type { Finding } from '../../src/check.ts';
import { ask } from '../../src/http/answers.ts';

const paths = ['/', '/api/feeds/popular'] as const;
/** Half a year; below, a browser forgets between two visits. */
const maxAgeSecondsMin = 15_768_000;

export default defineCheck({
  id: 'http/no-hsts',
  title: 'Browsers may come without TLS',
  area: 'security',
  severity: 'high',
  needs: ['http', 'config'],
  requirements: ['SEC-09'],
  timeoutMs: 10_000,
  run: async ({ http, config }) => {
    const isPlainDevelopment = config.profile === 'development' && !http.baseUrl.startsWith('https:');
    const findings: Finding[] = [];
    for (const path of paths) {
      const { headers } = await ask(http, path);
      const value = headers.get('strict-transport-security');
      const maxAgeSeconds = Number(/max-age=(\d+)/.exec(value ?? '')?.[1] ?? 0);
      if (isPlainDevelopment && value !== null) findings.push(lockedOut(path, value));
      if (!isPlainDevelopment && maxAgeSeconds < maxAgeSecondsMin) findings.push(missing(path, value, config.profile));
    }
    return { examined: paths.length, findings };
  },
});

function missing(path: string, value: string | null, profile: string): Finding {
  return {
    subject: `GET ${path}: strict-transport-security`,
    detail: `The answer to GET ${path} (profile ${profile}) ${value === null ? 'has no' : `says "${value}" in`} Strict-Transport-Security.`,
    location: `GET ${path}`,
    risk: 'Somebody on the way keeps a browser on http and reads what it sends.',
    impact: 'Readers on networks that they do not own.',
    fix: 'Set SANCTUM_PROFILE=production and restart; when a proxy in front takes the header away, let it through.',
    fingerprint: fingerprint('http/no-hsts', path),
  };
}

function lockedOut(path: string, value: string): Finding {
  return {
    subject: `GET ${path}: strict-transport-security`,
    detail: `A development server without TLS sends Strict-Transport-Security (${value}).`,
    location: `GET ${path}`,
    risk: 'Browsers that reach it through TLS once refuse its http address for the time given.',
    impact: 'Developers who cannot open their own server any more.',
    fix: 'Remove the header from whatever adds it in development.',
    severity: 'low',
    fingerprint: fingerprint('http/no-hsts', path, 'development'),
  };
}
