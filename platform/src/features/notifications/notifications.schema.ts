/** Shapes of notifications. */
import { z } from 'zod';
import { pageOf } from '../../api/pages.ts';
import { idText, timestamp } from '../../api/shapes.ts';
import { username } from '../users/users.schema.ts';

export const notificationTypes = ['reply', 'mention', 'likes', 'invitation', 'friend_request', 'friend_accepted', 'removal'] as const;

/** Counted no further than this: "99 and more". */
export const countMax = 100;

const person = z.object({ username, displayName: z.string() });

export const notification = z
  .object({
    id: idText,
    type: z.enum(notificationTypes),
    count: z.int().describe(`How often it happened since it was read last, at most ${countMax}.`),
    actors: z.array(person).max(3).describe('Who did it, the latest first. Nobody where it does not matter who.'),
    sanctum: z.object({ name: z.string(), title: z.string() }).nullable(),
    post: z.object({ id: idText, title: z.string() }).nullable(),
    commentId: idText.nullable().describe('The newest comment of it, or your own that was liked.'),
    number: z.int().nullable().describe('Likes there are.'),
    position: z.string().describe('Position of its newest event in your stream of notifications.'),
    read: z.boolean(),
    createdAt: timestamp,
    updatedAt: timestamp,
  })
  .meta({ id: 'Notification', description: 'One line of what you are told.' });

export const notificationPage = pageOf(notification)
  .extend({
    unread: z.int().describe(`Unread lines, counted to ${countMax}.`),
    position: z.string().describe('Position of your stream at which this was read.'),
  })
  .meta({ id: 'NotificationPage' });

export const unreadCount = z
  .object({ unread: z.int().describe(`Unread lines, counted to ${countMax}.`), position: z.string() })
  .meta({ id: 'UnreadNotifications' });

export const positionText = z.string().regex(/^\d{1,15}$/, 'must be a position: 1 to 15 digits');
export const readBody = z
  .object({ upTo: positionText.optional().describe('What came later stays unread; everything is read without it.') })
  .strict();

export const scopes = ['account', 'sanctum', 'post', 'person'] as const;
export const levels = ['all', 'mentions', 'none'] as const;
export type Scope = (typeof scopes)[number];
export type Level = (typeof levels)[number];

/** Choices of one person. */
export const levelsMax = 1000;

export const levelParams = z.object({
  scope: z.enum(scopes),
  of: z
    .string()
    .regex(/^[A-Za-z0-9_]{1,30}$/)
    .describe('Name of the sanctum, id of the post, username; "me" for the whole account.'),
});
export const levelBody = z.object({ level: z.enum(levels) }).strict();
export const notificationLevel = z
  .object({ scope: z.enum(scopes), of: z.string(), level: z.enum(levels), updatedAt: timestamp })
  .meta({ id: 'NotificationLevel', description: 'all: what concerns you. mentions: only where you are called by name. none: nothing.' });
export const notificationLevelPage = pageOf(notificationLevel).meta({ id: 'NotificationLevelPage' });

export type NotificationLevel = z.output<typeof notificationLevel>;
