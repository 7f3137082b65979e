/** `app.inject` over a real connection to the proxy, with the same parameters and the same answer. */
import { type IncomingHttpHeaders, request } from 'node:http';
import type { InjectOptions, LightMyRequestResponse } from 'fastify';

/** Who a request comes from; the proxy of a test believes it, as a real one believes the balancer before it. */
export const addressHeader = 'x-test-address';

/** What is asked of this gets an answer of whichever instance the proxy chooses. */
export function injectThrough(proxyUrl: string): (options: InjectOptions | string) => Promise<LightMyRequestResponse> {
  return (given) => {
    const options: InjectOptions = typeof given === 'string' ? { url: given } : given;
    const body = bodyOf(options.payload ?? options.body);
    const target = new URL(typeof options.url === 'string' ? options.url : (options.url?.pathname ?? '/'), 'http://localhost');
    for (const [name, value] of Object.entries(options.query ?? {})) target.searchParams.append(name, String(value));
    const { promise, resolve, reject } = Promise.withResolvers<LightMyRequestResponse>();
    const { hostname, port } = new URL(proxyUrl);
    const sent = request({
      hostname,
      port,
      method: options.method ?? 'GET',
      // As it was written: what is odd about an address is what some tests are about.
      path: typeof options.url === 'string' && options.query === undefined ? options.url : `${target.pathname}${target.search}`,
      setHost: false,
      agent: false,
      headers: {
        host: 'localhost:80',
        ...(options.remoteAddress === undefined ? {} : { [addressHeader]: options.remoteAddress }),
        ...(typeof options.payload === 'object' && !Buffer.isBuffer(options.payload) ? { 'content-type': 'application/json' } : {}),
        ...(body === undefined ? {} : { 'content-length': String(body.length) }),
        ...lowerCased(options.headers),
      },
    });
    sent.once('error', reject);
    sent.once('response', (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.once('error', reject);
      answer.once('end', () =>
        resolve(asInjected(answer.statusCode ?? 0, answer.statusMessage ?? '', answer.headers, Buffer.concat(chunks))),
      );
    });
    sent.end(body);
    return promise;
  };
}

function bodyOf(payload: unknown): Buffer | undefined {
  if (payload === undefined || payload === null) return undefined;
  if (Buffer.isBuffer(payload)) return payload;
  return Buffer.from(typeof payload === 'string' ? payload : JSON.stringify(payload));
}

function lowerCased(headers: InjectOptions['headers']): Record<string, string | string[]> {
  return Object.fromEntries(
    Object.entries(headers ?? {}).flatMap(([name, value]) =>
      value === undefined ? [] : [[name.toLowerCase(), Array.isArray(value) ? value : String(value)]],
    ),
  );
}

function asInjected(statusCode: number, statusMessage: string, headers: IncomingHttpHeaders, rawPayload: Buffer): LightMyRequestResponse {
  const payload = rawPayload.toString('utf8');
  const cookies = (headers['set-cookie'] ?? []).map(cookieOf);
  const answer = { statusCode, statusMessage, headers, payload, body: payload, rawPayload, cookies, json: () => JSON.parse(payload) };
  return answer as unknown as LightMyRequestResponse;
}

function cookieOf(line: string): Record<string, unknown> {
  const [pair = '', ...attributes] = line.split('; ');
  const at = pair.indexOf('=');
  const known = attributes.map((attribute) => {
    const [name = '', value] = attribute.split('=');
    const key = name.toLowerCase() === 'httponly' ? 'httpOnly' : `${name.slice(0, 1).toLowerCase()}${name.slice(1).replace('-', '')}`;
    return [key, key === 'maxAge' ? Number(value) : (value ?? true)];
  });
  return { name: pair.slice(0, at), value: decodeURIComponent(pair.slice(at + 1)), ...Object.fromEntries(known) };
}
