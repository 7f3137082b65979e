/** Routes of sessions: refresh, sign out, list, revoke. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { AppError } from '../../errors.ts';
import type { CredentialCookies } from '../../http/routes/credential-cookies.ts';
import type { CrossSiteGuard } from '../../http/routes/csrf.ts';
import { requireReader } from '../../api/reader.ts';
import { defineRoute, type Route } from '../../http/routes/route.ts';
import { refreshBody, sessionList, sessionParams, signedIn, type SignedIn } from './sessions.schema.ts';
import type { Sessions } from './sessions.service.ts';
import { answerSignedIn, deviceOf } from './sign-in-answer.ts';

export interface SessionRoutesDependencies {
  readonly sessions: Sessions;
  readonly cookies: CredentialCookies;
  readonly crossSite: CrossSiteGuard;
}

const nothing = z.undefined();

export function createSessionRoutes(options: SessionRoutesDependencies): Route[] {
  return [refreshRoute(options), signOutRoute(options), ...listRoutes(options)];
}

function refreshRoute({ sessions, cookies, crossSite }: SessionRoutesDependencies): Route {
  async function refreshByCookie(raw: FastifyRequest, reply: FastifyReply): Promise<SignedIn> {
    crossSite.assertSameSite(raw);
    const token = cookies.refreshToken(raw);
    if (token === undefined) throw new AppError('auth.refresh_invalid');
    try {
      return answerSignedIn(reply, cookies, await sessions.refresh(token, 'cookie', deviceOf(raw)), 'cookie');
    } catch (error) {
      // Cookies that can never work again would turn every later request into a 401.
      if (error instanceof AppError && error.status < 500) cookies.clear(reply);
      throw error;
    }
  }

  return defineRoute({
    method: 'POST',
    url: '/api/auth/refresh',
    operationId: 'refreshSession',
    summary: 'Get a new access token and the next refresh token',
    tags: ['sessions'],
    access: 'public',
    rateLimit: 'auth',
    bodyLimitBytes: 4096,
    statementsMax: 5,
    degradation: 'full',
    errors: ['auth.refresh_invalid', 'auth.refresh_reused', 'auth.suspended', 'request.cross_site'],
    schema: { body: refreshBody, response: { 200: signedIn } },
    handler: async ({ body, raw }, reply) => {
      const token = body?.refreshToken;
      if (token === undefined) return refreshByCookie(raw, reply);
      return answerSignedIn(reply, cookies, await sessions.refresh(token, 'token', deviceOf(raw)), 'token');
    },
  });
}

function signOutRoute({ sessions, cookies }: SessionRoutesDependencies): Route {
  return defineRoute({
    method: 'POST',
    url: '/api/auth/sign-out',
    operationId: 'signOut',
    summary: 'End this session',
    tags: ['sessions'],
    access: 'user',
    rateLimit: 'auth',
    statementsMax: 2,
    degradation: 'full',
    schema: { response: { 204: nothing } },
    handler: async ({ raw }, reply) => {
      await sessions.signOut(requireReader(raw));
      cookies.clear(reply);
      return reply.code(204).send();
    },
  });
}

function listRoutes({ sessions }: SessionRoutesDependencies): Route[] {
  return [
    defineRoute({
      method: 'GET',
      url: '/api/sessions',
      operationId: 'listSessions',
      summary: 'Your signed-in devices',
      tags: ['sessions'],
      access: 'user',
      rateLimit: 'read',
      statementsMax: 2,
      degradation: 'full',
      schema: { response: { 200: sessionList } },
      handler: async ({ raw }) => ({ items: await sessions.list(requireReader(raw)) }),
    }),
    defineRoute({
      method: 'DELETE',
      url: '/api/sessions/:sessionId',
      operationId: 'revokeSession',
      summary: 'End one of your sessions',
      tags: ['sessions'],
      access: 'user',
      rateLimit: 'write',
      statementsMax: 2,
      degradation: 'full',
      errors: ['session.not_found'],
      schema: { params: sessionParams, response: { 204: nothing } },
      handler: async ({ params, raw }, reply) => {
        await sessions.revoke(requireReader(raw), params.sessionId);
        return reply.code(204).send();
      },
    }),
    defineRoute({
      method: 'DELETE',
      url: '/api/sessions',
      operationId: 'revokeOtherSessions',
      summary: 'End all your other sessions',
      tags: ['sessions'],
      access: 'user',
      rateLimit: 'write',
      statementsMax: 2,
      degradation: 'full',
      schema: { response: { 204: nothing } },
      handler: async ({ raw }, reply) => {
        await sessions.revokeOthers(requireReader(raw));
        return reply.code(204).send();
      },
    }),
  ];
}
