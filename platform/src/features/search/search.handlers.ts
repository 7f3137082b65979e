import { sendJsonText } from '../../http/server/json-text.ts';
import { defineRoute, type Route } from '../../http/routes/route.ts';
import { searchPageSchema, searchQuerySchema } from './search.schema.ts';
import type { Search } from './search.service.ts';

export function createSearchRoutes({ search }: { readonly search: Search }): Route[] {
  return [
    defineRoute({
      method: 'GET',
      url: '/api/search',
      operationId: 'search',
      summary: 'Find posts, sanctums or people',
      tags: ['search'],
      access: 'public',
      rateLimit: 'search',
      statementsMax: 1,
      degradation: 'full',
      errors: ['cursor.invalid', 'cursor.foreign'],
      schema: { querystring: searchQuerySchema, response: { 200: searchPageSchema } },
      handler: async ({ query, raw }, reply) => sendJsonText(reply, await search.find(raw.reader, query)),
    }),
  ];
}
