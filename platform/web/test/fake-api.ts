import { signedInHintKey } from './storage-keys.ts';

type Answer = Response | Promise<Response>;
type Handler = (request: Request) => Answer;

export interface FakeApi {
  readonly fetch: (request: Request) => Promise<Response>;
  /** `GET /api/me` and so on, in the order of arrival. */
  readonly calls: readonly { readonly route: string; readonly url: URL; readonly body: unknown; readonly headers: Headers }[];
  on(route: string, handler: Handler): void;
}

export const json = (body: unknown, status = 200): Response => Response.json(body, { status });

export function problem(status: number, code: string, extra: Record<string, unknown> = {}): Response {
  const body = {
    type: `/api/errors#${code}`,
    title: `Title of ${code}.`,
    status,
    code,
    detail: `Fix of ${code}.`,
    requestId: 'request-1',
    ...extra,
  };
  return new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/problem+json' } });
}

/** A plain object in the place of the platform. A route that no test has set answers 404, as the platform would. */
export function createFakeApi(): FakeApi {
  const handlers = new Map<string, Handler>();
  const calls: { route: string; url: URL; body: unknown; headers: Headers }[] = [];
  return {
    calls,
    on: (route, handler) => void handlers.set(route, handler),
    fetch: async (request) => {
      const url = new URL(request.url);
      const route = `${request.method} ${url.pathname}`;
      const text = await request.clone().text();
      calls.push({ route, url, body: text === '' ? null : JSON.parse(text), headers: request.headers });
      const handler = handlers.get(route);
      return handler === undefined ? problem(404, 'request.route_unknown') : handler(request);
    },
  };
}

/** Leaves the trace of a session that is fresh for another hour. */
export function rememberSession(): void {
  localStorage.setItem(signedInHintKey, String(Date.now() + 3_600_000));
}
