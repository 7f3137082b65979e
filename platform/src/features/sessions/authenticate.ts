/** Who sends a request: by Bearer token, else by cookie. */
import type { FastifyRequest } from 'fastify';
import { AppError } from '../../errors.ts';
import type { CredentialCookies } from '../../http/credential-cookies.ts';
import type { Reader } from '../../http/reader.ts';
import type { AccessTokens } from './access-tokens.ts';
import type { Revocations } from './revocations.ts';

export interface AuthenticateOptions {
  readonly accessTokens: Pick<AccessTokens, 'verify' | 'verifyLocally'>;
  readonly revocations: Pick<Revocations, 'judge' | 'judgeLocally'>;
  readonly cookies: Pick<CredentialCookies, 'accessToken'>;
}

/**
 * Null for a request without credentials. Throws, or rejects with, `auth.token_invalid` for credentials that do not hold.
 * A promise only where something has to be asked first: a token seen before is answered at once.
 */
export type Authenticate = (request: FastifyRequest) => Promise<Reader | null> | Reader | null;

export function createAuthenticate({ accessTokens, revocations, cookies }: AuthenticateOptions): Authenticate {
  async function ask(token: string): Promise<Reader> {
    const claimed = await accessTokens.verify(token);
    const reader = claimed === null ? null : await revocations.judge(claimed);
    if (reader === null) throw new AppError('auth.token_invalid');
    return reader;
  }

  return (request) => {
    const token = bearerToken(request) ?? cookies.accessToken(request);
    if (token === undefined) return null;
    const claimed = accessTokens.verifyLocally(token);
    if (claimed === null) throw new AppError('auth.token_invalid');
    const reader = claimed === undefined ? undefined : revocations.judgeLocally(claimed);
    if (reader === undefined) return ask(token);
    if (reader === null) throw new AppError('auth.token_invalid');
    return reader;
  };
}

/** Undefined without the header. Another scheme is a wrong credential, not an absent one: it must not fall back to a cookie. */
function bearerToken(request: FastifyRequest): string | undefined {
  const header = request.headers.authorization;
  if (header === undefined) return undefined;
  const match = /^Bearer +(\S+)$/i.exec(header);
  if (match?.[1] === undefined) throw new AppError('auth.token_invalid');
  return match[1];
}
