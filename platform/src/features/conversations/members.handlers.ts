/** Routes of who is in a conversation. */
import { z } from 'zod';
import { requireReader } from '../../api/reader.ts';
import { defineRoute, type Route } from '../../http/routes/route.ts';
import { sendJsonText } from '../../http/server/json-text.ts';
import * as schema from './conversations.schema.ts';
import type { ConversationMembers } from './members.service.ts';

const changing = { tags: ['conversations'], access: 'user', rateLimit: 'write', degradation: 'full' } as const;
const one = { ...changing, url: '/api/conversations/:conversationId/members/:username' } as const;
const own = { ...changing, url: '/api/conversations/:conversationId/membership' } as const;

export function createConversationMemberRoutes({ members }: { readonly members: ConversationMembers }): Route[] {
  return [...othersRoutes(members), ...ownRoutes(members)];
}

function othersRoutes(members: ConversationMembers): Route[] {
  return [
    defineRoute({
      method: 'GET',
      url: '/api/conversations/:conversationId/members',
      operationId: 'listConversationMembers',
      summary: 'Who is in a direct conversation or a group, and how far they read; members of a sanctum are listed by the sanctum',
      tags: ['conversations'],
      access: 'user',
      rateLimit: 'read',
      statementsMax: 1,
      degradation: 'full',
      errors: ['conversation.not_found'],
      schema: { params: schema.conversationParams, response: { 200: schema.conversationMembers } },
      handler: async ({ params, raw }, reply) => sendJsonText(reply, await members.listText(requireReader(raw), params.conversationId)),
    }),
    defineRoute({
      ...one,
      method: 'PUT',
      operationId: 'inviteToConversation',
      summary: 'Invite a person to your group',
      rateLimit: 'conversation',
      statementsMax: 7,
      errors: [
        'conversation.not_found',
        'conversation.other_kind',
        'access.denied',
        'user.not_found',
        'conversation.not_welcome',
        'conversation.declined',
        'conversation.full',
      ],
      schema: { params: schema.conversationMemberParams, response: { 204: z.undefined() } },
      handler: async ({ params, raw }, reply) => {
        await members.invite(requireReader(raw), params.conversationId, params.username);
        return reply.code(204).send();
      },
    }),
    defineRoute({
      ...one,
      method: 'DELETE',
      operationId: 'removeFromConversation',
      summary: 'Remove a person from your group, or take the invitation back',
      statementsMax: 6,
      errors: ['conversation.not_found', 'conversation.other_kind', 'access.denied', 'conversation.not_member'],
      schema: { params: schema.conversationMemberParams, response: { 204: z.undefined() } },
      handler: async ({ params, raw }, reply) => {
        await members.remove(requireReader(raw), params.conversationId, params.username);
        return reply.code(204).send();
      },
    }),
  ];
}

function ownRoutes(members: ConversationMembers): Route[] {
  return [
    defineRoute({
      ...own,
      method: 'PUT',
      operationId: 'joinConversation',
      summary: 'Accept the invitation to a group',
      statementsMax: 7,
      errors: ['conversation.not_found', 'conversation.other_kind', 'conversation.too_many'],
      schema: { params: schema.conversationParams, response: { 200: schema.conversation } },
      handler: async ({ params, raw }, reply) => sendJsonText(reply, await members.accept(requireReader(raw), params.conversationId)),
    }),
    defineRoute({
      ...own,
      method: 'DELETE',
      operationId: 'leaveConversation',
      summary: 'Leave a group, or decline the invitation to it',
      statementsMax: 8,
      errors: ['conversation.not_found', 'conversation.other_kind'],
      schema: { params: schema.conversationParams, response: { 204: z.undefined() } },
      handler: async ({ params, raw }, reply) => {
        await members.leave(requireReader(raw), params.conversationId);
        return reply.code(204).send();
      },
    }),
  ];
}
