import { defineCheck, fingerprint } from '../../src/check.ts';
import type { Finding } from '../../src/check.ts';
import { ask } from '../../src/http/answers.ts';

/** Origins that no operator allows: a stranger (.invalid is reserved), an opaque one, and neighbours that a careless comparison lets in. */
function foreignOrigins(baseUrl: string): string[] {
  const { protocol, host } = new URL(baseUrl);
  return ['https://stranger.invalid', 'null', `${protocol}//${host}.stranger.invalid`, `${protocol}//stranger-${host}`];
}

const paths = ['/api/feeds/popular', '/api/auth/sign-in'] as const;

export default defineCheck({
  id: 'http/cors-open',
  title: 'API that foreign pages may read',
  area: 'security',
  severity: 'critical',
  needs: ['http'],
  requirements: ['SEC-09', 'REV-04'],
  timeoutMs: 20_000,
  run: async ({ http }) => {
    const origins = foreignOrigins(http.baseUrl);
    const seen: Seen[] = [];
    for (const origin of origins) {
      for (const path of paths) {
        const isRead = path === '/api/feeds/popular';
        const headers = { origin, ...(isRead ? {} : { 'access-control-request-method': 'POST' }) };
        const answer = await ask(http, path, { method: isRead ? 'GET' : 'OPTIONS', headers });
        const allowed = answer.headers.get('access-control-allow-origin');
        if (allowed !== '*' && allowed !== origin) continue;
        const withCredentials = allowed !== '*' && answer.headers.get('access-control-allow-credentials') === 'true';
        seen.push({ route: `${isRead ? 'GET' : 'OPTIONS'} ${path}`, allowed, withCredentials });
      }
    }
    const perOrigin = Map.groupBy(seen, ({ allowed }) => allowed);
    return {
      examined: origins.length * paths.length,
      findings: [...perOrigin.values()].map((answers) => finding(answers, new URL(http.baseUrl).host)),
    };
  },
});

interface Seen {
  readonly route: string;
  /** What the answer allows: one origin, or every one (which browsers never combine with credentials). */
  readonly allowed: string;
  readonly withCredentials: boolean;
}

function finding(seen: readonly Seen[], ownHost: string): Finding {
  const allowed = seen[0]?.allowed ?? '';
  const routes = [...new Set(seen.map(({ route }) => route))].join(' and ');
  const withCredentials = seen.some((one) => one.withCredentials);
  return {
    subject: allowed === '*' ? 'every origin' : `origin ${allowed}`,
    detail: `${routes} answer a foreign origin with access-control-allow-origin: ${allowed}${withCredentials ? ', with credentials' : ''}.`,
    location: routes,
    risk: withCredentials
      ? 'A page of a stranger acts in the name of whoever is signed in.'
      : 'A page of a stranger reads the API from the network of its reader.',
    impact: 'Everybody who opens that page in the browser in which they use Sanctum.',
    fix: 'List the exact origins, or none: ALLOWED_ORIGINS=   (then restart; npx sanctum-ops config explain ALLOWED_ORIGINS)',
    severity: withCredentials ? 'critical' : 'high',
    // The platform's own host differs between two instances with the same fault.
    fingerprint: fingerprint('http/cors-open', allowed.replace(ownHost, '<own host>')),
  };
}
