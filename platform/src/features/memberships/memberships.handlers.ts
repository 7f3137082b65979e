/** Routes of memberships. */
import { z } from 'zod';
import { sendJsonText } from '../../http/server/json-text.ts';
import { pageQuery } from '../../api/pages.ts';
import { requireReader } from '../../api/reader.ts';
import { defineRoute, type Route } from '../../http/routes/route.ts';
import type { Bans } from './bans.service.ts';
import type { Memberships } from './memberships.service.ts';
import { member, memberPage, memberParams, sanctum, sanctumParams, setMemberBody } from '../sanctums/sanctums.schema.ts';

export interface MembershipRoutesDependencies {
  readonly memberships: Memberships;
  readonly bans: Bans;
}

export function createMembershipRoutes({ memberships, bans }: MembershipRoutesDependencies): Route[] {
  return [...ownRoutes(memberships), ...memberRoutes(memberships, bans)];
}

function ownRoutes(memberships: Memberships): Route[] {
  const own = {
    url: '/api/sanctums/:name/membership',
    tags: ['memberships'],
    access: 'user',
    rateLimit: 'write',
    statementsMax: 8,
    degradation: 'full',
    schema: { params: sanctumParams, response: { 200: sanctum } },
  } as const;
  return [
    defineRoute({
      ...own,
      method: 'PUT',
      operationId: 'joinSanctum',
      summary: 'Join a public sanctum',
      errors: ['sanctum.not_found', 'sanctum.private', 'sanctum.banned'],
      handler: ({ params, raw }) => memberships.join(requireReader(raw), params.name),
    }),
    defineRoute({
      ...own,
      method: 'DELETE',
      operationId: 'leaveSanctum',
      summary: 'Leave a sanctum',
      errors: ['sanctum.not_found', 'sanctum.owner_stays'],
      handler: ({ params, raw }) => memberships.leave(requireReader(raw), params.name),
    }),
  ];
}

function memberRoutes(memberships: Memberships, bans: Bans): Route[] {
  return [
    defineRoute({
      method: 'GET',
      url: '/api/sanctums/:name/members',
      operationId: 'listMembers',
      summary: 'Members of a sanctum; of a private one only for its members',
      tags: ['memberships'],
      access: 'public',
      rateLimit: 'read',
      statementsMax: 1,
      degradation: 'full',
      errors: ['sanctum.not_found', 'cursor.invalid', 'cursor.foreign'],
      schema: { params: sanctumParams, querystring: pageQuery, response: { 200: memberPage } },
      handler: async ({ params, query, raw }, reply) =>
        sendJsonText(reply, await memberships.listText(raw.reader, params.name, { cursor: query.cursor, limit: query.limit })),
    }),
    defineRoute({
      method: 'PUT',
      url: '/api/sanctums/:name/members/:username',
      operationId: 'setMember',
      summary: 'Change the role of a member',
      tags: ['memberships'],
      access: 'user',
      rateLimit: 'write',
      statementsMax: 4,
      degradation: 'full',
      errors: ['sanctum.not_found', 'membership.not_found', 'access.denied', 'sanctum.owner_stays'],
      schema: { params: memberParams, body: setMemberBody, response: { 200: member } },
      handler: ({ params, body, raw }) => memberships.set(requireReader(raw), params.name, params.username, body.role),
    }),
    defineRoute({
      method: 'DELETE',
      url: '/api/sanctums/:name/members/:username',
      operationId: 'removeMember',
      summary: 'Remove a member, who does not come back until the ban is lifted',
      tags: ['memberships'],
      access: 'user',
      rateLimit: 'write',
      statementsMax: 9,
      degradation: 'full',
      errors: ['sanctum.not_found', 'membership.not_found', 'access.denied', 'sanctum.owner_stays'],
      schema: { params: memberParams, response: { 204: z.undefined() } },
      handler: async ({ params, raw }, reply) => {
        await bans.removeMember(requireReader(raw), params.name, params.username);
        return reply.code(204).send();
      },
    }),
  ];
}
