import { defineCheck, fingerprint } from '../../src/check.ts';
import type { Finding, HttpTarget } from '../../src/check.ts';
import { allowedOrigins } from '../../src/config/settings.ts';
import { ask, jsonObject } from '../../src/http/answers.ts';

export default defineCheck({
  id: 'http/declared-origin-refused',
  title: 'Origin that should call the API and cannot',
  area: 'critical-paths',
  severity: 'high',
  needs: ['http', 'config'],
  requirements: ['SEC-09', 'SEC-04'],
  timeoutMs: 20_000,
  run: async ({ http, config }) => {
    const declared = allowedOrigins(config).filter((origin) => origin !== '*');
    const findings = await ownOriginFindings(http);
    for (const origin of declared) {
      const answer = await ask(http, '/api/feeds/popular', {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'GET' },
      });
      if (answer.headers.get('access-control-allow-origin') !== origin) findings.push(declaredFinding(origin));
    }
    return { examined: 1 + declared.length, findings };
  },
});

/** A change that the web app asks for from a browser without Fetch Metadata; it carries no credentials and changes nothing. */
async function ownOriginFindings(http: HttpTarget): Promise<Finding[]> {
  const answer = await ask(http, '/api/auth/refresh', {
    method: 'POST',
    headers: { origin: new URL(http.baseUrl).origin, 'content-type': 'application/json' },
    body: '{}',
  });
  if (jsonObject(answer.text)?.['code'] !== 'request.cross_site') return [];
  return [
    {
      subject: `origin ${http.baseUrl}`,
      detail: `A change asked for from the web app's own origin (${http.baseUrl}) is refused as one of another site.`,
      location: 'POST /api/auth/refresh',
      risk: 'The platform does not know under which address it is reached: usually a proxy in front that it does not trust.',
      impact: 'Readers with browsers that send no Sec-Fetch-Site are signed out and cannot write.',
      fix: 'Name the proxy (TRUST_PROXY=10.0.0.0/8) and let it send Host and X-Forwarded-Proto, then restart.',
      fingerprint: fingerprint('http/declared-origin-refused', 'own'),
    },
  ];
}

function declaredFinding(origin: string): Finding {
  return {
    subject: `origin ${origin}`,
    detail: `ALLOWED_ORIGINS names ${origin}, and the running platform does not allow it.`,
    location: 'OPTIONS /api/feeds/popular',
    risk: 'The platform runs with other settings than those that were given to this review.',
    impact: `Everybody who uses the pages of ${origin}.`,
    fix: 'Restart the platform with the settings that it should have: npx sanctum-ops down && npx sanctum-ops up',
    fingerprint: fingerprint('http/declared-origin-refused', origin),
  };
}
