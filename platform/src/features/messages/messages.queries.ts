/** Reading messages: stretches of a conversation, one message, a search. Every scan has an end of its own. */
import { z } from 'zod';
import { defineQuery } from '../../db/query.ts';
import { streamPosition } from '../../streams/streams.fragments.queries.ts';
import { isHiddenInConversation, mayReadIn } from '../conversations/access.fragments.queries.ts';
import { messageJson } from './messages.fragments.queries.ts';
import { searchedMessagesMax } from './messages.schema.ts';

/** Above every position there is: the pivot of the newest stretch. */
export const newestPivot = '9223372036854775807';

/**
 * Up to `older` messages before the pivot and up to `newer` from it on, with the position of the stream: one statement, one snapshot.
 * Messages that are hidden from the reader count among them and are left out, so that no scan is longer than what was asked for.
 * No row when the conversation is not there for the reader.
 */
export const readWindow = defineQuery({
  name: 'messages.window',
  access: 'read',
  params: { conversation: 'bigint', reader: 'bigint', pivot: 'bigint', older: 'integer', newer: 'integer' },
  text: `
    with place as materialized (select c.* from conversations c where c.id = $1 and ${mayReadIn('c', '$2')}),
    scanned_older as materialized (
      select m.* from place, messages m where m.conversation_id = $1 and m.position < $3 order by m.position desc limit $4 + 1
    ),
    scanned_newer as materialized (
      select m.* from place, messages m where m.conversation_id = $1 and m.position >= $3 order by m.position limit $5 + 1
    ),
    shown as (
      (select * from scanned_older order by position desc limit $4)
      union all
      (select * from scanned_newer order by position limit $5)
    )
    select
      coalesce((
        select json_agg(${messageJson({ message: 'm', conversation: 'c', reader: '$2' })} order by m.position)
        from shown m where not ${isHiddenInConversation('m.author_id', 'c', '$2')}), '[]'::json)::text as items,
      case when (select count(*) from scanned_older) > $4 then coalesce((select min(m.position) from shown m), $3) end as before,
      case when (select count(*) from scanned_newer) > $5 then coalesce((select max(m.position) from shown m), $3 - 1) end as after,
      ${streamPosition({ kind: 'conversation', id: '$1::bigint' })} as position
    from place c`,
  budgetMs: 50,
  usesIndex: ['conversations_pkey', 'messages_pkey'],
  sample: { conversation: '1', reader: '1', pivot: newestPivot, older: 50, newer: 0 },
  row: z.object({ items: z.string(), before: z.string().nullable(), after: z.string().nullable(), position: z.string() }),
});

/** No row when the message is not there for the reader. */
export const readMessage = defineQuery({
  name: 'messages.read',
  access: 'read',
  params: { conversation: 'bigint', position: 'bigint', reader: 'bigint' },
  text: `
    select ${messageJson({ message: 'm', conversation: 'c', reader: '$3' })}::text as message
    from messages m
    join conversations c on c.id = m.conversation_id
    where m.conversation_id = $1 and m.position = $2 and ${mayReadIn('c', '$3')} and not ${isHiddenInConversation('m.author_id', 'c', '$3')}`,
  budgetMs: 20,
  usesIndex: ['messages_pkey', 'conversations_pkey'],
  sample: { conversation: '1', position: '1', reader: '1' },
  row: z.object({ message: z.string() }),
});

/**
 * Messages that hold the text, whatever the case of its letters, newest first. Looks through so many messages and says where it
 * stopped; no index of words has to be kept for each message sent. No row when the conversation is not there for the reader.
 */
export const searchMessages = defineQuery({
  name: 'messages.search',
  access: 'read',
  kind: 'search',
  params: { conversation: 'bigint', reader: 'bigint', text: 'text', before: 'bigint', limit: 'integer' },
  text: `
    with place as materialized (select c.* from conversations c where c.id = $1 and ${mayReadIn('c', '$2')}),
    scanned as materialized (
      select m.* from place, messages m
      where m.conversation_id = $1 and m.position < $4
      order by m.position desc limit ${searchedMessagesMax}
    ),
    found as materialized (
      select m.* from scanned m, place c
      where strpos(lower(m.body), lower($3)) > 0 and m.deleted_at is null and not ${isHiddenInConversation('m.author_id', 'c', '$2')}
      order by m.position desc limit $5 + 1
    ),
    shown as materialized (select f.* from found f order by f.position desc limit $5)
    select
      coalesce((
        select json_agg(${messageJson({ message: 'm', conversation: 'c', reader: '$2' })} order by m.position desc)
        from shown m), '[]'::json)::text as items,
      case
        when (select count(*) from found) > $5 then (select min(m.position) from shown m)
        when (select count(*) from scanned) = ${searchedMessagesMax} then (select min(m.position) from scanned m)
      end as before
    from place c`,
  budgetMs: 100,
  usesIndex: ['conversations_pkey', 'messages_pkey'],
  sample: { conversation: '1', reader: '1', text: 'walnut', before: newestPivot, limit: 20 },
  row: z.object({ items: z.string(), before: z.string().nullable() }),
});
