/** Routes of blocks. */
import { z } from 'zod';
import { pageQuery } from '../../api/pages.ts';
import { requireReader } from '../../api/reader.ts';
import { defineRoute, type Route } from '../../http/routes/route.ts';
import { sendJsonText } from '../../http/server/json-text.ts';
import { block, blockPage, blockParams } from './blocks.schema.ts';
import type { Blocks } from './blocks.service.ts';

export function createBlockRoutes({ blocks }: { readonly blocks: Blocks }): Route[] {
  const one = {
    url: '/api/me/blocks/:username',
    tags: ['friends'],
    access: 'user',
    rateLimit: 'write',
    degradation: 'full',
  } as const;
  return [
    defineRoute({
      method: 'GET',
      url: '/api/me/blocks',
      operationId: 'listBlocks',
      summary: 'People whom you blocked',
      tags: ['friends'],
      access: 'user',
      rateLimit: 'read',
      statementsMax: 1,
      degradation: 'full',
      errors: ['cursor.invalid', 'cursor.foreign'],
      schema: { querystring: pageQuery, response: { 200: blockPage } },
      handler: async ({ query, raw }, reply) =>
        sendJsonText(reply, await blocks.listText(requireReader(raw), { cursor: query.cursor, limit: query.limit })),
    }),
    defineRoute({
      ...one,
      method: 'PUT',
      operationId: 'blockPerson',
      summary: 'Block a person: you no longer see each other anywhere, and you are no longer friends',
      statementsMax: 10,
      errors: ['user.not_found', 'block.yourself', 'block.too_many'],
      schema: { params: blockParams, response: { 200: block } },
      handler: ({ params, raw }) => blocks.block(requireReader(raw), params.username),
    }),
    defineRoute({
      ...one,
      method: 'DELETE',
      operationId: 'unblockPerson',
      summary: 'See each other again',
      statementsMax: 8,
      errors: ['user.not_found', 'block.yourself'],
      schema: { params: blockParams, response: { 204: z.undefined() } },
      handler: async ({ params, raw }, reply) => {
        await blocks.unblock(requireReader(raw), params.username);
        return reply.code(204).send();
      },
    }),
  ];
}
