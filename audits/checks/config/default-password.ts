import { productionRules } from '@sanctum/platform/production-rules';
import { defineRuleCheck, storeUrls } from '../../src/config/settings.ts';

export default defineRuleCheck({
  id: 'config/default-password',
  title: 'Store that opens with no password or a well-known one',
  area: 'security',
  severity: 'critical',
  requirements: ['CONF-02', 'REV-04'],
  risk: 'Everyone who reaches the port of the store can read and change everything in it.',
  impact: 'All data of all users.',
  look: (config) => {
    const urls = storeUrls(config);
    return { examined: urls.redisUrl === undefined ? 1 : 2, problems: productionRules.defaultPasswords(urls) };
  },
});
