import { productionRules } from '@sanctum/platform/production-rules';
import { defineCheck } from '../../src/check.ts';
import { findingsOf, storeUrls } from '../../src/config/settings.ts';

const id = 'config/default-password';
const severity = 'critical';

export default defineCheck({
  id,
  title: 'Store that opens with no password or a well-known one',
  area: 'security',
  severity,
  needs: ['config'],
  requirements: ['CONF-02', 'REV-04'],
  timeoutMs: 5_000,
  run: async ({ config }) => {
    const urls = storeUrls(config);
    const findings = findingsOf(productionRules.defaultPasswords(urls), config, {
      id,
      severity,
      risk: 'Everyone who reaches the port of the store can read and change everything in it.',
      impact: 'All data of all users.',
    });
    return { examined: urls.redisUrl === undefined ? 1 : 2, findings };
  },
});
