/** What one person keeps in a conversation: how far they read, and whether it is muted. */
import { z } from 'zod';
import { defineQuery } from '../../db/query.ts';
import { optionalEventRow } from '../../streams/optional-event.ts';
import { advanceStream, streamPosition, writeEvent, writtenEvent } from '../../streams/streams.fragments.queries.ts';
import { showsReceipts } from '../privacy/privacy.fragments.queries.ts';
import { personJson } from '../users/users.fragments.queries.ts';
import { mayAnswerIn, mayReadIn } from './access.fragments.queries.ts';

/**
 * A receipt moves forward only, and never past what there is. Others hear of it where both the kind of the conversation and the
 * person's privacy say so. No row when the conversation is not there for the reader.
 */
export const moveReceipt = defineQuery({
  name: 'conversations.move_receipt',
  access: 'write',
  params: { conversation: 'bigint', user: 'bigint', position: 'bigint', trace: 'text?' },
  text: `
    with place as materialized (
      select c.id, c.kind <> 'sanctum' and ${showsReceipts('$2')} as shown
      from conversations c
      where c.id = $1 and ${mayReadIn('c', '$2')}
    ),
    moved as (
      insert into conversation_marks as k (conversation_id, user_id, read_position)
      select place.id, $2, least($3::bigint, ${streamPosition({ kind: 'conversation', id: '$1::bigint' })}) from place
      on conflict (conversation_id, user_id) do update set read_position = excluded.read_position
      where k.read_position < excluded.read_position
      returning k.read_position
    ),
    stream as (${advanceStream({ kind: 'conversation', id: '$1::bigint', when: 'exists (select from moved, place where place.shown)' })}),
    event as (${writeEvent({
      kind: 'conversation',
      id: '$1::bigint',
      position: 'stream.head',
      type: 'receipt.moved',
      actorId: '$2::bigint',
      trace: '$4::text',
      data: `json_build_object('person', (select ${personJson('u')} from users u where u.id = $2), 'readPosition', moved.read_position)`,
      coalescable: 'true',
      from: 'stream, moved',
    })})
    select
      coalesce(
        (select moved.read_position from moved),
        (select k.read_position from conversation_marks k where k.conversation_id = $1 and k.user_id = $2), 0)::text as read_position,
      exists (select from moved) as moved,
      ${writtenEvent('event')}
    from place
    left join event on true`,
  budgetMs: 20,
  usesIndex: ['conversations_pkey'],
  sample: { conversation: '1', user: '1', position: '1', trace: null },
  row: optionalEventRow.extend({ read_position: z.string(), moved: z.boolean() }),
});

/** No row when the conversation is not there for the reader. */
export const setMuted = defineQuery({
  name: 'conversations.set_muted',
  access: 'write',
  params: { conversation: 'bigint', user: 'bigint', muted: 'boolean' },
  text: `
    insert into conversation_marks (conversation_id, user_id, muted)
    select c.id, $2, $3 from conversations c where c.id = $1 and ${mayReadIn('c', '$2')}
    on conflict (conversation_id, user_id) do update set muted = excluded.muted
    returning conversation_id`,
  budgetMs: 20,
  usesIndex: ['conversations_pkey'],
  sample: { conversation: '1', user: '1', muted: true },
  row: z.object({ conversation_id: z.string() }),
});

/** Who types, as others see them. No row when they cannot write there. */
export const readTypist = defineQuery({
  name: 'conversations.read_typist',
  access: 'write',
  kind: 'read',
  params: { conversation: 'bigint', user: 'bigint' },
  text: `
    select u.username, u.display_name
    from conversations c
    join users u on u.id = $2
    where c.id = $1 and ${mayAnswerIn('c', '$2')}`,
  budgetMs: 20,
  usesIndex: ['conversations_pkey', 'users_pkey'],
  sample: { conversation: '1', user: '1' },
  row: z.object({ username: z.string(), display_name: z.string() }),
});
