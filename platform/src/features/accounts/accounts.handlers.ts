/** Routes of registering, signing in and the password. */
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import type { CredentialCookies } from '../../http/routes/credential-cookies.ts';
import type { CrossSiteGuard } from '../../http/routes/csrf.ts';
import { requireReader } from '../../api/reader.ts';
import { defineRoute, type Route } from '../../http/routes/route.ts';
import { signedIn } from '../sessions/sessions.schema.ts';
import { answerSignedIn, deviceOf } from '../sessions/sign-in-answer.ts';
import { changePasswordBody, registerBody, signInBody } from './accounts.schema.ts';
import { deviceDays } from './known-devices.ts';
import type { Accounts } from './accounts.service.ts';

const bodyBytesMax = 4096;
const millisecondsPerDay = 86_400_000;

export interface AccountRoutesDependencies {
  readonly accounts: Accounts;
  readonly cookies: CredentialCookies;
  readonly crossSite: CrossSiteGuard;
}

export function createAccountRoutes(dependencies: AccountRoutesDependencies): Route[] {
  return [...entranceRoutes(dependencies), ...passwordRoutes(dependencies)];
}

/** Registering and signing in. */
function entranceRoutes({ accounts, cookies, crossSite }: AccountRoutesDependencies): Route[] {
  return [
    defineRoute({
      method: 'POST',
      url: '/api/auth/register',
      operationId: 'register',
      summary: 'Create an account and sign in',
      tags: ['sessions'],
      access: 'public',
      rateLimit: 'register',
      bodyLimitBytes: bodyBytesMax,
      statementsMax: 3,
      degradation: 'full',
      // A repetition finds its name taken. The first answer is not kept for it: it holds tokens, and nobody is signed in yet
      // to whom a key could belong.
      idempotent: false,
      errors: ['user.password_weak', 'user.username_taken', 'user.email_taken', 'auth.busy', 'request.cross_site'],
      schema: { body: registerBody, response: { 201: signedIn } },
      handler: async ({ body, raw }, reply) => {
        if (body.credentials === 'cookie') crossSite.assertSameSite(raw);
        const session = await accounts.register(body, deviceOf(raw));
        reply.code(201);
        if (body.credentials === 'cookie') keepDevice(cookies, reply, session.deviceToken);
        return answerSignedIn(reply, cookies, session, body.credentials);
      },
    }),
    defineRoute({
      method: 'POST',
      url: '/api/auth/sign-in',
      operationId: 'signIn',
      summary: 'Sign in',
      tags: ['sessions'],
      access: 'public',
      rateLimit: 'auth',
      bodyLimitBytes: bodyBytesMax,
      // Twice three, for an account that changes while its password is looked at, and the sessions that give way.
      statementsMax: 7,
      degradation: 'full',
      errors: ['auth.credentials_wrong', 'auth.suspended', 'auth.busy', 'request.cross_site'],
      schema: { body: signInBody, response: { 200: signedIn } },
      handler: async ({ body, raw }, reply) => {
        if (body.credentials === 'cookie') crossSite.assertSameSite(raw);
        const session = await accounts.signIn(body, deviceOf(raw), body.deviceToken ?? cookies.deviceToken(raw));
        if (body.credentials === 'cookie') keepDevice(cookies, reply, session.deviceToken);
        return answerSignedIn(reply, cookies, session, body.credentials);
      },
    }),
  ];
}

function passwordRoutes({ accounts, cookies }: AccountRoutesDependencies): Route[] {
  return [
    defineRoute({
      method: 'PUT',
      url: '/api/me/password',
      operationId: 'changePassword',
      summary: 'Change your password and end all other sessions',
      tags: ['sessions'],
      access: 'user',
      rateLimit: 'auth',
      bodyLimitBytes: bodyBytesMax,
      statementsMax: 4,
      degradation: 'full',
      errors: ['auth.credentials_wrong', 'user.password_weak', 'auth.busy'],
      schema: { body: changePasswordBody, response: { 204: z.undefined() } },
      handler: async ({ body, raw }, reply) => {
        const deviceToken = await accounts.changePassword(requireReader(raw), body);
        if (cookies.accessToken(raw) !== undefined) keepDevice(cookies, reply, deviceToken);
        return reply.code(204).send();
      },
    }),
  ];
}

function keepDevice(cookies: CredentialCookies, reply: FastifyReply, deviceToken: string): void {
  cookies.setDevice(reply, deviceToken, new Date(Date.now() + deviceDays * millisecondsPerDay));
}
