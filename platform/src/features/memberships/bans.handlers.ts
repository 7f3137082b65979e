/** Routes of bans. */
import { z } from 'zod';
import { sendJsonText } from '../../http/server/json-text.ts';
import { pageQuery } from '../../api/pages.ts';
import { requireReader } from '../../api/reader.ts';
import { defineRoute, type Route } from '../../http/routes/route.ts';
import type { Bans } from './bans.service.ts';
import { ban, banPage, memberParams, sanctumParams } from '../sanctums/sanctums.schema.ts';

export function createBanRoutes({ bans }: { readonly bans: Bans }): Route[] {
  const one = {
    url: '/api/sanctums/:name/bans/:username',
    tags: ['memberships'],
    access: 'user',
    rateLimit: 'write',
    degradation: 'full',
  } as const;
  return [
    defineRoute({
      method: 'GET',
      url: '/api/sanctums/:name/bans',
      operationId: 'listBans',
      summary: 'Who is banned from a sanctum; for its owner and moderators',
      tags: ['memberships'],
      access: 'user',
      rateLimit: 'read',
      statementsMax: 2,
      degradation: 'full',
      errors: ['sanctum.not_found', 'access.denied', 'cursor.invalid', 'cursor.foreign'],
      schema: { params: sanctumParams, querystring: pageQuery, response: { 200: banPage } },
      handler: async ({ params, query, raw }, reply) =>
        sendJsonText(reply, await bans.listText(requireReader(raw), params.name, { cursor: query.cursor, limit: query.limit })),
    }),
    defineRoute({
      ...one,
      method: 'PUT',
      operationId: 'banPerson',
      summary: 'Ban a person, member or not',
      statementsMax: 9,
      errors: ['sanctum.not_found', 'user.not_found', 'access.denied', 'sanctum.owner_stays'],
      schema: { params: memberParams, response: { 200: ban } },
      handler: ({ params, raw }) => bans.ban(requireReader(raw), params.name, params.username),
    }),
    defineRoute({
      ...one,
      method: 'DELETE',
      operationId: 'liftBan',
      summary: 'Let a banned person come back',
      statementsMax: 4,
      errors: ['sanctum.not_found', 'ban.not_found', 'access.denied'],
      schema: { params: memberParams, response: { 204: z.undefined() } },
      handler: async ({ params, raw }, reply) => {
        await bans.lift(requireReader(raw), params.name, params.username);
        return reply.code(204).send();
      },
    }),
  ];
}
