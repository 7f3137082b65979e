import { productionRules } from '@sanctum/platform/production-rules';
import { defineCheck, fingerprint } from '../../src/check.ts';
import type { ConfigTarget, Finding } from '../../src/check.ts';
import { findingsOf, requiredSetting, settingText, severityIn } from '../../src/config/settings.ts';

const id = 'config/weak-secret';
const severity = 'critical';
const risk = 'Whoever guesses it signs in as anyone: access tokens, refresh tokens and cursors are derived from it.';
const impact = 'Every account, administrators included.';
const lengthMin = 32;

export default defineCheck({
  id,
  title: 'Secret that can be guessed',
  area: 'security',
  severity,
  needs: ['config'],
  requirements: ['CONF-02', 'SEC-10', 'REV-04'],
  timeoutMs: 5_000,
  run: async ({ config }) => {
    const jwtSecret = requiredSetting(config, 'JWT_SECRET');
    const tooShort =
      jwtSecret.length < lengthMin
        ? [{ env: 'JWT_SECRET', message: `is shorter than ${lengthMin} characters`, fix: 'Generate one: openssl rand -base64 48' }]
        : productionRules.weakSecret({ jwtSecret, operationsToken: settingText(config, 'OPERATIONS_TOKEN') });
    const findings = [...findingsOf(tooShort, config, { id, severity, risk, impact }), ...reused(config, jwtSecret)];
    return { examined: 1, findings };
  },
});

/** One secret for two purposes leaks with the weaker of them. */
function reused(config: ConfigTarget, jwtSecret: string): Finding[] {
  return ['DATABASE_URL', 'REDIS_URL'].flatMap((name) => {
    const url = URL.parse(settingText(config, name) ?? '');
    if (url === null || decodeURIComponent(url.password) !== jwtSecret) return [];
    return [
      {
        subject: 'JWT_SECRET',
        detail: `JWT_SECRET is also the password in ${name} (profile ${config.profile}).`,
        location: `environment, JWT_SECRET and ${name}`,
        risk: `Whoever may read ${name} can sign in as anyone.`,
        impact,
        fix: 'Generate another JWT_SECRET: openssl rand -base64 48',
        severity: severityIn(config, 'high'),
        fingerprint: fingerprint(id, 'reused', name),
      },
    ];
  });
}
