import { CouldNotLook, defineCheck, fingerprint } from '../../src/check.ts';
import type { Finding, HttpTarget } from '../../src/check.ts';
import { ask, isObject, jsonObject } from '../../src/http/answers.ts';
import type { Answer } from '../../src/http/answers.ts';

const id = 'http/missing-limits';
/** Takes a body from anyone, and changes nothing when the body is refused. */
const path = '/api/auth/sign-in';
const hugeBytes = 256 * 1024;
const hugeHeaderBytes = 24 * 1024;
const deepLevels = 1_000;

interface Probe {
  readonly name: string;
  readonly init: RequestInit;
  readonly status: number;
  readonly code: string;
  readonly risk: string;
  readonly fix: string;
}

const json = { 'content-type': 'application/json' };

const probes: readonly Probe[] = [
  {
    name: `a body of ${hugeBytes / 1024} KiB`,
    init: { method: 'POST', headers: json, body: JSON.stringify({ username: 'x'.repeat(hugeBytes) }) },
    status: 413,
    code: 'request.body_too_large',
    risk: 'A few callers with large bodies fill the memory of the process.',
    fix: 'Give the route a bodyLimitBytes (platform/src/features/sessions/sessions.handlers.ts), and correct BODY_LIMIT_BYTES; a proxy in front needs a limit too.',
  },
  {
    name: `JSON nested ${deepLevels} levels deep`,
    init: { method: 'POST', headers: json, body: '['.repeat(deepLevels) + ']'.repeat(deepLevels) },
    status: 400,
    code: 'request.too_deep',
    risk: 'Deep JSON overflows the stack of whatever walks it.',
    fix: 'Refuse it before parsing: platform/src/http/server/body-parser.ts.',
  },
  {
    name: 'a content type that no route reads',
    init: { method: 'POST', headers: { 'content-type': 'text/plain' }, body: '{}' },
    status: 415,
    code: 'request.unsupported_media_type',
    risk: 'A form of a foreign page can send a body without the browser asking first.',
    fix: 'Keep JSON the only content type: platform/src/http/server/body-parser.ts.',
  },
  {
    name: `headers of ${hugeHeaderBytes / 1024} KiB`,
    init: { method: 'GET', headers: { 'x-padding': 'x'.repeat(hugeHeaderBytes) } },
    status: 431,
    code: 'request.headers_too_large',
    risk: 'Large headers cost memory before any limit of a route applies.',
    fix: 'Keep maxHeaderSize at 16 KiB: platform/src/http/server/server.ts; a proxy in front needs a limit too.',
  },
];

export default defineCheck({
  id,
  title: 'Request that no limit stops',
  area: 'resources',
  severity: 'high',
  needs: ['http'],
  requirements: ['SEC-06', 'SEC-07', 'REV-04'],
  timeoutMs: 30_000,
  run: async ({ http }) => {
    const findings: Finding[] = [];
    for (const probe of probes) findings.push(...(await probeFindings(http, probe)));
    findings.push(...rateFindings(await ask(http, path, { method: 'POST', headers: json, body: '{}' })));
    const operations = await operationsOf(http);
    const undeclared = operations.filter((operation) => !operation.declaresRateLimit);
    findings.push(...undeclared.map(({ name }) => rateFinding(name, `The API document of ${name} declares no 429.`)));
    return { examined: probes.length + 1 + operations.length, findings };
  },
});

async function probeFindings(http: HttpTarget, probe: Probe): Promise<Finding[]> {
  const answer = await ask(http, path, probe.init);
  const code = jsonObject(answer.text)?.['code'];
  if (answer.status === 503)
    throw new CouldNotLook(`POST ${path} answered 503.`, { fix: 'See what is overloaded or down: npx sanctum-ops doctor' });
  if (answer.status === probe.status && code === probe.code) return [];
  return [
    {
      subject: `POST ${path}: ${probe.name}`,
      detail: `${probe.name} is answered with ${answer.status}${code === undefined ? '' : ` ${String(code)}`}, not with ${probe.status} ${probe.code}.`,
      location: `POST ${path}`,
      risk: probe.risk,
      impact: 'Everybody, when the process runs out of memory or time.',
      fix: probe.fix,
      fingerprint: fingerprint(id, probe.name),
    },
  ];
}

/** The guard against guessing passwords has to show that it counts. */
function rateFindings({ headers }: Answer): Finding[] {
  const [limit, remaining] = [headers.get('ratelimit-limit'), headers.get('ratelimit-remaining')];
  if (limit !== null && remaining !== null && Number(limit) > 0 && Number(remaining) < Number(limit)) return [];
  const seen =
    limit === null || remaining === null
      ? 'no ratelimit headers'
      : `ratelimit-limit: ${limit} and ratelimit-remaining: ${remaining} after a request`;
  return [rateFinding(`POST ${path}`, `POST ${path} answers with ${seen}: nothing counts the attempts.`)];
}

function rateFinding(route: string, detail: string): Finding {
  return {
    subject: `${route}: rate limit`,
    detail,
    location: route,
    risk: 'One caller can send as much as the machine bears, and guess passwords as fast.',
    impact: 'Accounts with weak passwords; everybody, when the capacity is used up.',
    fix: 'Name a rateLimit in the declaration of the route (platform/src/limits/rate-limits.ts lists them).',
    fingerprint: fingerprint(id, route, 'rate limit'),
  };
}

async function operationsOf(http: HttpTarget): Promise<{ name: string; declaresRateLimit: boolean }[]> {
  const document = jsonObject((await ask(http, '/api/openapi.json')).text);
  if (!isObject(document?.['paths'])) {
    throw new CouldNotLook('There is no API document to read the limits of the routes from.', {
      fix: 'npx sanctum-ops audit http/api-document-missing',
    });
  }
  return Object.entries(document['paths']).flatMap(([url, operations]) =>
    Object.entries(isObject(operations) ? operations : {}).map(([method, operation]) => ({
      name: `${method.toUpperCase()} ${url}`,
      declaresRateLimit: isObject(operation) && isObject(operation['responses']) && '429' in operation['responses'],
    })),
  );
}
