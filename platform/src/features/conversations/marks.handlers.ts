/** Routes of what one person keeps in a conversation. */
import { z } from 'zod';
import { requireReader } from '../../api/reader.ts';
import { defineRoute, type Route } from '../../http/routes/route.ts';
import * as schema from './conversations.schema.ts';
import type { Marks } from './marks.service.ts';

export function createMarkRoutes({ marks }: { readonly marks: Marks }): Route[] {
  const common = {
    tags: ['conversations'],
    access: 'user',
    statementsMax: 1,
    degradation: 'full',
    errors: ['conversation.not_found'],
  } as const;
  const mute = (muted: boolean) =>
    defineRoute({
      ...common,
      method: muted ? 'PUT' : 'DELETE',
      url: '/api/conversations/:conversationId/mute',
      operationId: muted ? 'muteConversation' : 'unmuteConversation',
      summary: muted ? 'No notifications of this conversation; nobody else sees that' : 'Notifications of this conversation again',
      rateLimit: 'write',
      schema: { params: schema.conversationParams, response: { 204: z.undefined() } },
      handler: async ({ params, raw }, reply) => {
        await marks.setMuted(requireReader(raw), params.conversationId, muted);
        return reply.code(204).send();
      },
    });

  return [
    defineRoute({
      ...common,
      method: 'PUT',
      url: '/api/conversations/:conversationId/receipt',
      operationId: 'moveReceipt',
      summary: 'You read so far; a smaller position changes nothing',
      rateLimit: 'receipt',
      schema: { params: schema.conversationParams, body: schema.receiptBody, response: { 200: schema.receipt } },
      handler: ({ params, body, raw }) => marks.moveReceipt(requireReader(raw), params.conversationId, body.position),
    }),
    mute(true),
    mute(false),
    defineRoute({
      ...common,
      method: 'POST',
      url: '/api/conversations/:conversationId/typing',
      operationId: 'announceTyping',
      summary: 'You are typing: tells those who are there now; send it again every few seconds',
      rateLimit: 'typing',
      schema: { params: schema.conversationParams, response: { 204: z.undefined() } },
      handler: async ({ params, raw }, reply) => {
        await marks.announceTyping(requireReader(raw), params.conversationId);
        return reply.code(204).send();
      },
    }),
  ];
}
