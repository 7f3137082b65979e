import { productionRules } from '@sanctum/platform/production-rules';
import { defineRuleCheck, storeUrls } from '../../src/config/settings.ts';

export default defineRuleCheck({
  id: 'config/insecure-store-url',
  title: 'Store on another machine without proven TLS',
  area: 'security',
  severity: 'high',
  requirements: ['CONF-02'],
  risk: 'Whoever listens on the way reads the password and the data, or answers in place of the server.',
  impact: 'All data of all users.',
  look: (config) => {
    const urls = storeUrls(config);
    return { examined: urls.redisUrl === undefined ? 1 : 2, problems: productionRules.unencryptedStores(urls) };
  },
});
