/** Shapes of messages on the wire. */
import { z } from 'zod';
import { idText, plainText, timestamp } from '../../api/shapes.ts';
import { isVisible } from '../../text/visible-text.ts';
import { image } from '../images/images.schema.ts';
import { authorSchema } from '../posts/posts.schema.ts';

export const messageCharactersMax = 4000;
/** A body of the longest text in which each character is escaped (six bytes), and room for the other fields. */
export const messageBodyLimitBytes = 6 * messageCharactersMax + 2048;
/** Characters of a message that a list of conversations and a quotation show. */
export const messageExcerptCharacters = 200;
/** Authors change their words for this long. */
export const editWindowSeconds = 24 * 3600;
/** Most messages of one answer. */
export const windowMessagesMax = 100;
/** Messages that one search looks through; the next one goes on from there. */
export const searchedMessagesMax = 5000;

/** What people react with. Each person may give each of them once to a message, and no message has more kinds. */
export const reactionEmoji = ['👍', '❤️', '😂', '😮', '😢', '🎉', '🔥', '👏', '🙏', '👀', '✅', '❓'] as const;
const emoji = z.enum(reactionEmoji);

const messageId = idText.describe('The position of the message in the stream of its conversation: ids grow in the order of messages.');
const position = z.int().min(0).describe('Position in the stream of the conversation: subscribe from here.');

const quotation = z.object({
  author: authorSchema,
  body: z.string().describe(`The first ${messageExcerptCharacters} characters; empty when the message was deleted or is an image.`),
  deleted: z.boolean(),
});

export const message = z
  .object({
    id: messageId,
    conversationId: idText,
    clientId: z.uuid().describe('The id that its client gave it.'),
    author: authorSchema,
    body: z.string().describe('Plain text; empty once deleted. In lists of conversations the first characters.'),
    image: image.nullable(),
    replyTo: z
      .object({ id: messageId, quotation: quotation.nullable().describe('Null in events, and when you cannot see the message.') })
      .nullable(),
    reactions: z.array(z.object({ emoji, count: z.int().min(1), mine: z.boolean() })).describe('In the order of the list of emoji.'),
    createdAt: timestamp,
    editedAt: timestamp.nullable(),
    deletedAt: timestamp.nullable(),
  })
  .meta({ id: 'Message', description: 'A message as one reader sees it. The event message.sent carries the same shape.' });

export const messageWindow = z
  .object({
    items: z.array(message).describe('Oldest first.'),
    before: messageId.nullable().describe('Send it as "before" for older messages; null when there are none.'),
    after: messageId.nullable().describe('Send it as "after" for newer messages; null when there are none.'),
    position,
  })
  .meta({ id: 'MessageWindow', description: 'A stretch of a conversation without holes, read at a position of its stream.' });

export const foundMessages = z
  .object({
    items: z.array(message).describe('Newest first.'),
    before: messageId.nullable().describe('Send it as "before" to search in older messages; null at the beginning of the conversation.'),
  })
  .meta({ id: 'FoundMessages' });

const words = plainText(messageCharactersMax);
const body = words.refine(isVisible, 'must not be empty');

export const sendMessageBody = z
  .object({
    clientId: z.uuid().describe('New for every new message. The same id again returns the first message instead of sending twice.'),
    body: words.default('').describe('May be left out beside a picture.'),
    imageId: z.uuid().optional().describe('A picture that you uploaded to this conversation, within an hour.'),
    replyTo: idText.optional(),
  })
  .strict()
  .refine(({ body: said, imageId }) => isVisible(said) || imageId !== undefined, { path: ['body'], message: 'must not be empty' });
export const editMessageBody = z.object({ body }).strict();

export const conversationIdParams = z.object({ conversationId: idText });
export const messageParams = z.object({ conversationId: idText, messageId: idText });
export const reactionParams = messageParams.extend({ emoji });

export const windowQuery = z
  .object({
    before: idText.optional().describe('Messages older than this one.'),
    after: idText.optional().describe('Messages newer than this one.'),
    around: idText.optional().describe('This message with those around it.'),
    limit: z.coerce.number().int().min(1).max(windowMessagesMax).default(50),
  })
  .refine(
    ({ before, after, around }) => [before, after, around].filter((one) => one !== undefined).length <= 1,
    'give one of before, after, around',
  );
export const searchQuery = z.object({
  q: plainText(100).refine((text) => isVisible(text) && text.trim().length >= 2, 'must have at least 2 characters'),
  before: idText.optional(),
  limit: z.coerce.number().int().min(1).max(50).default(20),
});

export type SendMessage = z.output<typeof sendMessageBody>;
export type WindowQuery = z.output<typeof windowQuery>;
export type SearchQuery = z.output<typeof searchQuery>;
export type Emoji = z.output<typeof emoji>;
