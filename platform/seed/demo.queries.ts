/** Set-based inserts of the demo data. Ids are drawn from the sequences first, so rows can refer to each other. */
import { z } from 'zod';
import { defineQuery } from '../src/db/query.ts';
import { sentJson } from '../src/features/messages/messages.fragments.queries.ts';
import { hotRank } from '../src/features/posts/posts.fragments.queries.ts';

const nothing = z.object({});

/** One seeding at a time; the lock ends with the transaction. */
export const lockSeeding = defineQuery({
  name: 'seed.lock',
  access: 'write',
  params: {},
  text: `select true as locked from pg_advisory_xact_lock(837501)`,
  budgetMs: 30_000,
  usesIndex: [],
  sample: {},
  row: z.object({ locked: z.boolean() }),
});

export const findAnyone = defineQuery({
  name: 'seed.find_anyone',
  access: 'read',
  params: {},
  text: `select u.id from users u order by u.id limit 1`,
  budgetMs: 10,
  usesIndex: ['users_pkey'],
  sample: {},
  row: z.object({ id: z.string() }),
});

/** Ids for rows that are about to be inserted. */
export const drawIds = defineQuery({
  name: 'seed.draw_ids',
  access: 'write',
  params: { table_name: 'text', wanted: 'integer' },
  text: `select nextval(pg_get_serial_sequence($1, 'id'))::text as id from generate_series(1, $2)`,
  budgetMs: 100,
  usesIndex: [],
  sample: { table_name: 'posts', wanted: 1 },
  row: z.object({ id: z.string() }),
});

function insertRows(name: string, target: string, columns: string, select: string) {
  return defineQuery({
    name: `seed.insert_${name}`,
    access: 'write',
    params: { rows: 'json' },
    text: `insert into ${target} overriding system value ${select} from json_to_recordset($1::json) as r(${columns})`,
    budgetMs: 2000,
    usesIndex: [],
    sample: { rows: '[]' },
    row: nothing,
  });
}

export const insertUsers = insertRows(
  'users',
  'users (id, username, email, password_hash, display_name, bio, role, created_at)',
  'id bigint, username text, email text, password_hash text, display_name text, bio text, role text, created_at timestamptz',
  'select r.id, r.username, r.email, r.password_hash, r.display_name, r.bio, r.role, r.created_at',
);

export const insertSanctums = insertRows(
  'sanctums',
  'sanctums (id, name, title, description, visibility, owner_id, member_count, created_at)',
  'id bigint, name text, title text, description text, visibility text, owner_id bigint, member_count integer, created_at timestamptz',
  'select r.id, r.name, r.title, r.description, r.visibility, r.owner_id, r.member_count, r.created_at',
);

/** The conversations of the sanctums, with ids drawn before. */
export const insertConversations = defineQuery({
  name: 'seed.insert_conversations',
  access: 'write',
  params: { ids: 'bigint[]', sanctum_ids: 'bigint[]' },
  text: `
    insert into conversations (id, sanctum_id) overriding system value
    select place.id, place.sanctum_id from unnest($1::bigint[], $2::bigint[]) as place (id, sanctum_id)`,
  budgetMs: 100,
  usesIndex: [],
  sample: { ids: [], sanctum_ids: [] },
  row: nothing,
});

export const insertOwnConversations = insertRows(
  'own_conversations',
  'conversations (id, kind, title, low_user_id, high_user_id, created_at)',
  'id bigint, kind text, title text, low_user_id bigint, high_user_id bigint, created_at timestamptz',
  'select r.id, r.kind, r.title, r.low_user_id, r.high_user_id, r.created_at',
);

export const insertConversationMemberships = insertRows(
  'conversation_memberships',
  'conversation_memberships (conversation_id, user_id, role, created_at)',
  'conversation_id bigint, user_id bigint, role text, created_at timestamptz',
  'select r.conversation_id, r.user_id, r.role, r.created_at',
);

export const insertMessages = insertRows(
  'messages',
  'messages (conversation_id, position, author_id, client_id, body, created_at)',
  'conversation_id bigint, position bigint, author_id bigint, client_id uuid, body text, created_at timestamptz',
  'select r.conversation_id, r.position, r.author_id, r.client_id, r.body, r.created_at',
);

