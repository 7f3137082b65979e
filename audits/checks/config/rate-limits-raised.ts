import { productionRules } from '@sanctum/platform/production-rules';
import { CouldNotLook, defineCheck } from '../../src/check.ts';
import { findingsOf, settingText } from '../../src/config/settings.ts';

const id = 'config/rate-limits-raised';
const severity = 'high';

export default defineCheck({
  id,
  title: 'Rate limits raised as for a load test',
  area: 'configuration',
  severity,
  needs: ['config'],
  requirements: ['CONF-02', 'SEC-06'],
  timeoutMs: 5_000,
  run: async ({ config }) => {
    const text = settingText(config, 'RATE_LIMIT_FACTOR') ?? '1';
    if (!/^\d+$/.test(text)) {
      throw new CouldNotLook('RATE_LIMIT_FACTOR is not a whole number.', {
        fix: 'Leave it out, or see: npx sanctum-ops config explain RATE_LIMIT_FACTOR',
      });
    }
    const findings = findingsOf(productionRules.raisedRateLimits({ rateLimitFactor: Number(text) }), config, {
      id,
      severity,
      risk: 'Passwords can be guessed, and accounts and posts made, that many times faster than the limits say.',
      impact: 'Every account with a weak password; everybody, when one caller takes all the capacity.',
    });
    return { examined: 1, findings };
  },
});
