/** Statements about blocks. A block is two rows, written under the locks of both people (users.lock_pair). */
import { z } from 'zod';
import { defineQuery } from '../../db/query.ts';
import { isoTime } from '../../db/time.fragments.queries.ts';
import { personFields } from '../users/users.fragments.queries.ts';

const pair = { userId: 'bigint', otherId: 'bigint' } as const;
const pairSample = { userId: '1', otherId: '2' };

/** What stands between two people, from the side of the first. No row when nothing does. */
export const readBlock = defineQuery({
  name: 'blocks.read',
  access: 'write',
  params: pair,
  text: `
    select mine.blocks as by_user, theirs.blocks as by_other, mine.created_at
    from user_blocks mine
    join user_blocks theirs on theirs.user_id = mine.other_id and theirs.other_id = mine.user_id
    where mine.user_id = $1 and mine.other_id = $2`,
  budgetMs: 20,
  usesIndex: ['user_blocks_pkey'],
  sample: pairSample,
  row: z.object({ by_user: z.boolean(), by_other: z.boolean(), created_at: z.date() }),
});

/** Both rows; the other side keeps what it asked for itself. Returns the side of who blocks. */
export const addBlock = defineQuery({
  name: 'blocks.add',
  access: 'write',
  params: pair,
  text: `
    with side as (
      insert into user_blocks as b (user_id, other_id, blocks)
      values ($1, $2, true), ($2, $1, false)
      on conflict (user_id, other_id) do update
      set blocks = b.blocks or excluded.blocks, created_at = case when b.blocks or not excluded.blocks then b.created_at else now() end
      returning b.user_id, b.created_at
    )
    select side.created_at from side where side.user_id = $1`,
  budgetMs: 50,
  usesIndex: [],
  sample: pairSample,
  row: z.object({ created_at: z.date() }),
});

/** Both rows go, unless the other side blocks too: then only the wish of this side goes. */
export const liftBlock = defineQuery({
  name: 'blocks.lift',
  access: 'write',
  params: pair,
  text: `
    with kept as (
      update user_blocks mine set blocks = false
      where mine.user_id = $1 and mine.other_id = $2
        and (select theirs.blocks from user_blocks theirs where theirs.user_id = $2 and theirs.other_id = $1)
      returning 1
    )
    delete from user_blocks b
    where ((b.user_id = $1 and b.other_id = $2) or (b.user_id = $2 and b.other_id = $1)) and not exists (select from kept)`,
  budgetMs: 50,
  usesIndex: ['user_blocks_pkey'],
  sample: pairSample,
  row: z.object({}),
});

/** How many people the user blocks, counted no further than `countMax`. */
export const countBlocks = defineQuery({
  name: 'blocks.count',
  access: 'write',
  params: { userId: 'bigint', countMax: 'integer' },
  text: `
    select count(*)::integer as count
    from (select from user_blocks b where b.user_id = $1 and b.blocks limit $2) counted`,
  budgetMs: 20,
  usesIndex: ['idx_user_blocks_own'],
  sample: { userId: '1', countMax: 1000 },
  row: z.object({ count: z.int() }),
});

/** Those whom the user blocks; who blocks the user stands on no list. */
export const listBlocks = defineQuery({
  name: 'blocks.list',
  access: 'read',
  params: { userId: 'bigint', afterUserId: 'bigint', limit: 'integer' },
  text: `
    select
      json_build_object(${personFields('u')}, 'createdAt', ${isoTime('b.created_at')})::text as item,
      b.other_id as id
    from user_blocks b
    join users u on u.id = b.other_id
    where b.user_id = $1 and b.blocks and b.other_id > $2
    order by b.other_id
    limit $3`,
  budgetMs: 30,
  usesIndex: ['idx_user_blocks_own', 'users_pkey'],
  sample: { userId: '1', afterUserId: '0', limit: 26 },
  row: z.object({ item: z.string(), id: z.string() }),
});

/** Everyone who is hidden from the user, whoever of the two asked for it. */
export const listHidden = defineQuery({
  name: 'blocks.list_hidden',
  // What is kept of it outlives a replica's lag.
  access: 'write',
  params: { userId: 'bigint' },
  text: `
    select coalesce(json_agg(b.other_id::text), '[]')::text as ids
    from user_blocks b
    where b.user_id = $1`,
  budgetMs: 50,
  usesIndex: ['user_blocks_pkey'],
  sample: { userId: '1' },
  row: z.object({ ids: z.string() }),
});
