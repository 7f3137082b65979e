import { productionRules } from '@sanctum/platform/production-rules';
import { defineRuleCheck, listOf } from '../../src/config/settings.ts';

export default defineRuleCheck({
  id: 'config/any-proxy',
  title: 'Strangers trusted as proxies',
  area: 'security',
  severity: 'high',
  requirements: ['CONF-02', 'SEC-06'],
  risk: 'Whoever sends X-Forwarded-For chooses the address that limits count and sessions show, and X-Forwarded-Proto what counts as encrypted.',
  impact: 'Limits per address hold nobody back: passwords can be guessed from one machine.',
  look: (config) => {
    const trustProxy = listOf(config, 'TRUST_PROXY');
    // The setting itself is looked at even when it lists nothing.
    return { examined: Math.max(1, trustProxy.length), problems: productionRules.anyProxy({ trustProxy }) };
  },
});
