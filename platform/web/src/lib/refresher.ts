import { readProblem } from './problem.ts';
import type { SessionHint } from './session-hint.ts';

/** Runs one task at a time, across tabs where the browser can. */
export type Exclusive = <T>(task: () => Promise<T>) => Promise<T>;

export interface Refresher {
  /**
   * Renews access once, however many requests ask at the same time.
   * @param seenRenewAtMs the hint the caller acted on; another one by now means that another tab has renewed or signed out
   * @returns `ended` when the server refused the refresh cookie; throws when it could not be asked
   */
  refresh(seenRenewAtMs: number | null): Promise<'renewed' | 'ended'>;
}

interface RefresherDependencies {
  readonly fetch: (request: Request) => Promise<Response>;
  readonly hint: SessionHint;
  readonly exclusive: Exclusive;
  readonly origin: string;
}

export function createRefresher({ fetch, hint, exclusive, origin }: RefresherDependencies): Refresher {
  let running: Promise<'renewed' | 'ended'> | null = null;

  async function renew(seenRenewAtMs: number | null): Promise<'renewed' | 'ended'> {
    const current = hint.renewAtMs();
    if (current !== seenRenewAtMs) return current === null ? 'ended' : 'renewed';
    const response = await fetch(
      new Request(`${origin}/api/auth/refresh`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' }),
    );
    if (response.ok) {
      rememberExpiry(hint, response, await response.json());
      return 'renewed';
    }
    const problem = await readProblem(response);
    if (problem.status !== 401) throw problem;
    hint.forget();
    return 'ended';
  }

  return {
    refresh(seenRenewAtMs) {
      running ??= exclusive(() => renew(seenRenewAtMs)).finally(() => {
        running = null;
      });
      return running;
    },
  };
}

/** Keeps the expiry of a SignedIn answer; answers of another shape change nothing. */
export function rememberExpiry(hint: SessionHint, response: Response, body: unknown): void {
  const expiresAt = (body as { accessTokenExpiresAt?: unknown } | null)?.accessTokenExpiresAt;
  if (typeof expiresAt !== 'string') return;
  const serverNowMs = Date.parse(response.headers.get('date') ?? '');
  hint.remember(expiresAt, Number.isFinite(serverNowMs) ? serverNowMs : Date.now());
}
