/** What people chose to be told of. */
import { z } from 'zod';
import { defineQuery } from '../../db/query.ts';
import { isoTime } from '../../db/time.fragments.queries.ts';
import { isHidden, isHiddenIn } from '../blocks/blocks.fragments.queries.ts';
import { mayRead } from '../sanctums/access.fragments.queries.ts';
import { levelsMax } from './notifications.schema.ts';

const level = z.enum(['all', 'mentions', 'none']);

/** The id that a choice is about: of what the reader may see, and of no other. No row when there is nothing of that name. */
export const findScope = defineQuery({
  name: 'notification_levels.find_scope',
  access: 'read',
  params: { userId: 'bigint', scope: 'text', of: 'text' },
  text: `
    select case $2::text
      when 'account' then (select 0::bigint where $3 = 'me')
      when 'sanctum' then (select s.id from sanctums s where lower(s.name) = lower($3) and ${mayRead('s.id', '$1')})
      when 'post' then (
        select p.id from posts p
        where p.id = case when $3 ~ '^[1-9][0-9]{0,17}$' then $3::bigint end and p.deleted_at is null and ${mayRead('p.sanctum_id', '$1')}
          and not ${isHiddenIn('p.sanctum_id', 'p.author_id', '$1')})
      when 'person' then (select u.id from users u where lower(u.username) = lower($3) and u.id <> $1 and not ${isHidden('u.id', '$1')})
    end as id`,
  budgetMs: 20,
  usesIndex: [],
  sample: { userId: '1', scope: 'sanctum', of: 'woodworking' },
  row: z.object({ id: z.string().nullable() }),
});

/** No row when the person has chosen too much already. */
export const choose = defineQuery({
  name: 'notification_levels.choose',
  access: 'write',
  params: { userId: 'bigint', scope: 'text', scopeId: 'bigint', level: 'text' },
  text: `
    insert into notification_levels as l (user_id, scope, scope_id, level)
    select $1, $2, $3, $4
    where (select count(*) from (select from notification_levels o where o.user_id = $1 limit ${levelsMax}) counted) < ${levelsMax}
      or exists (select from notification_levels o where o.user_id = $1 and o.scope = $2 and o.scope_id = $3)
    on conflict (user_id, scope, scope_id) do update set level = excluded.level, updated_at = now()
    returning l.level, l.updated_at`,
  budgetMs: 20,
  usesIndex: ['notification_levels_pkey'],
  sample: { userId: '1', scope: 'sanctum', scopeId: '1', level: 'none' },
  row: z.object({ level, updated_at: z.date() }),
});

export const forget = defineQuery({
  name: 'notification_levels.forget',
  access: 'write',
  params: { userId: 'bigint', scope: 'text', scopeId: 'bigint' },
  text: `delete from notification_levels l where l.user_id = $1 and l.scope = $2 and l.scope_id = $3`,
  budgetMs: 20,
  usesIndex: ['notification_levels_pkey'],
  sample: { userId: '1', scope: 'sanctum', scopeId: '1' },
  row: z.object({}),
});

/** Choices about what the reader may see today, in the order of scope and id. */
export const list = defineQuery({
  name: 'notification_levels.list',
  access: 'read',
  params: { userId: 'bigint', afterScope: 'text', afterId: 'bigint', limit: 'integer' },
  text: `
    select json_build_object('scope', chosen.scope, 'of', chosen.name, 'level', chosen.level, 'updatedAt', ${isoTime('chosen.updated_at')})::text as item,
      chosen.scope, chosen.scope_id::text as id
    from (
      select l.scope, l.scope_id, l.level, l.updated_at, case l.scope
        when 'account' then 'me'
        when 'sanctum' then (select s.name from sanctums s where s.id = l.scope_id and ${mayRead('s.id', '$1')})
        when 'post' then (select p.id::text from posts p where p.id = l.scope_id and p.deleted_at is null and ${mayRead('p.sanctum_id', '$1')}
          and not ${isHiddenIn('p.sanctum_id', 'p.author_id', '$1')})
        when 'person' then (select u.username from users u where u.id = l.scope_id and not ${isHidden('u.id', '$1')})
      end as name
      from notification_levels l
      where l.user_id = $1 and (l.scope, l.scope_id) > ($2, $3)
    ) chosen
    where chosen.name is not null
    order by chosen.scope, chosen.scope_id
    limit $4`,
  budgetMs: 50,
  usesIndex: ['notification_levels_pkey'],
  sample: { userId: '1', afterScope: '', afterId: '0', limit: 26 },
  row: z.object({ item: z.string(), scope: z.string(), id: z.string() }),
});
