import { productionRules } from '@sanctum/platform/production-rules';
import { defineCheck } from '../../src/check.ts';
import { allowedOrigins, findingsOf } from '../../src/config/settings.ts';

const id = 'config/wildcard-origin';
const severity = 'critical';

export default defineCheck({
  id,
  title: 'Origins that let any site, or an unencrypted one, call the API',
  area: 'security',
  severity,
  needs: ['config'],
  requirements: ['CONF-02', 'SEC-09'],
  timeoutMs: 5_000,
  run: async ({ config }) => {
    const origins = allowedOrigins(config);
    const findings = findingsOf(productionRules.openOrigins({ allowedOrigins: origins }), config, {
      id,
      severity,
      risk: 'A page of a stranger, or one that somebody on the way can rewrite, calls the API from the browser of a reader.',
      impact: 'Whoever is signed in and opens that page.',
    });
    // The setting itself is looked at even when it lists nothing.
    return { examined: Math.max(1, origins.length), findings };
  },
});
