/** Routes of notifications: a person's own lines, and what they chose to be told of. */
import { z } from 'zod';
import { pageQuery } from '../../api/pages.ts';
import { requireReader } from '../../api/reader.ts';
import { defineRoute, type Route } from '../../http/routes/route.ts';
import { sendJsonText } from '../../http/server/json-text.ts';
import type { NotificationLevels } from './levels.service.ts';
import * as schema from './notifications.schema.ts';
import type { Notifications } from './notifications.service.ts';

export interface NotificationRoutesDependencies {
  readonly notifications: Notifications;
  readonly levels: NotificationLevels;
}

export function createNotificationRoutes({ notifications, levels }: NotificationRoutesDependencies): Route[] {
  return [...lineRoutes(notifications), ...levelRoutes(levels)];
}

function lineRoutes(notifications: Notifications): Route[] {
  const own = { tags: ['notifications'], access: 'user', degradation: 'full' } as const;
  return [
    defineRoute({
      ...own,
      method: 'GET',
      url: '/api/me/notifications',
      operationId: 'listNotifications',
      summary: 'What you are told, newest first',
      rateLimit: 'read',
      statementsMax: 1,
      errors: ['cursor.invalid', 'cursor.foreign'],
      schema: { querystring: pageQuery, response: { 200: schema.notificationPage } },
      handler: async ({ query, raw }, reply) =>
        sendJsonText(reply, await notifications.listText(requireReader(raw), { cursor: query.cursor, limit: query.limit })),
    }),
    defineRoute({
      ...own,
      method: 'GET',
      url: '/api/me/notifications/unread',
      operationId: 'countUnreadNotifications',
      summary: 'How many lines are unread',
      rateLimit: 'read',
      statementsMax: 1,
      schema: { response: { 200: schema.unreadCount } },
      handler: ({ raw }) => notifications.unread(requireReader(raw)),
    }),
    defineRoute({
      ...own,
      method: 'PUT',
      url: '/api/me/notifications/read',
      operationId: 'readNotifications',
      summary: 'Mark everything read, or everything up to a position',
      rateLimit: 'write',
      statementsMax: 5,
      schema: { body: schema.readBody, response: { 200: schema.unreadCount } },
      handler: ({ body, raw }) => notifications.markRead(requireReader(raw), body.upTo),
    }),
  ];
}

function levelRoutes(levels: NotificationLevels): Route[] {
  const one = {
    url: '/api/me/notification-levels/:scope/:of',
    tags: ['notifications'],
    access: 'user',
    rateLimit: 'write',
    degradation: 'full',
  } as const;
  return [
    defineRoute({
      method: 'GET',
      url: '/api/me/notification-levels',
      operationId: 'listNotificationLevels',
      summary: 'What you chose to be told of',
      tags: ['notifications'],
      access: 'user',
      rateLimit: 'read',
      statementsMax: 1,
      degradation: 'full',
      errors: ['cursor.invalid', 'cursor.foreign'],
      schema: { querystring: pageQuery, response: { 200: schema.notificationLevelPage } },
      handler: async ({ query, raw }, reply) =>
        sendJsonText(reply, await levels.listText(requireReader(raw), { cursor: query.cursor, limit: query.limit })),
    }),
    defineRoute({
      ...one,
      method: 'PUT',
      operationId: 'chooseNotificationLevel',
      summary: 'Choose what to be told of: of a sanctum, a thread, a person, or everything',
      statementsMax: 2,
      errors: ['notification.scope_not_found', 'notification.levels_too_many'],
      schema: { params: schema.levelParams, body: schema.levelBody, response: { 200: schema.notificationLevel } },
      handler: ({ params, body, raw }) => levels.choose(requireReader(raw), params.scope, params.of, body.level),
    }),
    defineRoute({
      ...one,
      method: 'DELETE',
      operationId: 'forgetNotificationLevel',
      summary: 'Take the choice back',
      statementsMax: 2,
      errors: ['notification.scope_not_found'],
      schema: { params: schema.levelParams, response: { 204: z.undefined() } },
      handler: async ({ params, raw }, reply) => {
        await levels.forget(requireReader(raw), params.scope, params.of);
        return reply.code(204).send();
      },
    }),
  ];
}
