/** Lists of friends and of requests, each with the count of all there are: one statement a page. */
import { z } from 'zod';
import { defineQuery } from '../../db/query.ts';
import { pageItemsMax } from '../../api/pages.ts';
import { isoTime } from '../../db/time.fragments.queries.ts';
import { isBlocked } from '../blocks/blocks.fragments.queries.ts';
import { personFields } from '../users/users.fragments.queries.ts';
import { isLiveRequest, mutualCount } from './friends.fragments.queries.ts';
import { bioExcerptCharacters, countedMax } from './friends.schema.ts';

const pageRow = z.object({
  /** JSON array. */
  items: z.string(),
  has_more: z.boolean(),
  last_key: z.string().nullable(),
  count: z.int(),
});
export type PageRow = z.output<typeof pageRow>;

/** A constant around the page's own limit: see the feeds. */
const rowsMax = pageItemsMax + 1;

interface ListText {
  /** Rows with the columns `person_id`, `key` and `created_at`; `after` is the condition that begins behind the page before. */
  readonly rows: (after: string) => string;
  readonly order: 'asc' | 'desc';
  /** Fields of an item beside the person's names; `u` is the person, `n` the row. */
  readonly fields: string;
  readonly limit: string;
  readonly after: string;
}

function listText({ rows, order, fields, limit, after }: ListText): string {
  return `
    with page as materialized (
      select entry.* from (${rows(after)} order by key ${order} limit ${limit} + 1) entry limit ${rowsMax}
    ),
    numbered as materialized (select page.*, row_number() over (order by page.key ${order}) as position from page)
    select
      coalesce((
        select json_agg((
          select json_build_object(${personFields('u')}, ${fields}) from users u where u.id = n.person_id
        ) order by n.position) from numbered n where n.position <= ${limit}
      ), '[]')::text as items,
      (select count(*) > ${limit} from numbered) as has_more,
      (select n.key::text from numbered n where n.position = ${limit}) as last_key,
      (select count(*)::integer from (${rows('')} limit ${countedMax}) counted) as count`;
}

const friendFields = `'bio', left(u.bio, ${bioExcerptCharacters}), 'since', ${isoTime('n.created_at')}`;

export const listFriends = defineQuery({
  name: 'friends.list',
  access: 'read',
  params: { readerId: 'bigint', afterId: 'bigint', limit: 'integer' },
  text: listText({
    rows: (after) => `select f.friend_id as person_id, f.friend_id as key, f.created_at from friendships f where f.user_id = $1 ${after}`,
    order: 'asc',
    fields: friendFields,
    limit: '$3',
    after: 'and f.friend_id > $2',
  }),
  budgetMs: 30,
  usesIndex: ['friendships_pkey', 'users_pkey'],
  sample: { readerId: '1', afterId: '0', limit: 25 },
  row: pageRow,
});

/** No row when there is nobody of this name whom the reader sees. */
export const listMutual = defineQuery({
  name: 'friends.list_mutual',
  access: 'read',
  params: { readerId: 'bigint', username: 'text', afterId: 'bigint', limit: 'integer' },
  text: `
    select list.* from users other
    cross join lateral (${listText({
      rows: (after) => `
        select mine.friend_id as person_id, mine.friend_id as key, mine.created_at from friendships mine
        join friendships theirs on theirs.user_id = other.id and theirs.friend_id = mine.friend_id
        where mine.user_id = $1 ${after}`,
      order: 'asc',
      fields: friendFields,
      limit: '$4',
      after: 'and mine.friend_id > $3',
    })}) list
    where lower(other.username) = lower($2) and not ${isBlocked('other.id', '$1')}`,
  budgetMs: 50,
  usesIndex: ['idx_users_username_unique', 'friendships_pkey', 'users_pkey'],
  sample: { readerId: '1', username: 'keeper', afterId: '0', limit: 25 },
  row: pageRow,
});

const requestFields = `'createdAt', ${isoTime('n.created_at')}, 'mutualCount', ${mutualCount('$1', 'n.person_id')}`;

/** Newest first. What was declined is off the list. */
export const listReceived = defineQuery({
  name: 'friends.list_received',
  access: 'read',
  params: { readerId: 'bigint', beforeId: 'bigint', limit: 'integer' },
  text: listText({
    rows: (after) => `
      select r.from_id as person_id, r.id as key, r.created_at from friend_requests r
      where r.to_id = $1 and r.declined_at is null and r.cancelled_at is null and ${isLiveRequest('r')} ${after}`,
    order: 'desc',
    fields: requestFields,
    limit: '$3',
    after: 'and r.id < $2',
  }),
  budgetMs: 100,
  usesIndex: ['idx_friend_requests_received', 'users_pkey'],
  sample: { readerId: '1', beforeId: '9223372036854775807', limit: 25 },
  row: pageRow,
});

/** Newest first. What was declined stays: whoever asked is not told. */
export const listSent = defineQuery({
  name: 'friends.list_sent',
  access: 'read',
  params: { readerId: 'bigint', beforeId: 'bigint', limit: 'integer' },
  text: listText({
    rows: (after) => `
      select r.to_id as person_id, r.id as key, r.created_at from friend_requests r
      where r.from_id = $1 and r.cancelled_at is null and ${isLiveRequest('r')} ${after}`,
    order: 'desc',
    fields: requestFields,
    limit: '$3',
    after: 'and r.id < $2',
  }),
  budgetMs: 100,
  usesIndex: ['idx_friend_requests_sent', 'users_pkey'],
  sample: { readerId: '1', beforeId: '9223372036854775807', limit: 25 },
  row: pageRow,
});
