/** Routes of conversations. */
import { requireReader } from '../../api/reader.ts';
import { defineRoute, type Route } from '../../http/routes/route.ts';
import { sendJsonText } from '../../http/server/json-text.ts';
import { sanctumParams } from '../sanctums/sanctums.schema.ts';
import * as schema from './conversations.schema.ts';
import type { Conversations } from './conversations.service.ts';
import type { Founding } from './founding.service.ts';

const common = { tags: ['conversations'], access: 'user', degradation: 'full' } as const;
const reading = { ...common, method: 'GET', rateLimit: 'read', statementsMax: 1 } as const;

export interface ConversationRoutesDependencies {
  readonly conversations: Conversations;
  readonly founding: Founding;
}

export function createConversationRoutes({ conversations, founding }: ConversationRoutesDependencies): Route[] {
  return [
    defineRoute({
      ...reading,
      url: '/api/conversations',
      operationId: 'listConversations',
      summary: 'Your conversations, the last active first, and the groups you are invited to',
      errors: ['cursor.invalid', 'cursor.foreign'],
      schema: { querystring: schema.conversationListQuery, response: { 200: schema.conversationPage } },
      handler: async ({ query, raw }, reply) =>
        sendJsonText(reply, await conversations.listText(requireReader(raw), { cursor: query.cursor, limit: query.limit })),
    }),
    defineRoute({
      ...reading,
      url: '/api/conversations/:conversationId',
      operationId: 'getConversation',
      summary: 'One conversation',
      errors: ['conversation.not_found'],
      schema: { params: schema.conversationParams, response: { 200: schema.conversation } },
      handler: async ({ params, raw }, reply) => sendJsonText(reply, await conversations.get(requireReader(raw), params.conversationId)),
    }),
    defineRoute({
      ...reading,
      url: '/api/sanctums/:name/conversation',
      operationId: 'getConversationOfSanctum',
      summary: 'The conversation of a sanctum, for its members',
      errors: ['conversation.not_found'],
      schema: { params: sanctumParams, response: { 200: schema.conversation } },
      handler: async ({ params, raw }, reply) => sendJsonText(reply, await conversations.ofSanctum(requireReader(raw), params.name)),
    }),
    defineRoute({
      ...common,
      method: 'PATCH',
      url: '/api/conversations/:conversationId',
      operationId: 'updateConversation',
      summary: 'The title of your group; slow mode where you moderate the sanctum',
      rateLimit: 'write',
      statementsMax: 5,
      errors: ['conversation.not_found', 'conversation.other_kind', 'access.denied'],
      schema: { params: schema.conversationParams, body: schema.updateConversationBody, response: { 200: schema.conversation } },
      handler: async ({ params, body, raw }, reply) =>
        sendJsonText(reply, await conversations.update(requireReader(raw), params.conversationId, body)),
    }),
    ...foundingRoutes(founding),
  ];
}

function foundingRoutes(founding: Founding): Route[] {
  return [
    defineRoute({
      ...common,
      method: 'PUT',
      url: '/api/conversations/direct/:username',
      operationId: 'openDirectConversation',
      summary: 'Your conversation with a person, opened if there was none',
      rateLimit: 'conversation',
      statementsMax: 7,
      errors: [
        'user.not_found',
        'conversation.with_yourself',
        'conversation.not_welcome',
        'conversation.too_many',
        'conversation.not_found',
      ],
      schema: { params: schema.directParams, response: { 200: schema.conversation } },
      handler: async ({ params, raw }, reply) => sendJsonText(reply, await founding.openDirect(requireReader(raw), params.username)),
    }),
    defineRoute({
      ...common,
      method: 'POST',
      url: '/api/conversations',
      operationId: 'createGroup',
      summary: 'Found a group, own it, and invite to it',
      rateLimit: 'conversation',
      statementsMax: 12,
      idempotent: true,
      errors: ['user.not_found', 'conversation.not_welcome', 'conversation.too_many', 'conversation.full', 'conversation.declined'],
      schema: { body: schema.createGroupBody, response: { 201: schema.conversation } },
      handler: ({ body, raw, once }) => {
        const reader = requireReader(raw);
        return once((tx) => founding.createGroup(tx, reader, body));
      },
    }),
  ];
}
