/** Changing messages: each change and its event in one statement. The message is locked first, the stream after it. */
import { z } from 'zod';
import { defineQuery } from '../../db/query.ts';
import { isoTime } from '../../db/time.fragments.queries.ts';
import { advanceStream, eventRow, writeEvent, writtenEvent } from '../../streams/streams.fragments.queries.ts';
import { isHiddenInConversation, mayAnswerIn, mayReadIn } from '../conversations/access.fragments.queries.ts';
import { moderates } from '../sanctums/access.fragments.queries.ts';
import { personJson } from '../users/users.fragments.queries.ts';
import { editWindowSeconds, reactionEmoji } from './messages.schema.ts';

const sample = { conversation: '1', position: '1', user: '1', trace: null } as const;

/** The event of a change that the part `changed` made, and the position it takes. */
function withEvent(type: string, trace: string, data: string): string {
  return `
    stream as (${advanceStream({ kind: 'conversation', id: '$1::bigint', when: 'exists (select from changed)' })}),
    event as (${writeEvent({ kind: 'conversation', id: '$1::bigint', position: 'stream.head', type, actorId: '$3::bigint', trace, data, from: 'stream, changed' })})
    select ${writtenEvent('event')} from event`;
}

/** No row when the author may not, or the time for it is over. */
export const editMessage = defineQuery({
  name: 'messages.edit',
  access: 'write',
  params: { conversation: 'bigint', position: 'bigint', user: 'bigint', body: 'text', trace: 'text?' },
  text: `
    with changed as (
      update messages m set body = $4, edited_at = now()
      from conversations c
      where m.conversation_id = $1 and m.position = $2 and m.author_id = $3 and m.deleted_at is null
        and m.created_at > now() - interval '${editWindowSeconds} seconds'
        and c.id = m.conversation_id and ${mayReadIn('c', '$3')}
      returning m.*
    ),
    ${withEvent(
      'message.edited',
      '$5::text',
      `json_build_object('id', changed.position::text, 'body', changed.body, 'editedAt', ${isoTime('changed.edited_at')})`,
    )}`,
  budgetMs: 20,
  usesIndex: ['messages_pkey', 'conversations_pkey'],
  sample: { conversation: '1', position: '1', user: '1', body: 'Hello.', trace: null },
  row: eventRow,
});

/** Authors delete their own words whether they are still there or not; owner and moderators of a sanctum those of others. */
export const deleteMessage = defineQuery({
  name: 'messages.delete',
  access: 'write',
  params: { conversation: 'bigint', position: 'bigint', user: 'bigint', trace: 'text?' },
  text: `
    with changed as (
      update messages m set body = '', deleted_at = now()
      from conversations c
      where m.conversation_id = $1 and m.position = $2 and m.deleted_at is null
        and c.id = m.conversation_id and (m.author_id = $3 or ${moderates('c.sanctum_id', '$3')})
      returning m.*
    ),
    released as (
      update conversation_images i set released_at = now() from changed where i.id = changed.image_id
    ),
    forgotten as (
      delete from message_reactions r using changed
      where r.conversation_id = changed.conversation_id and r.position = changed.position
    ),
    ${withEvent('message.deleted', '$4::text', `json_build_object('id', changed.position::text, 'deletedAt', ${isoTime('changed.deleted_at')})`)}`,
  budgetMs: 20,
  usesIndex: ['messages_pkey', 'conversations_pkey'],
  sample,
  row: eventRow,
});

/** Whether the message is there for the reader, whose it is, and whether it may still be edited. */
export const findMessage = defineQuery({
  name: 'messages.find',
  access: 'write',
  params: { conversation: 'bigint', position: 'bigint', user: 'bigint' },
  text: `
    select m.author_id = $3 as own, m.deleted_at is not null as deleted
    from messages m
    join conversations c on c.id = m.conversation_id
    where m.conversation_id = $1 and m.position = $2 and ${mayReadIn('c', '$3')} and not ${isHiddenInConversation('m.author_id', 'c', '$3')}`,
  budgetMs: 20,
  usesIndex: ['messages_pkey', 'conversations_pkey'],
  sample: { conversation: '1', position: '1', user: '1' },
  row: z.object({ own: z.boolean(), deleted: z.boolean() }),
});

const reactionData = (given: boolean) => `json_build_object(
        'id', changed.position::text, 'emoji', changed.emoji, 'given', ${given},
        'person', (select ${personJson('u')} from users u where u.id = changed.user_id))`;

/** No row when it was given already, or the message is not there for the person. */
export const giveReaction = defineQuery({
  name: 'messages.give_reaction',
  access: 'write',
  params: { conversation: 'bigint', position: 'bigint', user: 'bigint', emoji: 'text', trace: 'text?' },
  text: `
    with place as materialized (
      select m.conversation_id, m.position
      from messages m
      join conversations c on c.id = m.conversation_id
      where m.conversation_id = $1 and m.position = $2 and m.deleted_at is null
        and ${mayAnswerIn('c', '$3')} and not ${isHiddenInConversation('m.author_id', 'c', '$3')}
    ),
    changed as (
      insert into message_reactions (conversation_id, position, user_id, emoji)
      select place.conversation_id, place.position, $3, $4 from place
      on conflict do nothing
      returning *
    ),
    ${withEvent('reaction.changed', '$5::text', reactionData(true))}`,
  budgetMs: 20,
  usesIndex: ['messages_pkey', 'conversations_pkey'],
  sample: { ...sample, emoji: reactionEmoji[0] },
  row: eventRow,
});

/** No row when there was none. */
export const takeReactionBack = defineQuery({
  name: 'messages.take_reaction_back',
  access: 'write',
  params: { conversation: 'bigint', position: 'bigint', user: 'bigint', emoji: 'text', trace: 'text?' },
  text: `
    with changed as (
      delete from message_reactions r
      using conversations c
      where r.conversation_id = $1 and r.position = $2 and r.user_id = $3 and r.emoji = $4
        and c.id = r.conversation_id and ${mayReadIn('c', '$3')}
      returning r.*
    ),
    ${withEvent('reaction.changed', '$5::text', reactionData(false))}`,
  budgetMs: 20,
  usesIndex: ['message_reactions_pkey', 'conversations_pkey'],
  sample: { ...sample, emoji: reactionEmoji[0] },
  row: eventRow,
});
