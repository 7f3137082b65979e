import { sendJsonText } from '../../http/server/json-text.ts';
import { defineRoute, type Route } from '../../http/routes/route.ts';
import { requireReader } from '../../api/reader.ts';
import { feedQuerySchema, postPageSchema, sanctumFeedParamsSchema, userFeedParamsSchema } from '../posts/posts.schema.ts';
import type { Feeds } from './feeds.service.ts';

const list = {
  method: 'GET',
  tags: ['feeds'],
  rateLimit: 'read',
  statementsMax: 1,
  degradation: 'full',
} as const;
const response = { 200: postPageSchema };

export function createFeedRoutes({ feeds }: { readonly feeds: Feeds }): Route[] {
  return [
    defineRoute({
      ...list,
      url: '/api/feeds/popular',
      operationId: 'popularFeed',
      summary: 'Posts of all public sanctums',
      access: 'public',
      errors: ['cursor.invalid', 'cursor.foreign'],
      schema: { querystring: feedQuerySchema, response },
      handler: async ({ query, raw }, reply) => sendJsonText(reply, await feeds.read(raw.reader, 'popular', '', query)),
    }),
    defineRoute({
      ...list,
      url: '/api/feeds/home',
      operationId: 'homeFeed',
      summary: 'Posts of the sanctums you are a member of',
      access: 'user',
      errors: ['cursor.invalid', 'cursor.foreign'],
      schema: { querystring: feedQuerySchema, response },
      handler: async ({ query, raw }, reply) => sendJsonText(reply, await feeds.read(requireReader(raw), 'home', '', query)),
    }),
    defineRoute({
      ...list,
      url: '/api/sanctums/:name/posts',
      operationId: 'listSanctumPosts',
      summary: 'Posts of one sanctum',
      access: 'public',
      errors: ['sanctum.not_found', 'cursor.invalid', 'cursor.foreign'],
      schema: { params: sanctumFeedParamsSchema, querystring: feedQuerySchema, response },
      handler: async ({ params, query, raw }, reply) => sendJsonText(reply, await feeds.read(raw.reader, 'sanctum', params.name, query)),
    }),
    defineRoute({
      ...list,
      url: '/api/users/:username/posts',
      operationId: 'listUserPosts',
      summary: 'Posts of one person',
      access: 'public',
      errors: ['user.not_found', 'cursor.invalid', 'cursor.foreign'],
      schema: { params: userFeedParamsSchema, querystring: feedQuerySchema, response },
      handler: async ({ params, query, raw }, reply) => sendJsonText(reply, await feeds.read(raw.reader, 'user', params.username, query)),
    }),
  ];
}
