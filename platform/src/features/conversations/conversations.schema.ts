/** Shapes of conversations on the wire. */
import { z } from 'zod';
import { pageOf, pageQuery } from '../../api/pages.ts';
import { idText, lineText, timestamp } from '../../api/shapes.ts';
import { message } from '../messages/messages.schema.ts';
import { sanctumName } from '../sanctums/sanctums.schema.ts';
import { username } from '../users/users.schema.ts';

/** People of one group, the invited ones too. */
export const groupPeopleMax = 200;
/** People who can be invited with the founding of a group. */
const foundingInvitationsMax = 50;
/** Direct conversations and groups that one person can be in, invitations left out. */
export const conversationsMax = 1000;
/** Unread messages are counted no further. */
export const unreadCountMax = 100;
export const slowModeSecondsMax = 3600;
/** Who declined an invitation is not invited again for this long. */
export const declinedDays = 30;

const person = z.object({ username, displayName: z.string() });
const position = z.int().min(0);

export const conversation = z
  .object({
    id: idText,
    kind: z.enum(['direct', 'group', 'sanctum']),
    title: z.string().nullable().describe('Of a group.'),
    person: person.nullable().describe('The other person of a direct conversation.'),
    sanctum: z
      .object({ name: sanctumName, title: z.string() })
      .nullable()
      .describe('Whose conversation it is; who is in it is who is a member.'),
    role: z
      .enum(['owner', 'moderator', 'member', 'invited'])
      .describe('Your own. Whoever is invited to a group reads nothing of it before they accept.'),
    memberCount: z.int().min(0),
    lastMessage: message.nullable(),
    unreadCount: z
      .int()
      .min(0)
      .max(unreadCountMax)
      .describe(`Messages of others behind what you read; ${unreadCountMax} means so many or more.`),
    readPosition: position.describe('How far you read.'),
    muted: z.boolean().describe('You want no notifications of it.'),
    slowModeSeconds: z
      .int()
      .min(0)
      .max(slowModeSecondsMax)
      .describe('Members of a sanctum wait so long between two messages; 0: not at all.'),
    createdAt: timestamp,
    activeAt: timestamp.describe('Of the last message you can see, else since when you are in it: what lists are ordered by.'),
    position: position.describe('Position of its stream when this was read: subscribe from here.'),
  })
  .meta({ id: 'Conversation', description: 'A conversation as one reader sees it.' });

export const conversationPage = pageOf(conversation).meta({ id: 'ConversationPage' });

export const conversationMember = person
  .extend({
    role: z.enum(['owner', 'moderator', 'member', 'invited']),
    readPosition: position
      .nullable()
      .describe('How far they read. Null when they, or you, do not show receipts, and in conversations of sanctums.'),
    createdAt: timestamp,
  })
  .meta({ id: 'ConversationMember', description: 'A membership of a conversation.' });
export const conversationMembers = z
  .object({ items: z.array(conversationMember), position: position.describe('Position of the stream at which this was read.') })
  .meta({ id: 'ConversationMembers' });

export const receipt = z.object({ readPosition: position }).meta({ id: 'Receipt' });

const title = lineText(80);
export const createGroupBody = z
  .object({ title, usernames: z.array(username).max(foundingInvitationsMax).default([]).describe('Whom to invite.') })
  .strict();
export const updateConversationBody = z
  .object({ title: title.optional(), slowModeSeconds: z.int().min(0).max(slowModeSecondsMax).optional() })
  .strict();
export const receiptBody = z.object({ position }).strict();

export const conversationParams = z.object({ conversationId: idText });
export const conversationMemberParams = z.object({ conversationId: idText, username });
export const directParams = z.object({ username });
export const conversationListQuery = pageQuery;

export type CreateGroup = z.output<typeof createGroupBody>;
export type UpdateConversation = z.output<typeof updateConversationBody>;
export type Receipt = z.output<typeof receipt>;