/** The log of every conversation from its messages: an event for each, and the head. */
export const insertMessageEvents = defineQuery({
  name: 'seed.insert_message_events',
  access: 'write',
  params: { trace: 'text?' },
  text: `
    with head as (
      insert into streams (kind, id, head)
      select 'conversation', m.conversation_id, max(m.position) from messages m group by m.conversation_id
    )
    insert into stream_events (kind, id, position, created_at, type, actor_id, trace, data)
    select 'conversation', message.conversation_id, message.position, message.created_at, 'message.sent', message.author_id, $1::text,
      (${sentJson})::text
    from messages message`,
  budgetMs: 2000,
  usesIndex: [],
  sample: { trace: null },
  row: nothing,
});

export const insertMemberships = insertRows(
  'memberships',
  'memberships (sanctum_id, user_id, role, created_at)',
  'sanctum_id bigint, user_id bigint, role text, created_at timestamptz',
  'select r.sanctum_id, r.user_id, r.role, r.created_at',
);

export const insertPosts = insertRows(
  'posts',
  'posts (id, sanctum_id, author_id, kind, title, body, body_html, url, is_public, created_at)',
  'id bigint, sanctum_id bigint, author_id bigint, kind text, title text, body text, body_html text, url text, created_at timestamptz',
  `select r.id, r.sanctum_id, r.author_id, r.kind, r.title, r.body, r.body_html, r.url,
    (select s.visibility = 'public' from sanctums s where s.id = r.sanctum_id), r.created_at`,
);

export const insertPostLikes = insertRows(
  'post_likes',
  'post_likes (post_id, user_id, created_at)',
  'post_id bigint, user_id bigint, created_at timestamptz',
  'select r.post_id, r.user_id, r.created_at',
);

/** Parents come before their children in `rows`. */
export const insertComments = insertRows(
  'comments',
  'comments (id, post_id, parent_id, author_id, depth, body, body_html, like_count, child_count, created_at)',
  `id bigint, post_id bigint, parent_id bigint, author_id bigint, depth smallint, body text, body_html text, like_count integer, child_count integer,
    created_at timestamptz`,
  'select r.id, r.post_id, r.parent_id, r.author_id, r.depth, r.body, r.body_html, r.like_count, r.child_count, r.created_at',
);

export const insertCommentLikes = insertRows(
  'comment_likes',
  'comment_likes (comment_id, user_id, created_at)',
  'comment_id bigint, user_id bigint, created_at timestamptz',
  'select r.comment_id, r.user_id, r.created_at',
);

/** Two rows for each friendship, one for either side. */
export const insertFriendships = insertRows(
  'friendships',
  'friendships (user_id, friend_id, created_at)',
  'user_id bigint, friend_id bigint, created_at timestamptz',
  'select r.user_id, r.friend_id, r.created_at',
);

export const insertFriendRequests = insertRows(
  'friend_requests',
  'friend_requests (from_id, to_id, created_at, expires_at)',
  'from_id bigint, to_id bigint, created_at timestamptz, expires_at timestamptz',
  'select r.from_id, r.to_id, r.created_at, r.expires_at',
);

/** Ranks from what was inserted: the counts cannot differ from the likes and comments there are. */
export const insertRanks = defineQuery({
  name: 'seed.insert_ranks',
  access: 'write',
  params: { post_ids: 'bigint[]' },
  text: `
    insert into post_ranks (post_id, sanctum_id, author_id, hot, like_count, comment_count, popular, created_at)
    select p.id, p.sanctum_id, p.author_id, ${hotRank('counted.likes', 'p.created_at')}, counted.likes, counted.comments, s.visibility = 'public', p.created_at
    from posts p
    join sanctums s on s.id = p.sanctum_id
    cross join lateral (
      select (select count(*) from post_likes l where l.post_id = p.id)::integer as likes, (select count(*) from comments c where c.post_id = p.id)::integer as comments
    ) counted
    where p.id = any ($1::bigint[])`,
  budgetMs: 2000,
  usesIndex: ['posts_pkey'],
  sample: { post_ids: [] },
  row: nothing,
});
