/** Reading notifications, and writing what happened into them. */
import { z } from 'zod';
import { defineQuery } from '../../db/query.ts';
import { streamPosition } from '../../streams/streams.fragments.queries.ts';
import { isShown, notificationJson } from './notifications.fragments.queries.ts';
import { countMax } from './notifications.schema.ts';

const countShape = z.object({ count: z.number().int() });
const ownStream = streamPosition({ kind: 'notifications', id: '$1::bigint' });
const unreadCount = `(select count(*)::integer from (
      select from notifications u where u.user_id = $1 and u.read_at is null and u.position > 0 and ${isShown('u', '$1')} limit ${countMax}
    ) counted)`;

/** Lines behind a position, newest first; with them how many are unread and where the stream stood. One row at least. */
export const list = defineQuery({
  name: 'notifications.list',
  access: 'read',
  params: { userId: 'bigint', before: 'bigint', limit: 'integer' },
  text: `
    select ${unreadCount} as unread, ${ownStream}::text as stream_position,
      shown.item, shown.position::text as position
    from (select) once
    left join lateral (
      select ${notificationJson('n', '$1')}::text as item, n.position
      from notifications n
      where n.user_id = $1 and n.position < $2 and n.position > 0 and ${isShown('n', '$1')}
      order by n.position desc
      limit $3
    ) shown on true
    order by shown.position desc`,
  budgetMs: 50,
  usesIndex: ['idx_notifications_position'],
  sample: { userId: '1', before: '1000000000000000', limit: 26 },
  row: z.object({ unread: z.number().int(), stream_position: z.string(), item: z.string().nullable(), position: z.string().nullable() }),
});

export const unread = defineQuery({
  name: 'notifications.unread',
  access: 'read',
  params: { userId: 'bigint' },
  text: `select ${unreadCount} as unread, ${ownStream}::text as position`,
  budgetMs: 30,
  usesIndex: [],
  sample: { userId: '1' },
  row: z.object({ unread: z.number().int(), position: z.string() }),
});

/** Everything up to a position; what the reader has not been shown yet stays unread. */
export const markRead = defineQuery({
  name: 'notifications.mark_read',
  access: 'write',
  params: { userId: 'bigint', upTo: 'bigint' },
  text: `
    with done as (
      update notifications n set read_at = now()
      where n.user_id = $1 and n.read_at is null and n.position > 0 and n.position <= $2
      returning 1
    )
    select count(*)::integer as count from done`,
  budgetMs: 100,
  usesIndex: [],
  sample: { userId: '1', upTo: '1000000000000000' },
  row: countShape,
});

/** The line and the event in it. No row when this cause was told before. */
export const tell = defineQuery({
  name: 'notifications.tell',
  access: 'write',
  params: {
    userId: 'bigint',
    cause: 'text',
    type: 'text',
    groupKey: 'text',
    sanctumId: 'bigint?',
    postId: 'bigint?',
    commentId: 'bigint?',
    number: 'integer?',
    actorId: 'bigint?',
    eventCommentId: 'bigint?',
  },
  text: `
    with line as (
      insert into notifications as n (user_id, type, group_key, sanctum_id, post_id, comment_id, number)
      select $1, $3, $4, $5, $6, $7, $8
      where not exists (select from notification_events e where e.user_id = $1 and e.cause = $2)
      on conflict (user_id, group_key) where read_at is null
      do update set updated_at = now(), number = greatest(n.number, excluded.number)
      returning n.id
    )
    insert into notification_events (user_id, cause, notification_id, actor_id, comment_id)
    select $1, $2, line.id, $9, $10 from line
    on conflict (user_id, cause) do nothing
    returning notification_id::text as id`,
  budgetMs: 50,
  usesIndex: ['notification_events_pkey'],
  sample: {
    userId: '1',
    cause: 'comment:1',
    type: 'reply',
    groupKey: 'reply:post:1',
    sanctumId: null,
    postId: null,
    commentId: null,
    number: null,
    actorId: null,
    eventCommentId: null,
  },
  row: z.object({ id: z.string() }),
});

/** The line as its reader sees it. No row when nothing of it may be shown. */
export const findShown = defineQuery({
  name: 'notifications.find_shown',
  access: 'write',
  params: { userId: 'bigint', id: 'bigint' },
  text: `
    select ${notificationJson('n', '$1')}::text as item
    from notifications n where n.id = $2 and n.user_id = $1 and ${isShown('n', '$1')}`,
  budgetMs: 30,
  usesIndex: ['notifications_pkey'],
  sample: { userId: '1', id: '1' },
  row: z.object({ item: z.string() }),
});

export const place = defineQuery({
  name: 'notifications.place',
  access: 'write',
  params: { id: 'bigint', position: 'bigint' },
  text: `update notifications n set position = $2 where n.id = $1`,
  budgetMs: 20,
  usesIndex: ['notifications_pkey'],
  sample: { id: '1', position: '1' },
  row: z.object({}),
});

/** Lines that nothing happened to for 90 days; what happened goes with them. */
export const sweep = defineQuery({
  name: 'notifications.sweep',
  access: 'write',
  params: { batchMax: 'integer' },
  text: `
    with old as (
      select n.id from notifications n where n.updated_at < now() - interval '90 days' order by n.updated_at limit $1 for update skip locked
    ),
    gone as (delete from notifications n using old where n.id = old.id returning 1)
    select count(*)::integer as count from gone`,
  budgetMs: 200,
  usesIndex: ['idx_notifications_updated_at'],
  sample: { batchMax: 1000 },
  row: countShape,
});
