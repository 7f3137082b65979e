/** Messages as JSON, as pieces of SQL that queries share. No entry of the catalogue stands here. */
import { isoTime } from '../../db/time.fragments.queries.ts';
import { isBlocked } from '../blocks/blocks.fragments.queries.ts';
import { isHiddenInConversation } from '../conversations/access.fragments.queries.ts';
import { imageOfMessage } from '../images/images.fragments.queries.ts';
import { authorJson } from '../users/users.fragments.queries.ts';
import { messageExcerptCharacters, reactionEmoji } from './messages.schema.ts';

export interface MessageExpression {
  /** Alias of `messages`. */
  readonly message: string;
  /** Alias of `conversations`. */
  readonly conversation: string;
  readonly reader: string;
  readonly excerpt?: boolean;
}

/** The Message shape as `reader` sees it. Aliases quoted, given must not be aliases of the query around it. */
export function messageJson({ message, conversation, reader, excerpt = false }: MessageExpression): string {
  return `json_build_object(
      'id', ${message}.position::text, 'conversationId', ${message}.conversation_id::text, 'clientId', ${message}.client_id,
      'author', ${authorJson(`${message}.author_id`)},
      'body', ${excerpt ? `left(${message}.body, ${messageExcerptCharacters})` : `${message}.body`},
      'image', ${imageOfMessage(message)},
      'replyTo', case when ${message}.reply_to is not null then json_build_object(
        'id', ${message}.reply_to::text, 'quotation', ${quotationJson(message, conversation, reader)}) end,
      'reactions', ${reactionsJson(message, reader)},
      'createdAt', ${isoTime(`${message}.created_at`)}, 'editedAt', ${isoTime(`${message}.edited_at`)},
      'deletedAt', ${isoTime(`${message}.deleted_at`)})`;
}

function quotationJson(message: string, conversation: string, reader: string): string {
  return `(
        select json_build_object('author', ${authorJson('quoted.author_id')}, 'body', left(quoted.body, ${messageExcerptCharacters}),
          'deleted', quoted.deleted_at is not null)
        from messages quoted
        where quoted.conversation_id = ${message}.conversation_id and quoted.position = ${message}.reply_to
          and not ${isHiddenInConversation('quoted.author_id', conversation, reader)})`;
}

/** In the order of the list of emoji; who is hidden from the reader gave none. */
function reactionsJson(message: string, reader: string): string {
  const order = reactionEmoji.map((one) => `'${one}'`).join(', ');
  return `coalesce((
        select json_agg(json_build_object('emoji', given.emoji, 'count', given.count, 'mine', given.mine)
          order by array_position(array[${order}], given.emoji))
        from (
          select r.emoji, count(*) as count, bool_or(r.user_id = ${reader}) as mine
          from message_reactions r
          where r.conversation_id = ${message}.conversation_id and r.position = ${message}.position
            and ${message}.deleted_at is null and not ${isBlocked('r.user_id', reader)}
          group by r.emoji
        ) given), '[]'::json)`;
}

/** The Message shape of `message`, a row that was just written: nobody has reacted to it, and what it quotes is not for every eye. */
export const sentJson = `json_build_object(
      'id', message.position::text, 'conversationId', message.conversation_id::text, 'clientId', message.client_id,
      'author', ${authorJson('message.author_id')}, 'body', message.body, 'image', ${imageOfMessage('message')},
      'replyTo', case when message.reply_to is not null then json_build_object('id', message.reply_to::text, 'quotation', null) end,
      'reactions', '[]'::json, 'createdAt', ${isoTime('message.created_at')}, 'editedAt', null, 'deletedAt', null)`;
