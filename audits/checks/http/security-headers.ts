import { defineCheck, fingerprint } from '../../src/check.ts';
import type { Finding } from '../../src/check.ts';
import { ask } from '../../src/http/answers.ts';

/** One path per kind of answer: a page, an API list, an error, an operations route. */
const paths = ['/', '/api/feeds/popular', '/api/no-such-route', '/health'] as const;
const source = 'platform/src/http/server/security-headers.ts';

interface Expectation {
  readonly header: string;
  /** What is wrong with the value, or undefined. */
  readonly fault: (value: string | null, all: Headers) => string | undefined;
  readonly risk: string;
  readonly wanted: string;
}

const expectations: readonly Expectation[] = [
  {
    header: 'content-security-policy',
    fault: policyFault,
    risk: 'A script that somebody smuggles into a page runs with the rights of its reader.',
    wanted: "default-src 'none'; …; frame-ancestors 'none', without 'unsafe-inline' or 'unsafe-eval' for scripts",
  },
  {
    header: 'x-content-type-options',
    fault: (value) => (value?.toLowerCase() === 'nosniff' ? undefined : missing(value)),
    risk: 'A browser guesses that an uploaded text is a script.',
    wanted: 'nosniff',
  },
  {
    header: 'x-frame-options',
    fault: (value, all) => (/^(deny|sameorigin)$/i.test(value ?? '') || frameAncestors(all) ? undefined : missing(value)),
    risk: 'A foreign page shows ours in a frame and lets readers click what they do not see.',
    wanted: 'DENY',
  },
  {
    header: 'referrer-policy',
    fault: (value) =>
      /^(no-referrer|same-origin|strict-origin(-when-cross-origin)?|origin)$/i.test(value ?? '') ? undefined : missing(value),
    risk: 'Addresses of private pages reach other sites.',
    wanted: 'same-origin',
  },
];

export default defineCheck({
  id: 'http/security-headers',
  title: 'Answer without the security headers',
  area: 'security',
  severity: 'high',
  needs: ['http'],
  requirements: ['SEC-09'],
  timeoutMs: 20_000,
  run: async ({ http }) => {
    const findings: Finding[] = [];
    for (const path of paths) {
      const { headers } = await ask(http, path, { headers: { accept: path === '/' ? 'text/html' : 'application/json' } });
      for (const expectation of expectations) {
        const fault = expectation.fault(headers.get(expectation.header), headers);
        if (fault !== undefined) findings.push(finding(path, expectation, fault));
      }
    }
    return { examined: paths.length * expectations.length, findings };
  },
});

function finding(path: string, { header, risk, wanted }: Expectation, fault: string): Finding {
  return {
    subject: `GET ${path}: ${header}`,
    detail: `The answer to GET ${path} ${fault} ${header}.`,
    location: `GET ${path}`,
    risk,
    impact: 'Readers of the web app.',
    fix: `Send "${header}: ${wanted}" (${source}); when a proxy in front takes it away, let it through. See: curl -sI "$SANCTUM_URL${path}"`,
    fingerprint: fingerprint('http/security-headers', path, header),
  };
}

function missing(value: string | null): string {
  return value === null ? 'has no' : `says "${value}" in`;
}

function frameAncestors(headers: Headers): boolean {
  return /frame-ancestors\s+('none'|'self')/.test(headers.get('content-security-policy') ?? '');
}

function policyFault(value: string | null): string | undefined {
  if (value === null) return missing(value);
  const directives = new Map(value.split(';').map((part) => [part.trim().split(/\s+/)[0]?.toLowerCase() ?? '', part.trim().toLowerCase()]));
  const scripts = directives.get('script-src') ?? directives.get('default-src');
  if (scripts === undefined) return 'limits no scripts in';
  const open = /'unsafe-inline'|'unsafe-eval'|(^|\s)(\*|https?:|data:)(\s|$)/.exec(scripts)?.[0]?.trim();
  if (open !== undefined && !/'nonce-|'strict-dynamic'/.test(scripts)) return `allows ${open} for scripts in`;
  return undefined;
}
