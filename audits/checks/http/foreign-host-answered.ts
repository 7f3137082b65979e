import { defineCheck, fingerprint } from '../../src/check.ts';
import { statusAsHost } from '../../src/http/as-host.ts';

const id = 'http/foreign-host-answered';
/** Reserved for names that no one has: RFC 2606. */
const foreignHost = 'foreign-host.invalid';

export default defineCheck({
  id,
  title: 'Request for a foreign host answered',
  area: 'security',
  severity: 'high',
  needs: ['http', 'config'],
  requirements: ['SEC-09'],
  timeoutMs: 10_000,
  run: async ({ http, config }) => {
    const status = await statusAsHost(http, '/api/feeds/popular', foreignHost);
    // A developer reaches the machine under many names.
    if (config.profile === 'development' || status < 200 || status > 299) return { examined: 1, findings: [] };
    return {
      examined: 1,
      findings: [
        {
          subject: `host ${foreignHost}`,
          detail: `GET /api/feeds/popular with the Host ${foreignHost} answers ${status} as if it were the own name.`,
          location: 'GET /api/feeds/popular',
          risk: 'A name that an attacker points at this address is answered: its pages read what is meant for readers behind a firewall, and caches keep answers under it.',
          impact: 'Readers who follow such a name.',
          fix: 'Start the platform with SANCTUM_PROFILE=production and PUBLIC_ORIGIN=https://…; the proxy in front has to pass the Host on as it came, and not write its own.',
          fingerprint: fingerprint(id, 'host'),
        },
      ],
    };
  },
});
