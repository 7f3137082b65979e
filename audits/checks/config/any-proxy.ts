import { productionRules } from '@sanctum/platform/production-rules';
import { defineCheck } from '../../src/check.ts';
import { findingsOf, listOf } from '../../src/config/settings.ts';

const id = 'config/any-proxy';
const severity = 'high';

export default defineCheck({
  id,
  title: 'Strangers trusted as proxies',
  area: 'security',
  severity,
  needs: ['config'],
  requirements: ['CONF-02', 'SEC-06'],
  timeoutMs: 5_000,
  run: async ({ config }) => {
    const trustProxy = listOf(config, 'TRUST_PROXY');
    const findings = findingsOf(productionRules.anyProxy({ trustProxy }), config, {
      id,
      severity,
      risk: 'Whoever sends X-Forwarded-For chooses the address that limits count and sessions show, and X-Forwarded-Proto what counts as encrypted.',
      impact: 'Limits per address hold nobody back: passwords can be guessed from one machine.',
    });
    // The setting itself is looked at even when it lists nothing.
    return { examined: Math.max(1, trustProxy.length), findings };
  },
});
