import { metricCatalogue } from '@sanctum/platform/metric-catalogue';
import { CouldNotLook, defineCheck, fingerprint } from '../../src/check.ts';
import type { Finding } from '../../src/check.ts';
import { ask, tokenFix } from '../../src/http/answers.ts';

const id = 'http/metrics-missing';
const declared = Object.values(metricCatalogue);

export default defineCheck({
  id,
  title: 'Metric that is declared and not served',
  area: 'operations',
  severity: 'high',
  needs: ['http'],
  requirements: ['OBS-04', 'OBS-06'],
  timeoutMs: 10_000,
  run: async ({ http }) => {
    const { status, text } = await ask(http, '/metrics');
    if (status === 401) throw new CouldNotLook('GET /metrics asks for a token that is not known here.', { fix: tokenFix });
    const types = new Map([...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map((match) => [match[1] ?? '', match[2] ?? '']));
    if (types.size === 0) {
      return {
        examined: declared.length,
        findings: [finding('GET /metrics', `GET /metrics answers ${status} and holds no metric.`, 'critical')],
      };
    }
    const findings = declared.flatMap(({ name, type }) => {
      const served = types.get(name);
      if (served === type) return [];
      const detail =
        served === undefined ? `/metrics does not hold ${name}.` : `${name} is a ${served}, and the catalogue declares a ${type}.`;
      return [finding(name, detail)];
    });
    return { examined: declared.length, findings };
  },
});

function finding(subject: string, detail: string, severity?: Finding['severity']): Finding {
  return {
    subject,
    detail,
    location: 'platform/src/telemetry/metric-catalogue.ts',
    risk: 'Dashboards and alerts that use it show nothing, and nothing looks like everything is fine.',
    impact: 'The person on call learns of a fault from users.',
    fix: `Register it (platform/src/telemetry/metrics.ts), or take it out of the catalogue; a proxy in front must not answer /metrics itself. See: curl -s -H "authorization: Bearer $OPERATIONS_TOKEN" "$SANCTUM_URL/metrics" | grep '^# TYPE'`,
    ...(severity === undefined ? {} : { severity }),
    fingerprint: fingerprint(id, subject),
  };
}
