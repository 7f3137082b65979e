/** SQL of the bulk data. Ids are dense and begin at 1 in an empty database, so rows refer to each other by arithmetic. */
import { hotRank } from '../src/features/posts/posts.fragments.queries.ts';

export const hasUsers = 'select exists (select from users) as taken';

/** Tables that get most of the rows. */
export const bulkTables = ['posts', 'post_ranks', 'post_likes', 'comments'];

/** Indexes that no constraint needs: dropped before the rows come and made again after. */
export const ownIndexes = `
  select c.relname as name, format('drop index %I', c.relname) as removal, pg_get_indexdef(i.indexrelid) as definition
  from pg_index i join pg_class c on c.oid = i.indexrelid join pg_class t on t.oid = i.indrelid
  where t.relname = any($1) and t.relnamespace = 'public'::regnamespace and not i.indisunique
  order by c.relname`;

/** No foreign key is asked about rows that are right by arithmetic; only a superuser may say so, and others go on slower. */
export const trustRows = `
  select set_config('maintenance_work_mem', '512MB', false), set_config('work_mem', '256MB', false), set_config('jit', 'off', false),
    case when (select rolsuper from pg_roles where rolname = current_user) then set_config('session_replication_role', 'replica', false) end`;

export const distrustRows = `
  select set_config('maintenance_work_mem', reset_val || unit, false),
    case when (select rolsuper from pg_roles where rolname = current_user) then set_config('session_replication_role', 'origin', false) end
  from pg_settings where name = 'maintenance_work_mem'`;

export const tablesToVacuum = [
  'users',
  'sanctums',
  'memberships',
  'conversations',
  'posts',
  'post_ranks',
  'post_likes',
  'comments',
  'comment_likes',
];

/** The post with the long thread, a reader with memberships, a sanctum with posts. */
export const landmarks = `
  select (select max(id) from posts)::text as thread, (select min(user_id) from memberships where role = 'member')::text as reader,
    (select name from sanctums order by id limit 1) as sanctum`;

const sanctumCount = 100;
/** Sanctums the first user is a member of. */
const readerSanctums = 50;
/** Likes of the most liked post, at most; the n-th post of the tail has about this many divided by n. */
const likesTop = 400;

/** Expression: likes of a post in the long tail; `$1` is how many people there are. */
const likesOf = (id: string) => `least($1::integer, (${likesTop} / (1 + (${id} * 2654435761) % ${likesTop}))::integer)`;

type Statement = readonly [name: string, text: string, values: readonly number[]];

export interface BulkAmounts {
  readonly posts: number;
  readonly comments: number;
  readonly users: number;
  readonly slim: boolean;
}

/** In order. Every tenth sanctum is private. */
export function bulk(amounts: BulkAmounts): readonly Statement[] {
  return [...peopleAndSanctums(amounts), ...postsWithLikes(amounts), ...oneThread(amounts)];
}

function peopleAndSanctums({ users }: BulkAmounts): readonly Statement[] {
  return [
    [
      'users',
      `insert into users (username, email, password_hash, display_name, created_at)
      select 'user_' || n, 'user_' || n || '@example.org', 'no password', 'User ' || n, now() - interval '400 days' from generate_series(1, $1::integer) n`,
      [users],
    ],
    [
      'sanctums',
      `insert into sanctums (name, title, description, visibility, owner_id, member_count)
      select 'sanctum_' || n, 'Sanctum ' || n, 'Bulk data.', case when n % 10 = 0 then 'private' else 'public' end, 1 + n % $1::integer, 0
      from generate_series(1, ${sanctumCount}) n`,
      [users],
    ],
    ['conversations', 'insert into conversations (sanctum_id) select id from sanctums', []],
    [
      'memberships',
      `insert into memberships (sanctum_id, user_id, role)
      select id, owner_id, 'owner' from sanctums
      union all
      select s.id, 1 + (s.id * 7919 + n * 104729) % $1::integer, 'member' from sanctums s, generate_series(1, least($1::integer, 1000)) n
      union all
      select s.id, 1, 'member' from sanctums s where s.id <= ${readerSanctums}
      on conflict do nothing`,
      [users],
    ],
    ['member counts', 'update sanctums s set member_count = (select count(*) from memberships m where m.sanctum_id = s.id)', []],
  ];
}

