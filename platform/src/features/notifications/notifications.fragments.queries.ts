/** Pieces of SQL about notifications that queries share. No entry of the catalogue stands here. */
import { isoTime } from '../../db/time.fragments.queries.ts';
import { isBlocked, isHiddenIn } from '../blocks/blocks.fragments.queries.ts';
import { mayRead } from '../sanctums/access.fragments.queries.ts';
import { personJson } from '../users/users.fragments.queries.ts';
import { countMax } from './notifications.schema.ts';

/** What of a line's events counts today: by nobody who is hidden from the reader, and not taken back. `event` is an alias. */
function countsFor(event: string, reader: string): string {
  return `(${event}.actor_id is null or not ${isBlocked(`${event}.actor_id`, reader)})
    and (${event}.comment_id is null or exists (select from comments told where told.id = ${event}.comment_id and told.deleted_at is null))`;
}

/** True when the reader may see today what the line is about. `line` is the alias of `notifications`. */
export function isShown(line: string, reader: string): string {
  return `(case
      when ${line}.type = 'removal' then true
      when ${line}.type = 'invitation' then ${mayRead(`${line}.sanctum_id`, reader)}
        or exists (select from sanctum_invitations asked where asked.sanctum_id = ${line}.sanctum_id and asked.user_id = ${reader} and asked.declined_at is null)
      when ${line}.post_id is not null then exists (
        select from posts about where about.id = ${line}.post_id and about.deleted_at is null and ${mayRead('about.sanctum_id', reader)}
          and not ${isHiddenIn('about.sanctum_id', 'about.author_id', reader)})
        and (${line}.comment_id is null or exists (select from comments own where own.id = ${line}.comment_id and own.deleted_at is null))
      else true
    end
    and exists (select from notification_events e where e.notification_id = ${line}.id and ${countsFor('e', reader)}))`;
}

/** The Notification shape; `line` is the alias of `notifications`. */
export function notificationJson(line: string, reader: string): string {
  const events = `select e.actor_id, e.comment_id, e.created_at from notification_events e
      where e.notification_id = ${line}.id and ${countsFor('e', reader)} order by e.created_at desc limit ${countMax}`;
  return `json_build_object(
      'id', ${line}.id::text,
      'type', ${line}.type,
      'count', (select count(*) from (${events}) counted),
      'actors', (select coalesce(json_agg(${personJson('actor')} order by latest.at desc), '[]') from (
        select seen.actor_id, max(seen.created_at) as at from (${events}) seen
        where seen.actor_id is not null group by seen.actor_id order by max(seen.created_at) desc limit 3
      ) latest join users actor on actor.id = latest.actor_id),
      'sanctum', (select json_build_object('name', place.name, 'title', place.title) from sanctums place where place.id = ${line}.sanctum_id
        and (${line}.type in ('invitation', 'removal') or ${mayRead('place.id', reader)})),
      'post', (select json_build_object('id', about.id::text, 'title', about.title) from posts about
        where about.id = ${line}.post_id and about.deleted_at is null and ${mayRead('about.sanctum_id', reader)}
          and not ${isHiddenIn('about.sanctum_id', 'about.author_id', reader)}),
      'commentId', coalesce((select newest.comment_id::text from (${events}) newest where newest.comment_id is not null limit 1), ${line}.comment_id::text),
      'number', ${line}.number,
      'position', ${line}.position::text,
      'read', ${line}.read_at is not null,
      'createdAt', ${isoTime(`${line}.created_at`)},
      'updatedAt', ${isoTime(`${line}.updated_at`)})`;
}
