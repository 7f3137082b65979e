/** Routes of people. */
import { sendJsonText } from '../../http/server/json-text.ts';
import { requireReader } from '../../api/reader.ts';
import { defineRoute, type Route } from '../../http/routes/route.ts';
import { me, profile, profileParams, updateMeBody } from './users.schema.ts';
import type { Users } from './users.service.ts';

export function createUserRoutes({ users }: { readonly users: Users }): Route[] {
  return [
    defineRoute({
      method: 'GET',
      url: '/api/me',
      operationId: 'getMe',
      summary: 'Your own account',
      tags: ['people'],
      access: 'user',
      rateLimit: 'read',
      statementsMax: 2,
      degradation: 'full',
      schema: { response: { 200: me } },
      handler: async (request) => users.me(requireReader(request.raw)),
    }),
    defineRoute({
      method: 'PATCH',
      url: '/api/me',
      operationId: 'updateMe',
      summary: 'Change your display name or bio',
      tags: ['people'],
      access: 'user',
      rateLimit: 'write',
      statementsMax: 2,
      degradation: 'full',
      schema: { body: updateMeBody, response: { 200: me } },
      handler: async (request) => users.updateMe(requireReader(request.raw), request.body),
    }),
    defineRoute({
      method: 'GET',
      url: '/api/users/:username',
      operationId: 'getProfile',
      summary: 'What everyone may know of a person',
      tags: ['people'],
      access: 'public',
      rateLimit: 'read',
      statementsMax: 2,
      degradation: 'full',
      errors: ['user.not_found'],
      schema: { params: profileParams, response: { 200: profile } },
      handler: async (request, reply) => sendJsonText(reply, await users.profileText(request.raw.reader, request.params.username)),
    }),
  ];
}
