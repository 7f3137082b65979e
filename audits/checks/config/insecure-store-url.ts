import { productionRules } from '@sanctum/platform/production-rules';
import { defineCheck } from '../../src/check.ts';
import { findingsOf, storeUrls } from '../../src/config/settings.ts';

const id = 'config/insecure-store-url';
const severity = 'high';

export default defineCheck({
  id,
  title: 'Store on another machine without proven TLS',
  area: 'security',
  severity,
  needs: ['config'],
  requirements: ['CONF-02'],
  timeoutMs: 5_000,
  run: async ({ config }) => {
    const urls = storeUrls(config);
    const findings = findingsOf(productionRules.unencryptedStores(urls), config, {
      id,
      severity,
      risk: 'Whoever listens on the way reads the password and the data, or answers in place of the server.',
      impact: 'All data of all users.',
    });
    return { examined: urls.redisUrl === undefined ? 1 : 2, findings };
  },
});
