/**
 * Sending, in one statement and so in one round trip: who may write, the next position of the stream, the message and its event.
 * A repetition (same author, conversation and client id) finds the first message and writes nothing; one that comes at the same moment
 * violates idx_messages_client_id_unique, writes nothing either, and is to be asked again.
 */
import { z } from 'zod';
import { defineQuery } from '../../db/query.ts';
import { optionalEventRow } from '../../streams/optional-event.ts';
import { advanceStream, writeEvent, writtenEvent } from '../../streams/streams.fragments.queries.ts';
import { isHiddenInConversation, mayReadIn, mayWriteIn, otherPerson, takesMessages } from '../conversations/access.fragments.queries.ts';
import { maySendImage } from '../images/images.fragments.queries.ts';
import { moderates } from '../sanctums/access.fragments.queries.ts';
import { messageJson, sentJson } from './messages.fragments.queries.ts';

/** True when the author sees the message that they reply to. */
const isThere = (position: string) => `exists (
          select from messages r
          where r.conversation_id = $1 and r.position = ${position} and r.deleted_at is null
            and not ${isHiddenInConversation('r.author_id', 'c', '$2')})`;

/** True when slow mode lets the author wait. */
const hasToWait = `place.slow_mode_seconds > 0 and not place.moderates`;

export const sendMessage = defineQuery({
  name: 'messages.send',
  access: 'write',
  params: {
    conversation: 'bigint',
    author: 'bigint',
    client_id: 'uuid',
    body: 'text',
    reply_to: 'bigint?',
    trace: 'text?',
    image_id: 'uuid?',
  },
  text: `
    with earlier as materialized (
      select m.* from messages m where m.author_id = $2 and m.conversation_id = $1 and m.client_id = $3
    ),
    place as materialized (
      select c.slow_mode_seconds, case when c.slow_mode_seconds > 0 then ${moderates('c.sanctum_id', '$2')} end as moderates
      from conversations c
      where c.id = $1 and not exists (select from earlier) and ${mayWriteIn('c', '$2')}
        and ($5::bigint is null
          or ${isThere('$5')})
        and ($7::uuid is null or ${maySendImage('$7', '$1', '$2')})
    ),
    turn as (
      insert into conversation_marks as k (conversation_id, user_id, wrote_at)
      select $1, $2, now() from place where ${hasToWait}
      on conflict (conversation_id, user_id) do update set wrote_at = now()
      where k.wrote_at is null or k.wrote_at <= now() - make_interval(secs => (select place.slow_mode_seconds from place))
      returning 1
    ),
    stream as (${advanceStream({
      kind: 'conversation',
      id: '$1::bigint',
      when: `exists (select from place where not (${hasToWait}) or exists (select from turn))`,
    })}),
    message as (
      insert into messages (conversation_id, position, author_id, client_id, body, reply_to, image_id)
      select $1, stream.head, $2, $3, $4, $5, $7 from stream
      returning *
    ),
    shown as (
      update conversation_images i set position = message.position from message where i.id = message.image_id
    ),
    event as (${writeEvent({
      kind: 'conversation',
      id: '$1::bigint',
      position: 'message.position',
      type: 'message.sent',
      actorId: 'message.author_id',
      trace: '$6::text',
      data: sentJson,
      from: 'message',
    })})
    select
      coalesce(event.data::text, ${messageJson({ message: 'earlier', conversation: 'c', reader: '$2' })}::text) as message,
      ${writtenEvent('event')}
    from (select 1) one
    left join event on true
    left join earlier on true
    left join conversations c on c.id = earlier.conversation_id
    where event.position is not null or earlier.position is not null`,
  budgetMs: 20,
  usesIndex: ['conversations_pkey', 'idx_messages_client_id_unique'],
  sample: {
    conversation: '1',
    author: '1',
    client_id: '00000000-0000-4000-8000-000000000000',
    body: 'Hello.',
    reply_to: null,
    trace: null,
    image_id: null,
  },
  row: optionalEventRow.extend({ message: z.string() }),
});

/** Tells why a message could not be written. No row when the conversation is not there for the author. */
export const findObstacle = defineQuery({
  name: 'messages.find_obstacle',
  access: 'write',
  params: { conversation: 'bigint', author: 'bigint', reply_to: 'bigint?', image_id: 'uuid?' },
  text: `
    select
      c.kind <> 'direct' or ${takesMessages(otherPerson('c', '$2'), '$2')} as welcome,
      $3::bigint is null
        or ${isThere('$3')} as reply_found,
      $4::uuid is null or ${maySendImage('$4', '$1', '$2')} as image_found,
      greatest(1, ceil(c.slow_mode_seconds - extract(epoch from now() - (
        select k.wrote_at from conversation_marks k where k.conversation_id = c.id and k.user_id = $2))))::integer as wait_seconds
    from conversations c
    where c.id = $1 and ${mayReadIn('c', '$2')}`,
  budgetMs: 20,
  usesIndex: ['conversations_pkey'],
  sample: { conversation: '1', author: '1', reply_to: null, image_id: null },
  row: z.object({ welcome: z.boolean(), reply_found: z.boolean(), image_found: z.boolean(), wait_seconds: z.int().nullable() }),
});
