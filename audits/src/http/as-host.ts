import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { CouldNotLook } from '../check.ts';
import type { HttpTarget } from '../check.ts';

const timeoutMs = 5000;

/** Status of a GET that names another host than the one it is sent to, which `fetch` does not let a caller do. */
export async function statusAsHost(http: HttpTarget, path: string, host: string): Promise<number> {
  const url = new URL(`${http.baseUrl}${path}`);
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
  const asked = send(url, { headers: { host, connection: 'close' }, signal: AbortSignal.timeout(timeoutMs) }, (response) => {
    response.destroy();
    resolve(response.statusCode ?? 0);
  });
  asked.once('error', reject).end();
  try {
    return await promise;
  } catch (cause) {
    throw new CouldNotLook(`${http.baseUrl}${path} did not answer a request that names the host ${host}.`, {
      fix: 'Start the platform (npx sanctum-ops up), or give the address it listens on (--url http://127.0.0.1:8375).',
      cause,
    });
  }
}
