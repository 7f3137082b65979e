import { productionRules } from '@sanctum/platform/production-rules';
import { allowedOrigins, defineRuleCheck } from '../../src/config/settings.ts';

export default defineRuleCheck({
  id: 'config/wildcard-origin',
  title: 'Origins that let any site, or an unencrypted one, call the API',
  area: 'security',
  severity: 'critical',
  requirements: ['CONF-02', 'SEC-09'],
  risk: 'A page of a stranger, or one that somebody on the way can rewrite, calls the API from the browser of a reader.',
  impact: 'Whoever is signed in and opens that page.',
  look: (config) => {
    const origins = allowedOrigins(config);
    // The setting itself is looked at even when it lists nothing.
    return { examined: Math.max(1, origins.length), problems: productionRules.openOrigins({ allowedOrigins: origins }) };
  },
});
