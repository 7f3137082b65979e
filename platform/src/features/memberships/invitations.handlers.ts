/** Routes of invitations: those a sanctum sends, and those a person has. */
import { z } from 'zod';
import { sendJsonText } from '../../http/server/json-text.ts';
import { pageQuery } from '../../api/pages.ts';
import { requireReader } from '../../api/reader.ts';
import { defineRoute, type Route } from '../../http/routes/route.ts';
import type { Invitations } from './invitations.service.ts';
import {
  invitation,
  invitationPage,
  inviteBody,
  memberParams,
  myInvitationPage,
  sanctum,
  sanctumParams,
} from '../sanctums/sanctums.schema.ts';

export function createInvitationRoutes({ invitations }: { readonly invitations: Invitations }): Route[] {
  return [...sentRoutes(invitations), ...receivedRoutes(invitations)];
}

function sentRoutes(invitations: Invitations): Route[] {
  const one = {
    url: '/api/sanctums/:name/invitations/:username',
    tags: ['invitations'],
    access: 'user',
    rateLimit: 'write',
    degradation: 'full',
  } as const;
  return [
    defineRoute({
      method: 'GET',
      url: '/api/sanctums/:name/invitations',
      operationId: 'listInvitations',
      summary: 'Invitations of a sanctum that wait for an answer; for its owner and moderators',
      tags: ['invitations'],
      access: 'user',
      rateLimit: 'read',
      statementsMax: 2,
      degradation: 'full',
      errors: ['sanctum.not_found', 'access.denied', 'cursor.invalid', 'cursor.foreign'],
      schema: { params: sanctumParams, querystring: pageQuery, response: { 200: invitationPage } },
      handler: async ({ params, query, raw }, reply) =>
        sendJsonText(reply, await invitations.ofSanctumText(requireReader(raw), params.name, { cursor: query.cursor, limit: query.limit })),
    }),
    defineRoute({
      ...one,
      method: 'PUT',
      operationId: 'invitePerson',
      summary: 'Invite a person, or offer a member the ownership',
      statementsMax: 6,
      errors: [
        'sanctum.not_found',
        'access.denied',
        'user.not_found',
        'sanctum.banned',
        'sanctum.owner_stays',
        'membership.not_found',
        'membership.exists',
        'invitation.declined',
        'invitation.too_many',
      ],
      schema: { params: memberParams, body: inviteBody, response: { 200: invitation } },
      handler: ({ params, body, raw }) => invitations.invite(requireReader(raw), params.name, params.username, body.role),
    }),
    defineRoute({
      ...one,
      method: 'DELETE',
      operationId: 'withdrawInvitation',
      summary: 'Withdraw an invitation',
      statementsMax: 4,
      errors: ['sanctum.not_found', 'access.denied', 'invitation.not_found'],
      schema: { params: memberParams, response: { 204: z.undefined() } },
      handler: async ({ params, raw }, reply) => {
        await invitations.withdraw(requireReader(raw), params.name, params.username);
        return reply.code(204).send();
      },
    }),
  ];
}

function receivedRoutes(invitations: Invitations): Route[] {
  const one = {
    url: '/api/me/invitations/:name',
    tags: ['invitations'],
    access: 'user',
    rateLimit: 'write',
    degradation: 'full',
    errors: ['sanctum.not_found', 'invitation.not_found'],
  } as const;
  return [
    defineRoute({
      method: 'GET',
      url: '/api/me/invitations',
      operationId: 'listMyInvitations',
      summary: 'Invitations that wait for your answer',
      tags: ['invitations'],
      access: 'user',
      rateLimit: 'read',
      statementsMax: 1,
      degradation: 'full',
      errors: ['cursor.invalid', 'cursor.foreign'],
      schema: { querystring: pageQuery, response: { 200: myInvitationPage } },
      handler: async ({ query, raw }, reply) =>
        sendJsonText(reply, await invitations.ofReaderText(requireReader(raw), { cursor: query.cursor, limit: query.limit })),
    }),
    defineRoute({
      ...one,
      method: 'PUT',
      operationId: 'acceptInvitation',
      summary: 'Accept: become a member, a moderator, or the owner',
      statementsMax: 10,
      schema: { params: sanctumParams, response: { 200: sanctum } },
      handler: ({ params, raw }) => invitations.accept(requireReader(raw), params.name),
    }),
    defineRoute({
      ...one,
      method: 'DELETE',
      operationId: 'declineInvitation',
      summary: 'Decline; the sanctum cannot ask again for 30 days',
      statementsMax: 3,
      schema: { params: sanctumParams, response: { 204: z.undefined() } },
      handler: async ({ params, raw }, reply) => {
        await invitations.decline(requireReader(raw), params.name);
        return reply.code(204).send();
      },
    }),
  ];
}
