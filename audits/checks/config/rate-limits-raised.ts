import { productionRules } from '@sanctum/platform/production-rules';
import { CouldNotLook } from '../../src/check.ts';
import { defineRuleCheck, settingText } from '../../src/config/settings.ts';

export default defineRuleCheck({
  id: 'config/rate-limits-raised',
  title: 'Rate limits raised as for a load test',
  area: 'configuration',
  severity: 'high',
  requirements: ['CONF-02', 'SEC-06'],
  risk: 'Passwords can be guessed, and accounts and posts made, that many times faster than the limits say.',
  impact: 'Every account with a weak password; everybody, when one caller takes all the capacity.',
  look: (config) => {
    const text = settingText(config, 'RATE_LIMIT_FACTOR') ?? '1';
    if (!/^\d+$/.test(text)) {
      throw new CouldNotLook('RATE_LIMIT_FACTOR is not a whole number.', {
        fix: 'Leave it out, or see: npx sanctum-ops config explain RATE_LIMIT_FACTOR',
      });
    }
    return { examined: 1, problems: productionRules.raisedRateLimits({ rateLimitFactor: Number(text) }) };
  },
});
