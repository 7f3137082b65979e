/** Routes of friends: what two people are to each other, who asked whom, and the lists. */
import { z } from 'zod';
import { pageQuery } from '../../api/pages.ts';
import { requireReader } from '../../api/reader.ts';
import { defineRoute, type Route } from '../../http/routes/route.ts';
import { sendJsonText } from '../../http/server/json-text.ts';
import { friendPage, friendRequestPage, friendship, personParams } from './friends.schema.ts';
import type { Friends } from './friends.service.ts';

const common = { tags: ['friends'], access: 'user', degradation: 'full' } as const;

export function createFriendRoutes({ friends }: { readonly friends: Friends }): Route[] {
  return [...listRoutes(friends), ...personRoutes(friends), ...requestRoutes(friends)];
}

function listRoutes(friends: Friends): Route[] {
  const list = { ...common, method: 'GET', rateLimit: 'read', statementsMax: 1, errors: ['cursor.invalid', 'cursor.foreign'] } as const;
  const page = { querystring: pageQuery } as const;
  return [
    defineRoute({
      ...list,
      url: '/api/me/friends',
      operationId: 'listFriends',
      summary: 'Your friends',
      schema: { ...page, response: { 200: friendPage } },
      handler: async ({ query, raw }, reply) => sendJsonText(reply, await friends.listText(requireReader(raw), 'friends', pageOf(query))),
    }),
    defineRoute({
      ...list,
      url: '/api/me/friend-requests/received',
      operationId: 'listReceivedFriendRequests',
      summary: 'People who want to be your friends, newest first',
      schema: { ...page, response: { 200: friendRequestPage } },
      handler: async ({ query, raw }, reply) => sendJsonText(reply, await friends.listText(requireReader(raw), 'received', pageOf(query))),
    }),
    defineRoute({
      ...list,
      url: '/api/me/friend-requests/sent',
      operationId: 'listSentFriendRequests',
      summary: 'People whom you asked and who have not accepted, newest first',
      schema: { ...page, response: { 200: friendRequestPage } },
      handler: async ({ query, raw }, reply) => sendJsonText(reply, await friends.listText(requireReader(raw), 'sent', pageOf(query))),
    }),
  ];
}

function personRoutes(friends: Friends): Route[] {
  return [
    defineRoute({
      ...common,
      method: 'GET',
      url: '/api/users/:username/friendship',
      operationId: 'getFriendship',
      summary: 'What you and a person are to each other',
      rateLimit: 'read',
      statementsMax: 1,
      errors: ['user.not_found', 'friend.yourself'],
      schema: { params: personParams, response: { 200: friendship } },
      handler: ({ params, raw }) => friends.between(requireReader(raw), params.username),
    }),
    defineRoute({
      ...common,
      method: 'GET',
      url: '/api/users/:username/mutual-friends',
      operationId: 'listMutualFriends',
      summary: 'Friends whom you and a person both have',
      rateLimit: 'read',
      statementsMax: 1,
      errors: ['user.not_found', 'cursor.invalid', 'cursor.foreign'],
      schema: { params: personParams, querystring: pageQuery, response: { 200: friendPage } },
      handler: async ({ params, query, raw }, reply) =>
        sendJsonText(reply, await friends.mutualText(requireReader(raw), params.username, pageOf(query))),
    }),
    defineRoute({
      ...common,
      method: 'DELETE',
      url: '/api/me/friends/:username',
      operationId: 'removeFriend',
      summary: 'End a friendship',
      rateLimit: 'write',
      statementsMax: 9,
      errors: ['user.not_found', 'friend.yourself'],
      schema: { params: personParams, response: { 204: z.undefined() } },
      handler: async ({ params, raw }, reply) => {
        await friends.remove(requireReader(raw), params.username);
        return reply.code(204).send();
      },
    }),
  ];
}

function requestRoutes(friends: Friends): Route[] {
  const one = {
    ...common,
    rateLimit: 'write',
    statementsMax: 11,
    schema: { params: personParams, response: { 200: friendship } },
  } as const;
  const sent = { ...one, url: '/api/me/friend-requests/sent/:username' } as const;
  const received = { ...one, url: '/api/me/friend-requests/received/:username' } as const;
  return [
    defineRoute({
      ...sent,
      method: 'PUT',
      operationId: 'askToBeFriends',
      summary: 'Ask a person to be your friend; who asked you already is one at once',
      rateLimit: 'friendRequest',
      errors: ['user.not_found', 'friend.yourself', 'friend.not_accepting', 'friend.requests_too_many', 'friend.too_many'],
      handler: ({ params, raw }) => friends.ask(requireReader(raw), params.username),
    }),
    defineRoute({
      ...sent,
      method: 'DELETE',
      operationId: 'cancelFriendRequest',
      summary: 'Take back what you asked',
      errors: ['user.not_found', 'friend.yourself'],
      handler: ({ params, raw }) => friends.cancel(requireReader(raw), params.username),
    }),
    defineRoute({
      ...received,
      method: 'PUT',
      operationId: 'acceptFriendRequest',
      summary: 'Accept: you are friends',
      errors: ['user.not_found', 'friend.yourself', 'friend.request_not_found', 'friend.too_many'],
      handler: ({ params, raw }) => friends.accept(requireReader(raw), params.username),
    }),
    defineRoute({
      ...received,
      method: 'DELETE',
      operationId: 'declineFriendRequest',
      summary: 'Decline; the person is not told, and asking again reaches you in 30 days at the earliest',
      errors: ['user.not_found', 'friend.yourself'],
      handler: ({ params, raw }) => friends.decline(requireReader(raw), params.username),
    }),
  ];
}

function pageOf(query: { readonly cursor?: string | undefined; readonly limit: number }) {
  return { cursor: query.cursor, limit: query.limit };
}
