import { defineCheck, fingerprint } from '../../src/check.ts';
import type { Finding } from '../../src/check.ts';
import { ask, excerpt, jsonObject } from '../../src/http/answers.ts';
import type { Answer } from '../../src/http/answers.ts';

const id = 'http/error-shape';

interface Probe {
  readonly name: string;
  readonly path: string;
  readonly init?: RequestInit;
  readonly status: number;
  readonly code: string;
}

const probes: readonly Probe[] = [
  { name: 'an unknown route', path: '/api/no-such-route', status: 404, code: 'request.route_unknown' },
  {
    name: 'broken JSON',
    path: '/api/auth/sign-in',
    init: { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{' },
    status: 400,
    code: 'request.malformed_json',
  },
  {
    name: 'a body without its fields',
    path: '/api/auth/sign-in',
    init: { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' },
    status: 400,
    code: 'request.invalid',
  },
  { name: 'a cursor of nobody', path: '/api/feeds/popular?cursor=nonsense', status: 400, code: 'cursor.invalid' },
  { name: 'no credentials', path: '/api/me', status: 401, code: 'auth.required' },
  {
    name: 'a token of nobody',
    path: '/api/me',
    init: { headers: { authorization: 'Bearer nonsense' } },
    status: 401,
    code: 'auth.token_invalid',
  },
];

/** Lines of a stack, names of our files, and messages of the driver. */
const leak = /\n?\s+at .+:\d+:\d+|node_modules|file:\/\/|\.ts:\d+|syntax error at or near|SQLSTATE/;

export default defineCheck({
  id,
  title: 'Error without its one shape',
  area: 'operations',
  severity: 'medium',
  needs: ['http'],
  requirements: ['API-03'],
  timeoutMs: 20_000,
  run: async ({ http }) => {
    const findings: Finding[] = [];
    for (const probe of probes) {
      const answer = await ask(http, probe.path, probe.init);
      const faults = faultsOf(answer, probe);
      if (faults.length > 0) findings.push(finding(probe, faults, leak.test(answer.text)));
    }
    return { examined: probes.length, findings };
  },
});

function faultsOf({ status, headers, text }: Answer, probe: Probe): string[] {
  const body = jsonObject(text);
  const type = headers.get('content-type') ?? 'none';
  const requestId = headers.get('x-request-id');
  return [
    ...(status === probe.status ? [] : [`the status is ${status}, not ${probe.status}`]),
    ...(type.startsWith('application/problem+json') ? [] : [`the content type is ${type}`]),
    ...(body?.['code'] === probe.code ? [] : [`the code is ${excerpt(String(body?.['code'] ?? 'missing'))}, not ${probe.code}`]),
    ...(typeof body?.['title'] === 'string' && typeof body['detail'] === 'string' && body['status'] === status
      ? []
      : ['title, detail or status is missing']),
    ...(requestId !== null && body?.['requestId'] === requestId ? [] : ['the request id of the body is not that of the header']),
    ...(leak.test(text) ? ['it shows inner workings'] : []),
  ];
}

function finding(probe: Probe, faults: readonly string[], leaks: boolean): Finding {
  const route = `${probe.init?.method ?? 'GET'} ${probe.path}`;
  return {
    subject: `${route}: ${probe.name}`,
    detail: `${probe.name} (${route}): ${faults.join('; ')}.`,
    location: route,
    risk: leaks
      ? 'Inner names and statements help whoever looks for a way in.'
      : 'Clients cannot tell errors apart, and nobody finds the log line of a complaint.',
    impact: 'Users, who read a message without a way out; the person on call.',
    fix: 'Throw an AppError of the catalogue (platform/src/errors.ts); a proxy in front must hand the body of errors through. See: npx sanctum-ops audit http/error-shape',
    ...(leaks ? { severity: 'high' as const } : {}),
    fingerprint: fingerprint(id, probe.name),
  };
}
