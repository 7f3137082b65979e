import { productionRules } from '@sanctum/platform/production-rules';
import { CouldNotLook } from '../../src/check.ts';
import { defineRuleCheck, listOf, settingText } from '../../src/config/settings.ts';

export default defineRuleCheck({
  id: 'config/any-host',
  title: 'Requests for any host name answered',
  area: 'security',
  severity: 'high',
  requirements: ['CONF-02', 'SEC-09'],
  risk: 'A name that an attacker points at this address is answered like the own one: pages of that name read what is meant for readers behind a firewall, and links and caches carry a foreign name.',
  impact: 'Readers who follow such a name.',
  look: (config) => {
    // A developer reaches the machine under many names, and nobody else reaches it.
    if (config.profile === 'development') return { examined: 1, problems: [] };
    const publicOrigin = settingText(config, 'PUBLIC_ORIGIN');
    if (publicOrigin !== undefined && !URL.canParse(publicOrigin)) {
      throw new CouldNotLook('PUBLIC_ORIGIN is not a URL.', { fix: 'Correct it: npx sanctum-ops config explain PUBLIC_ORIGIN' });
    }
    return { examined: 1, problems: productionRules.anyHost({ publicOrigin, allowedHosts: listOf(config, 'ALLOWED_HOSTS') }) };
  },
});
