import { setTimeout as wait } from 'node:timers/promises';
import { CouldNotLook } from '../check.ts';
import type { HttpTarget } from '../check.ts';

/** What to do when only operators may see an answer. */
export const tokenFix =
  'Set OPERATIONS_TOKEN for the platform (openssl rand -base64 48), restart it, and run the review with the same OPERATIONS_TOKEN or OPERATIONS_TOKEN_FILE.';

const bodyCharactersMax = 8 * 1024 * 1024;
/** An instance that refuses work for a moment says when to come again; longer than this it is overloaded, which is a finding. */
const busyRetriesMax = 5;
const busySecondsMax = 2;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/**
 * One request, read to its end; asked again for a few seconds while the instance is busy. Throws `CouldNotLook` when nothing answers, when the platform does not answer under this
 * name, when the caller has used up its rate limit, or when the answer has no end.
 */
export async function ask(http: HttpTarget, path: string, init: RequestInit = {}): Promise<Answer> {
  let answer = await askOnce(http, path, init);
  for (let retry = 0; retry < busyRetriesMax; retry += 1) {
    const seconds = busySeconds(answer);
    if (seconds === undefined) return answer;
    await wait(seconds * 1000);
    answer = await askOnce(http, path, init);
  }
  return answer;
}

/** When an instance that sheds load wants to be asked again; undefined when it answered, or failed in another way. */
function busySeconds({ status, headers, text }: Answer): number | undefined {
  const seconds = Number(headers.get('retry-after') ?? Number.NaN);
  return status === 503 && jsonObject(text)?.['code'] === 'server.busy' && seconds <= busySecondsMax ? seconds : undefined;
}

async function askOnce(http: HttpTarget, path: string, init: RequestInit): Promise<Answer> {
  const response = await http.fetch(path, init);
  const what = `${init.method ?? 'GET'} ${path}`;
  if (response.status === 429) {
    await response.body?.cancel();
    const seconds = response.headers.get('retry-after') ?? '60';
    throw new CouldNotLook(`${what} answered 429: the rate limit of this address is used up.`, {
      fix: `Wait ${seconds} s, then run the audit again.`,
    });
  }
  if (response.status === 421) {
    await response.body?.cancel();
    throw new CouldNotLook(`${what} answered 421: the platform does not answer under the name in ${http.baseUrl}.`, {
      fix: 'Give the address that readers use (--url, the PUBLIC_ORIGIN of the platform), or name this one in its ALLOWED_HOSTS.',
    });
  }
  return { status: response.status, headers: response.headers, text: await readText(response, what) };
}

async function readText(response: Response, what: string): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  try {
    for await (const chunk of response.body ?? []) {
      text += decoder.decode(chunk, { stream: true });
      if (text.length > bodyCharactersMax) break;
    }
  } catch (cause) {
    throw new CouldNotLook(`The answer to ${what} broke off.`, { fix: 'See the log of the platform, then run the audit again.', cause });
  }
  if (text.length <= bodyCharactersMax) return text;
  throw new CouldNotLook(`The answer to ${what} is longer than ${bodyCharactersMax} characters.`, {
    fix: 'Make sure that the address is that of a platform.',
  });
}

/** The body as a JSON object; undefined when it is anything else. */
export function jsonObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    // Not JSON: the caller reports that as what it is.
    return undefined;
  }
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The start of a text for a finding. */
export function excerpt(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length > 120 ? `${line.slice(0, 120)}…` : line;
}