function postsWithLikes({ posts, users, slim }: BulkAmounts): readonly Statement[] {
  return [
    [
      'posts',
      `insert into posts (sanctum_id, author_id, kind, title, body, body_html, is_public, created_at)
      select 1 + n % ${sanctumCount}, 1 + (n::bigint * 7919) % $2::integer, 'text', 'Post number ' || n || case when n % 1000 = 0 then ' rare' else ' common' end,
        ${slim ? "'', ''" : "repeat('A paragraph of bulk text about word' || n % 5000 || '. ', 8), '<p>Bulk.</p>'"}, (1 + n % ${sanctumCount}) % 10 <> 0,
        now() - ($1::integer - n) * (interval '365 days' / $1::integer)
      from generate_series(1, $1::integer) n`,
      [posts, users],
    ],
    [
      'post likes',
      slim
        ? 'insert into post_likes (post_id, user_id) select p.id, least(1, $1::integer) from posts p where p.id % 10 = 0'
        : `insert into post_likes (post_id, user_id)
      select p.id, 1 + (p.id * 31 + l) % $1::integer
      from posts p, generate_series(1, ${likesOf('p.id')}) l
      on conflict do nothing`,
      [users],
    ],
    [
      'post ranks',
      `insert into post_ranks (post_id, sanctum_id, author_id, hot, like_count, comment_count, popular, created_at)
      select p.id, p.sanctum_id, p.author_id, ${hotRank('l.likes', 'p.created_at')}, l.likes, 0, s.visibility = 'public', p.created_at
      from posts p join sanctums s on s.id = p.sanctum_id
      ${
        slim
          ? `cross join lateral (select ${likesOf('p.id')} as likes) l`
          : `left join (select post_id, count(*)::integer as counted from post_likes group by post_id) c on c.post_id = p.id
      cross join lateral (select coalesce(c.counted, 0) as likes) l`
      }
      where $1::integer > 0`,
      [users],
    ],
  ];
}

function oneThread({ comments, users }: BulkAmounts): readonly Statement[] {
  return [
    ['comments', commentsText, [comments, users]],
    ['comment counts', `update post_ranks set comment_count = $1::integer where post_id = (select max(id) from posts)`, [comments]],
    ['comment ids', `select setval(pg_get_serial_sequence('comments', 'id'), greatest(1, (select max(id) from comments)))`, []],
    [
      'child counts',
      `update comments c set child_count = n.children
      from (select parent_id, count(*)::integer as children from comments where parent_id is not null group by parent_id) n where c.id = n.parent_id`,
      [],
    ],
  ];
}

/**
 * Half of the comments are roots; the others answer one of the first tenth, three levels deep by arithmetic: the
 * n-th comment answers comment n/10 where that is at most nine levels down.
 */
const commentsText = `
  with recursive made as (
    select n, case when n % 2 = 0 or n <= 10 then null else n / 10 end as answers from generate_series(1, $1::integer) n
  ),
  placed as (
    select n, answers, 0 as depth from made where answers is null
    union all
    select made.n, made.answers, placed.depth + 1 from placed join made on made.answers = placed.n
  )
  insert into comments (id, post_id, parent_id, author_id, depth, body, body_html, like_count, created_at)
  overriding system value
  select n, (select max(id) from posts), answers, 1 + (n::bigint * 7919) % $2::integer, depth, 'Bulk comment ' || n, '<p>Bulk comment ' || n || '</p>',
    ((n::bigint * 2654435761) % 1000)::integer / 10, now() - ($1::integer - n) * interval '1 second'
  from placed order by n`;
