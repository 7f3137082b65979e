/** Who sends a request, or opens a socket: by Bearer token, else by cookie. */
import type { Credentials } from '../../api/credentials.ts';
import type { CredentialCookies } from '../../http/routes/credential-cookies.ts';
import type { Reader } from '../../api/reader.ts';
import type { AccessTokens } from './access-tokens.ts';
import type { RefusedCredentials } from './refused-credentials.ts';
import type { Revocations } from './revocations.ts';

export interface AuthenticateDependencies {
  readonly accessTokens: Pick<AccessTokens, 'verify' | 'verifyLocally'>;
  readonly revocations: Pick<Revocations, 'judge' | 'judgeLocally'>;
  readonly refusals: RefusedCredentials;
  readonly cookies: Pick<CredentialCookies, 'accessTokenIn'>;
}

/**
 * Null where there are no credentials. Rejects with `auth.token_invalid` for credentials that do not hold, and with
 * `request.rate_limited` where a network sent too many of those. A promise only where something has to be asked first: a
 * token seen before is answered at once.
 */
export type Authenticate = (credentials: Credentials) => Promise<Reader | null> | Reader | null;

export function createAuthenticate({ accessTokens, revocations, refusals, cookies }: AuthenticateDependencies): Authenticate {
  async function look(token: string | undefined): Promise<Reader | null> {
    const claimed = token === undefined ? null : await accessTokens.verify(token);
    return claimed === null ? null : revocations.judge(claimed);
  }

  return ({ authorization, cookie, network }) => {
    const token = authorization === undefined ? cookies.accessTokenIn(cookie) : bearerToken(authorization);
    if (token === undefined && authorization === undefined) return null;
    const claimed = token === undefined ? null : accessTokens.verifyLocally(token);
    const reader = claimed ? revocations.judgeLocally(claimed) : undefined;
    return reader ?? refusals.attempt(network(), () => look(token));
  };
}

/** Undefined for another scheme, which is a wrong credential and not an absent one: it must not fall back to a cookie. */
function bearerToken(header: string): string | undefined {
  return /^Bearer +(\S+)$/i.exec(header)?.[1];
}
