/** Routes of messages. */
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { requireReader } from '../../api/reader.ts';
import { defineRoute, type Route } from '../../http/routes/route.ts';
import { sendJsonText } from '../../http/server/json-text.ts';
import * as schema from './messages.schema.ts';
import type { Messages } from './messages.service.ts';

const common = { tags: ['messages'], access: 'user', degradation: 'full' } as const;
const reading = { ...common, method: 'GET', statementsMax: 1 } as const;
const messagesUrl = '/api/conversations/:conversationId/messages';
const one = { ...common, url: `${messagesUrl}/:messageId` } as const;

export function createMessageRoutes({ messages }: { readonly messages: Messages }): Route[] {
  return [...readingRoutes(messages), ...writingRoutes(messages), reactionRoute(messages, true), reactionRoute(messages, false)];
}

const keyOf = (raw: FastifyRequest, params: { readonly conversationId: string; readonly messageId: string }) => ({
  conversationId: params.conversationId,
  messageId: params.messageId,
  userId: requireReader(raw).userId,
});

function readingRoutes(messages: Messages): Route[] {
  return [
    defineRoute({
      ...reading,
      url: messagesUrl,
      operationId: 'listMessages',
      summary: 'A stretch of a conversation: its end, or before, after or around a message',
      rateLimit: 'read',
      errors: ['conversation.not_found'],
      schema: { params: schema.conversationIdParams, querystring: schema.windowQuery, response: { 200: schema.messageWindow } },
      handler: async ({ params, query, raw }, reply) =>
        sendJsonText(reply, await messages.window(requireReader(raw), params.conversationId, query)),
    }),
    defineRoute({
      ...reading,
      url: '/api/conversations/:conversationId/search',
      operationId: 'searchMessages',
      summary: `Messages of a conversation that hold a text; looks through ${schema.searchedMessagesMax} at a time`,
      rateLimit: 'search',
      errors: ['conversation.not_found'],
      schema: { params: schema.conversationIdParams, querystring: schema.searchQuery, response: { 200: schema.foundMessages } },
      handler: async ({ params, query, raw }, reply) =>
        sendJsonText(reply, await messages.search(requireReader(raw), params.conversationId, query)),
    }),
    defineRoute({
      ...reading,
      url: one.url,
      operationId: 'getMessage',
      summary: 'One message',
      rateLimit: 'read',
      errors: ['message.not_found'],
      schema: { params: schema.messageParams, response: { 200: schema.message } },
      handler: async ({ params, raw }, reply) => sendJsonText(reply, await messages.get(keyOf(raw, params))),
    }),
  ];
}

function writingRoutes(messages: Messages): Route[] {
  return [
    defineRoute({
      ...common,
      method: 'POST',
      url: messagesUrl,
      operationId: 'sendMessage',
      summary: 'Send a message; the same clientId again gets the first one',
      rateLimit: 'message',
      bodyLimitBytes: schema.messageBodyLimitBytes,
      statementsMax: 3,
      // The client id in the body does what an Idempotency-Key would do, in the statement that sends.
      idempotent: false,
      errors: ['conversation.not_found', 'conversation.not_welcome', 'conversation.slow_mode', 'message.not_found', 'image.not_found'],
      schema: { params: schema.conversationIdParams, body: schema.sendMessageBody, response: { 201: schema.message } },
      handler: async ({ params, body, raw }, reply) =>
        sendJsonText(reply, await messages.send(requireReader(raw), params.conversationId, body)),
    }),
    defineRoute({
      ...one,
      method: 'PATCH',
      operationId: 'editMessage',
      summary: `Change a message of your own, within ${schema.editWindowSeconds / 3600} hours`,
      rateLimit: 'write',
      bodyLimitBytes: schema.messageBodyLimitBytes,
      statementsMax: 2,
      errors: ['message.not_found', 'message.too_old', 'access.denied'],
      schema: { params: schema.messageParams, body: schema.editMessageBody, response: { 200: schema.message } },
      handler: async ({ params, body, raw }, reply) => sendJsonText(reply, await messages.edit(keyOf(raw, params), body.body)),
    }),
    defineRoute({
      ...one,
      method: 'DELETE',
      operationId: 'deleteMessage',
      summary: 'Delete a message of your own, or of others where you moderate the sanctum',
      rateLimit: 'write',
      statementsMax: 2,
      errors: ['message.not_found', 'access.denied'],
      schema: { params: schema.messageParams, response: { 204: z.undefined() } },
      handler: async ({ params, raw }, reply) => {
        await messages.remove(keyOf(raw, params));
        return reply.code(204).send();
      },
    }),
  ];
}

function reactionRoute(messages: Messages, given: boolean): Route {
  return defineRoute({
    ...common,
    method: given ? 'PUT' : 'DELETE',
    url: `${one.url}/reactions/:emoji`,
    operationId: given ? 'giveReaction' : 'takeReactionBack',
    summary: given ? 'React to a message' : 'Take a reaction back',
    rateLimit: 'like',
    statementsMax: 2,
    errors: ['message.not_found'],
    schema: { params: schema.reactionParams, response: { 200: schema.message } },
    handler: async ({ params, raw }, reply) => sendJsonText(reply, await messages.setReaction(keyOf(raw, params), params.emoji, given)),
  });
}
