/** Routes of what people chose. */
import { requireReader } from '../../api/reader.ts';
import { defineRoute, type Route } from '../../http/routes/route.ts';
import { presenceOf, presenceQuery, privacy, updatePrivacyBody } from './privacy.schema.ts';
import type { PrivacySettings } from './privacy.service.ts';

export function createPrivacyRoutes({ privacy: settings }: { readonly privacy: PrivacySettings }): Route[] {
  const own = { url: '/api/me/privacy', tags: ['people'], access: 'user', statementsMax: 1, degradation: 'full' } as const;
  return [
    defineRoute({
      ...own,
      method: 'GET',
      operationId: 'getPrivacy',
      summary: 'What you chose about others and yourself',
      rateLimit: 'read',
      schema: { response: { 200: privacy } },
      handler: ({ raw }) => settings.of(requireReader(raw)),
    }),
    defineRoute({
      ...own,
      method: 'PATCH',
      operationId: 'updatePrivacy',
      summary: 'Choose who may ask you to be friends and write to you, and who sees that you are here and what you read',
      rateLimit: 'write',
      schema: { body: updatePrivacyBody, response: { 200: privacy } },
      handler: ({ body, raw }) => settings.change(requireReader(raw), body),
    }),
    defineRoute({
      method: 'GET',
      url: '/api/presence',
      operationId: 'listPresence',
      summary: 'Who of these people is here',
      tags: ['people'],
      access: 'user',
      rateLimit: 'read',
      statementsMax: 2,
      degradation: 'full',
      schema: { querystring: presenceQuery, response: { 200: presenceOf } },
      handler: ({ query, raw }) => settings.presenceOf(requireReader(raw), query.of),
    }),
  ];
}
