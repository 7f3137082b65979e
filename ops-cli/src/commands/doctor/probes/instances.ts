import { deriveKey } from '@sanctum/platform/derived-keys';
import { createCursors } from '@sanctum/platform/http/cursor';
import { dateDifference } from './platform.ts';

const timeoutMs = 1_500;
const instancesMax = 8;

/** One instance of the platform, and whether it believes what another one signed. */
export interface InstanceSight {
  readonly url: string;
  readonly clockOffByMs: number | undefined;
  /** `refuses`: a cursor that another instance signed, or the secret of the stack, is no genuine one to this instance. */
  readonly trust: 'signed' | 'accepts' | 'refuses' | 'unknown';
  readonly reason: string | undefined;
}

/** The addresses of instances that are connected to the database; the port is the last word of the name they connect under. */
export function addressesOf(sessions: readonly { application: string; address: string }[]): string[] {
  const urls = sessions.flatMap(({ application, address }) => {
    const port = / :(\d{1,5})$/.exec(application)?.[1];
    const host = address.includes(':') ? `[${address}]` : address;
    return port === undefined || port === '0' ? [] : [`http://${host}:${port}`];
  });
  return [...new Set(urls)];
}

/**
 * Takes what one instance signed to all the others. A cursor of a public list is used: it is given to anybody, binds
 * nobody, and does not end, so that a wrong clock is not taken for a wrong secret. Where the secret of the stack is
 * known, the cursor is signed here and needs no posts: one that is genuine and of another list is refused with another code.
 */
export async function lookAtInstances(urls: readonly string[], secret: string | undefined): Promise<InstanceSight[]> {
  const lists = await Promise.all(urls.slice(0, instancesMax).map((url) => askList(url)));
  const signer = secret === undefined ? lists.find((list) => list.cursor !== undefined) : undefined;
  const cursor = secret === undefined ? signer?.cursor : createCursors({ key: deriveKey(secret, 'cursor') }).sign('doctor', {});
  return Promise.all(
    lists.map(async ({ url, clockOffByMs, reason }) => {
      if (reason !== undefined || cursor === undefined)
        return { url, clockOffByMs, trust: 'unknown' as const, reason: reason ?? 'no list gave a cursor' };
      return { url, clockOffByMs, ...(url === signer?.url ? { trust: 'signed' as const, reason: undefined } : await present(cursor, url)) };
    }),
  );
}

interface List {
  url: string;
  clockOffByMs: number | undefined;
  cursor: string | undefined;
  reason: string | undefined;
}

const listPath = '/api/feeds/popular?sort=new&limit=1';

async function askList(url: string): Promise<List> {
  const askedAt = Date.now();
  try {
    const response = await fetch(new URL(listPath, url), { signal: AbortSignal.timeout(timeoutMs) });
    const clockOffByMs = dateDifference(response, askedAt);
    const body: unknown = await response.json();
    const cursor = typeof body === 'object' && body !== null && 'nextCursor' in body ? body.nextCursor : undefined;
    const reason = response.ok ? undefined : `its list of posts answers ${response.status}`;
    return { url, clockOffByMs, cursor: typeof cursor === 'string' ? cursor : undefined, reason };
  } catch (error) {
    return { url, clockOffByMs: undefined, cursor: undefined, reason: error instanceof Error ? error.message : String(error) };
  }
}

async function present(cursor: string, url: string): Promise<Pick<InstanceSight, 'trust' | 'reason'>> {
  try {
    const target = new URL(`${listPath}&cursor=${encodeURIComponent(cursor)}`, url);
    const response = await fetch(target, { signal: AbortSignal.timeout(timeoutMs) });
    const text = await response.text();
    if (response.ok || text.includes('cursor.foreign')) return { trust: 'accepts', reason: undefined };
    return text.includes('cursor.invalid')
      ? { trust: 'refuses', reason: 'it calls a genuine cursor invalid' }
      : { trust: 'unknown', reason: `its list of posts answers ${response.status}` };
  } catch (error) {
    return { trust: 'unknown', reason: error instanceof Error ? error.message : String(error) };
  }
}
