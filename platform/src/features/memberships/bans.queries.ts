/** Statements about who is kept out of a sanctum. */
import { z } from 'zod';
import { defineQuery } from '../../db/query.ts';
import { isoTime } from '../../db/time.fragments.queries.ts';
import { personFields } from '../users/users.fragments.queries.ts';

export const addBan = defineQuery({
  name: 'bans.add',
  access: 'write',
  params: { sanctumId: 'bigint', userId: 'bigint' },
  text: `
    insert into sanctum_bans (sanctum_id, user_id)
    values ($1, $2)
    on conflict (sanctum_id, user_id) do update set created_at = sanctum_bans.created_at
    returning created_at`,
  budgetMs: 50,
  usesIndex: [],
  sample: { sanctumId: '1', userId: '1' },
  row: z.object({ created_at: z.date() }),
});

/** No row when there was none. */
export const liftBan = defineQuery({
  name: 'bans.lift',
  access: 'write',
  params: { sanctumId: 'bigint', userId: 'bigint' },
  text: `
    delete from sanctum_bans
    where sanctum_id = $1 and user_id = $2
    returning sanctum_id`,
  budgetMs: 20,
  usesIndex: ['sanctum_bans_pkey'],
  sample: { sanctumId: '1', userId: '1' },
  row: z.object({ sanctum_id: z.string() }),
});

export const readBan = defineQuery({
  name: 'bans.read',
  access: 'write',
  params: { sanctumId: 'bigint', userId: 'bigint' },
  text: `select sanctum_id from sanctum_bans where sanctum_id = $1 and user_id = $2`,
  budgetMs: 20,
  usesIndex: ['sanctum_bans_pkey'],
  sample: { sanctumId: '1', userId: '1' },
  row: z.object({ sanctum_id: z.string() }),
});

export const listBans = defineQuery({
  name: 'bans.list',
  access: 'read',
  params: { sanctumId: 'bigint', afterUserId: 'bigint', limit: 'integer' },
  text: `
    select
      json_build_object(${personFields('u')}, 'createdAt', ${isoTime('b.created_at')})::text as item,
      b.user_id as id
    from sanctum_bans b
    join users u on u.id = b.user_id
    where b.sanctum_id = $1 and b.user_id > $2
    order by b.user_id
    limit $3`,
  budgetMs: 30,
  usesIndex: ['sanctum_bans_pkey', 'users_pkey'],
  sample: { sanctumId: '1', afterUserId: '0', limit: 26 },
  row: z.object({ item: z.string(), id: z.string() }),
});
