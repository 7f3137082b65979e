import { productionRules } from '@sanctum/platform/production-rules';
import { CouldNotLook, defineCheck } from '../../src/check.ts';
import { findingsOf, listOf, settingText } from '../../src/config/settings.ts';

const id = 'config/any-host';
const severity = 'high';

export default defineCheck({
  id,
  title: 'Requests for any host name answered',
  area: 'security',
  severity,
  needs: ['config'],
  requirements: ['CONF-02', 'SEC-09'],
  timeoutMs: 5_000,
  run: async ({ config }) => {
    // A developer reaches the machine under many names, and nobody else reaches it.
    if (config.profile === 'development') return { examined: 1, findings: [] };
    const publicOrigin = settingText(config, 'PUBLIC_ORIGIN');
    if (publicOrigin !== undefined && !URL.canParse(publicOrigin)) {
      throw new CouldNotLook('PUBLIC_ORIGIN is not a URL.', { fix: 'Correct it: npx sanctum-ops config explain PUBLIC_ORIGIN' });
    }
    const findings = findingsOf(productionRules.anyHost({ publicOrigin, allowedHosts: listOf(config, 'ALLOWED_HOSTS') }), config, {
      id,
      severity,
      risk: 'A name that an attacker points at this address is answered like the own one: pages of that name read what is meant for readers behind a firewall, and links and caches carry a foreign name.',
      impact: 'Readers who follow such a name.',
    });
    return { examined: 1, findings };
  },
});
