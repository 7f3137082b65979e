import { type ApiProblem, readProblem } from './problem.ts';
import { type Exclusive, createRefresher, rememberExpiry } from './refresher.ts';
import type { SessionHint } from './session-hint.ts';

interface TransportDependencies {
  readonly fetch: (request: Request) => Promise<Response>;
  readonly hint: SessionHint;
  readonly exclusive: Exclusive;
  readonly now: () => number;
  readonly origin: string;
  /** The server has ended the session. `request` is the one that noticed. */
  readonly onSessionEnded: (request: Request) => void;
  /** Cookies without a hint turned out to be good: the page thought nobody was signed in. */
  readonly onSessionFound: () => void;
}

const signInPaths = new Set(['/api/auth/register', '/api/auth/sign-in', '/api/auth/refresh']);
const expiredCodes = new Set(['auth.required', 'auth.token_invalid']);
/** Without a hint only this one means cookies that are out of date; the other is the plain truth about an anonymous reader. */
const staleCookieCode = 'auth.token_invalid';

/**
 * The one way to the API: renews access when it is due, tries once more after a refused access, and turns
 * every other failure into an `ApiProblem`. A request is sent at most twice, so there is nothing to loop.
 */
export function createTransport(deps: TransportDependencies): (request: Request) => Promise<Response> {
  const { fetch, hint, now, onSessionEnded, onSessionFound } = deps;
  const refresher = createRefresher(deps);

  async function accept(response: Response): Promise<Response> {
    if (!response.ok) throw await readProblem(response);
    return response;
  }

  async function signIn(request: Request): Promise<Response> {
    const response = await accept(await fetch(request));
    rememberExpiry(hint, response, await response.clone().json());
    return response;
  }

  async function afterSessionEnd(request: Request, seen: number | null, refusal: ApiProblem | null): Promise<Response> {
    if (seen !== null) onSessionEnded(request);
    // Public pages stay readable: the same question once more, as an anonymous reader.
    if (request.method === 'GET') return accept(await fetch(new Request(request, { credentials: 'omit' })));
    if (refusal !== null) throw refusal;
    return accept(await fetch(request));
  }

  return async (request) => {
    if (signInPaths.has(new URL(request.url).pathname)) return signIn(request);
    const due = hint.renewAtMs();
    if (due !== null && due <= now() && (await refresher.refresh(due)) === 'ended') return afterSessionEnd(request, due, null);

    const seen = hint.renewAtMs();
    const response = await fetch(request.clone());
    if (response.status !== 401) return accept(response);
    const refusal = await readProblem(response);
    if (!expiredCodes.has(refusal.code) || (seen === null && refusal.code !== staleCookieCode)) throw refusal;
    if ((await refresher.refresh(seen)) === 'ended') return afterSessionEnd(request, seen, refusal);
    if (seen === null) onSessionFound();
    return accept(await fetch(request));
  };
}
