/** Conversations as JSON, as pieces of SQL that queries share. No entry of the catalogue stands here. */
import { isoTime } from '../../db/time.fragments.queries.ts';
import { streamPosition } from '../../streams/streams.fragments.queries.ts';
import { hiddenMembers, isBlocked } from '../blocks/blocks.fragments.queries.ts';
import { messageJson } from '../messages/messages.fragments.queries.ts';
import { personJson } from '../users/users.fragments.queries.ts';
import { isHiddenInConversation, otherPerson } from './access.fragments.queries.ts';
import { unreadCountMax } from './conversations.schema.ts';

/** Newest messages looked at for one that the reader may see. */
const newestMessages = 20;

/**
 * The newest message that the reader sees in the conversation with that alias: a subquery for a lateral join, with position and
 * created_at.
 */
export function newestMessage(conversation: string, reader: string): string {
  return `(
      select near.position, near.created_at
      from (
        select m.position, m.created_at, m.author_id from messages m
        where m.conversation_id = ${conversation}.id order by m.position desc limit ${newestMessages}
      ) near
      where not ${isHiddenInConversation('near.author_id', conversation, reader)}
      order by near.position desc limit 1)`;
}

/**
 * The Conversation shape. Around it stand `c` (conversations), `place` (role, joined_at), `k` (conversation_marks, may be null) and
 * `newest` (newestMessage, may be null).
 */
export function conversationJson(reader: string): string {
  return `json_build_object(
      'id', c.id::text, 'kind', c.kind, 'title', c.title,
      'person', case when c.kind = 'direct' then (select ${personJson('u')} from users u where u.id = ${otherPerson('c', reader)}) end,
      'sanctum', (select json_build_object('name', s.name, 'title', s.title) from sanctums s where s.id = c.sanctum_id),
      'role', place.role,
      'memberCount', ${memberCount(reader)},
      'lastMessage', (
        select ${messageJson({ message: 'm', conversation: 'c', reader, excerpt: true })}
        from messages m where m.conversation_id = c.id and m.position = newest.position),
      'unreadCount', case when place.role = 'invited' then 0 else ${unreadCount(reader)} end,
      'readPosition', coalesce(k.read_position, 0),
      'muted', coalesce(k.muted, false),
      'slowModeSeconds', c.slow_mode_seconds,
      'createdAt', ${isoTime('c.created_at')},
      'activeAt', ${isoTime('coalesce(newest.created_at, place.joined_at)')},
      'position', ${streamPosition({ kind: 'conversation', id: 'c.id' })})`;
}

function memberCount(reader: string): string {
  return `case c.kind
        when 'direct' then 2
        when 'group' then (
          select count(*) from conversation_memberships g
          where g.conversation_id = c.id and g.role in ('owner', 'member') and not ${isBlocked('g.user_id', reader)})
        else (select s.member_count from sanctums s where s.id = c.sanctum_id) - ${hiddenMembers('c.sanctum_id', reader)}
      end`;
}

/** Of the newest messages behind what was read, those of others that are there and were written since the reader is in. */
function unreadCount(reader: string): string {
  return `(
        select count(*) from (
          select m.author_id, m.deleted_at, m.created_at from messages m
          where m.conversation_id = c.id and m.position > coalesce(k.read_position, 0)
          order by m.position desc limit ${unreadCountMax}
        ) unread
        where unread.author_id <> ${reader} and unread.deleted_at is null and unread.created_at >= place.joined_at
          and not ${isHiddenInConversation('unread.author_id', 'c', reader)})`;
}
