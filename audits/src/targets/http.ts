import { CouldNotLook } from '../check.ts';
import type { HttpTarget } from '../check.ts';

const requestTimeoutMs = 5_000;

/** What only operators may see; the token goes nowhere else. */
const operatorsPaths: ReadonlySet<string> = new Set(['/metrics', '/ready']);

/** The platform at a base URL. Throws `CouldNotLook` when nothing answers there. */
export async function openHttp(url: string, operationsToken?: string): Promise<HttpTarget> {
  const baseUrl = url.replace(/\/+$/, '');
  const target: HttpTarget = {
    baseUrl,
    async fetch(path, init = {}) {
      const timeout = AbortSignal.timeout(requestTimeoutMs);
      const signal = init.signal ? AbortSignal.any([init.signal, timeout]) : timeout;
      const headers = new Headers(init.headers);
      if (operationsToken !== undefined && operatorsPaths.has(path) && !headers.has('authorization'))
        headers.set('authorization', `Bearer ${operationsToken}`);
      try {
        return await fetch(`${baseUrl}${path}`, { redirect: 'manual', ...init, headers, signal });
      } catch (error) {
        throw explain(error, `${baseUrl}${path}`);
      }
    },
  };
  const answer = await target.fetch('/health');
  await answer.body?.cancel();
  return target;
}

function explain(error: unknown, url: string): CouldNotLook {
  const cause = (error as { cause?: { code?: string; message?: string } }).cause;
  const message = cause?.code ?? cause?.message ?? (error instanceof Error ? error.message : String(error));
  return new CouldNotLook(`${url} did not answer: ${message}.`, {
    fix: 'Start the platform (npx sanctum-ops up), or give the address it listens on (--url http://127.0.0.1:8375).',
    cause: error,
  });
}
