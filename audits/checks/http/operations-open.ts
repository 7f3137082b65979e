import { defineCheck, fingerprint } from '../../src/check.ts';
import type { Finding } from '../../src/check.ts';
import { ask, jsonObject } from '../../src/http/answers.ts';

const id = 'http/operations-open';
/** Sent on purpose, so that the token that this review may know is not. */
const asStranger = { headers: { authorization: 'Bearer of-a-stranger' } };

export default defineCheck({
  id,
  title: 'Metrics and readiness details open to anyone',
  area: 'security',
  severity: 'high',
  needs: ['http', 'config'],
  requirements: ['SEC-04', 'OBS-04'],
  timeoutMs: 10_000,
  run: async ({ http, config }) => {
    const [metrics, ready] = [await ask(http, '/metrics', asStranger), await ask(http, '/ready', asStranger)];
    // On the machine of a developer they are open on purpose.
    if (config.profile === 'development') return { examined: 2, findings: [] };
    const findings = [
      ...(/^# TYPE /m.test(metrics.text) ? [finding('GET /metrics', 'shows every metric', 'high')] : []),
      ...(jsonObject(ready.text)?.['parts'] === undefined ? [] : [finding('GET /ready', 'shows its parts and their faults', 'medium')]),
    ];
    return { examined: 2, findings };
  },
});

function finding(subject: string, what: string, severity: Finding['severity'] & string): Finding {
  return {
    subject,
    detail: `${subject} ${what} to whoever asks, without a token.`,
    location: subject,
    risk: 'Strangers read how much the site is used, which routes and queries fail, and when an attack begins to work.',
    impact: 'Whoever attacks the site does so with its dashboards before them.',
    fix: 'Start the platform with SANCTUM_PROFILE=production and OPERATIONS_TOKEN (openssl rand -base64 48), or let the proxy in front refuse /metrics and /ready from outside.',
    severity,
    fingerprint: fingerprint(id, subject),
  };
}
