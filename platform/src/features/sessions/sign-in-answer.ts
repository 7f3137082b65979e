/** Hands the tokens of a session to its client: in cookies for the web app, in the body for API users. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { CredentialCookies } from '../../http/routes/credential-cookies.ts';
import type { Device } from './sessions.repository.ts';
import type { SignedIn, Transport } from './sessions.schema.ts';
import type { OpenSession } from './refresh.ts';

/** A session that was refreshed has no device token: its device has one already. */
export function answerSignedIn(
  reply: FastifyReply,
  cookies: CredentialCookies,
  session: OpenSession & { readonly deviceToken?: string },
  transport: Transport,
): SignedIn {
  reply.header('cache-control', 'no-store');
  const answer = { user: session.user, accessTokenExpiresAt: session.access.expiresAt.toISOString() };
  if (transport === 'token') {
    const { deviceToken } = session;
    const tokens = { accessToken: session.access.token, refreshToken: session.refreshToken };
    return { ...answer, ...tokens, ...(deviceToken === undefined ? {} : { deviceToken }) };
  }
  cookies.set(reply, { accessToken: session.access.token, refreshToken: session.refreshToken, expiresAt: session.refreshExpiresAt });
  return answer;
}

export function deviceOf(request: FastifyRequest): Device {
  return { userAgent: request.headers['user-agent'] ?? '', address: request.ip };
}
