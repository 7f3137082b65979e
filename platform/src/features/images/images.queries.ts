/** Statements about pictures in conversations. */
import { z } from 'zod';
import { defineQuery } from '../../db/query.ts';
import { isHiddenInConversation, mayAnswerIn, mayReadIn } from '../conversations/access.fragments.queries.ts';
import { imageJson } from './images.fragments.queries.ts';

/** The row comes before its file. No row when the person may not write there. */
export const announceImage = defineQuery({
  name: 'images.announce',
  access: 'write',
  params: { conversation: 'bigint', uploader: 'bigint' },
  text: `
    insert into conversation_images (conversation_id, uploader_id)
    select c.id, $2 from conversations c where c.id = $1 and ${mayAnswerIn('c', '$2')}
    returning id`,
  budgetMs: 20,
  usesIndex: ['conversations_pkey'],
  sample: { conversation: '1', uploader: '1' },
  row: z.object({ id: z.string() }),
});

/** The file is there. */
export const completeImage = defineQuery({
  name: 'images.complete',
  access: 'write',
  params: { id: 'uuid', width: 'integer', height: 'integer', bytes: 'integer' },
  text: `
    update conversation_images i set width = $2, height = $3, bytes = $4
    where i.id = $1 and i.released_at is null
    returning ${imageJson('i')}::text as image`,
  budgetMs: 20,
  usesIndex: ['conversation_images_pkey'],
  sample: { id: '00000000-0000-4000-8000-000000000000', width: 1, height: 1, bytes: 1 },
  row: z.object({ image: z.string() }),
});

/** It came to nothing: what there may be of its file is removed by the sweep. */
export const releaseImage = defineQuery({
  name: 'images.release',
  access: 'write',
  params: { id: 'uuid' },
  text: `update conversation_images i set released_at = now() where i.id = $1 and i.position is null`,
  budgetMs: 20,
  usesIndex: ['conversation_images_pkey'],
  sample: { id: '00000000-0000-4000-8000-000000000000' },
  row: z.object({}),
});

/** A picture that nobody has sent yet is there for who uploaded it. No row when it is not there for the reader. */
export const readImage = defineQuery({
  name: 'images.read',
  access: 'read',
  params: { conversation: 'bigint', id: 'uuid', reader: 'bigint' },
  text: `
    select i.id
    from conversation_images i
    join conversations c on c.id = i.conversation_id
    where i.id = $2 and i.conversation_id = $1 and i.released_at is null and i.bytes is not null
      and (i.position is not null or i.uploader_id = $3) and ${mayReadIn('c', '$3')} and not ${isHiddenInConversation('i.uploader_id', 'c', '$3')}`,
  budgetMs: 20,
  usesIndex: ['conversation_images_pkey', 'conversations_pkey'],
  sample: { conversation: '1', id: '00000000-0000-4000-8000-000000000000', reader: '1' },
  row: z.object({ id: z.string() }),
});

/** What was uploaded an hour ago and is in no message will be in none. */
export const releaseUnused = defineQuery({
  name: 'images.release_unused',
  access: 'write',
  params: { batchMax: 'integer' },
  text: `
    with unused as materialized (
      select i.id from conversation_images i
      where i.position is null and i.released_at is null and i.created_at < now() - interval '1 hour'
      order by i.created_at limit $1::integer for update skip locked
    ),
    released as (
      update conversation_images i set released_at = now() from unused where i.id = unused.id returning 1
    )
    select count(*)::integer as count from released`,
  budgetMs: 500,
  usesIndex: ['idx_conversation_images_unused'],
  sample: { batchMax: 1000 },
  row: z.object({ count: z.int() }),
});

export const listReleased = defineQuery({
  name: 'images.list_released',
  access: 'write',
  params: { batchMax: 'integer' },
  text: `
    select i.id from conversation_images i
    where i.released_at is not null
    order by i.released_at limit $1`,
  budgetMs: 100,
  usesIndex: ['idx_conversation_images_released'],
  sample: { batchMax: 100 },
  row: z.object({ id: z.string() }),
});

/** Their files are gone. */
export const forgetImages = defineQuery({
  name: 'images.forget',
  access: 'write',
  params: { ids: 'text[]' },
  text: `delete from conversation_images i where i.id = any ($1::text[]::uuid[]) and i.released_at is not null`,
  budgetMs: 500,
  usesIndex: ['conversation_images_pkey'],
  sample: { ids: [] },
  row: z.object({}),
});
