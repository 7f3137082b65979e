import { defineCheck, fingerprint } from '../../src/check.ts';
import type { Finding, HttpTarget } from '../../src/check.ts';
import { ask, excerpt, isObject, jsonObject } from '../../src/http/answers.ts';

const id = 'http/api-document-missing';
/** Documented routes that are asked whether they exist. */
const askedMax = 20;

export default defineCheck({
  id,
  title: 'API document that is missing or untrue',
  area: 'operations',
  severity: 'medium',
  needs: ['http'],
  requirements: ['API-01'],
  timeoutMs: 20_000,
  run: async ({ http }) => {
    const { status, text } = await ask(http, '/api/openapi.json');
    const document = jsonObject(text);
    const version = document?.['openapi'];
    if (status !== 200 || typeof version !== 'string' || !isObject(document?.['paths']) || Object.keys(document['paths']).length === 0) {
      return {
        examined: 1,
        findings: [finding('GET /api/openapi.json', `GET /api/openapi.json answers ${status} "${excerpt(text)}".`, 'high')],
      };
    }
    const page = await ask(http, '/api/docs', { headers: { accept: 'text/html' } });
    const urls = openUrls(document['paths']).slice(0, askedMax);
    const findings = [
      ...(version.startsWith('3.1.') ? [] : [finding('GET /api/openapi.json', `The document is OpenAPI ${version}, not 3.1.`)]),
      ...(page.status === 200 && page.text.includes('<')
        ? []
        : [finding('GET /api/docs', `The page to read it answers ${page.status}.`, 'low')]),
      ...(await untrueFindings(http, urls)),
    ];
    return { examined: 2 + urls.length, findings };
  },
});

/** Routes that can be asked without a name of anything and without signing in. */
function openUrls(paths: Record<string, unknown>): string[] {
  return Object.entries(paths).flatMap(([url, operations]) =>
    isObject(operations) && 'get' in operations && !url.includes('{') ? [url] : [],
  );
}

async function untrueFindings(http: HttpTarget, urls: readonly string[]): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const url of urls) {
    const answer = await ask(http, url);
    if (jsonObject(answer.text)?.['code'] === 'request.route_unknown' || answer.status === 404 || answer.status === 405) {
      findings.push(finding(`GET ${url}`, `The document names GET ${url}, and the platform answers ${answer.status}.`));
    }
  }
  return findings;
}

function finding(subject: string, detail: string, severity?: Finding['severity']): Finding {
  return {
    subject,
    detail,
    location: 'platform/src/http/routes/api-pages.ts',
    risk: 'Clients are written and generated against something that is not served.',
    impact: 'Developers of clients, and the web app after its next build.',
    fix: `See what is served: curl -s "$SANCTUM_URL/api/openapi.json" | head -c 300; a proxy in front must hand /api/ through. The document is made by: node scripts/generate-openapi.ts`,
    ...(severity === undefined ? {} : { severity }),
    fingerprint: fingerprint(id, subject),
  };
}
