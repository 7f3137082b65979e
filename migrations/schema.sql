-- Generated from a freshly migrated database; do not edit. To write it again:
-- npx vitest run --project integration migrations/src/schema.integration.test.ts --update

create table public.comment_likes (
  comment_id bigint not null,
  user_id bigint not null,
  created_at timestamp with time zone not null default now(),
  constraint comment_likes_pkey PRIMARY KEY (comment_id, user_id)
);
CREATE INDEX idx_comment_likes_user_id ON public.comment_likes USING btree (user_id, comment_id DESC);

create table public.comments (
  id bigint not null generated always as identity,
  post_id bigint not null,
  parent_id bigint,
  author_id bigint not null,
  depth smallint not null,
  body text not null,
  body_html text not null,
  like_count integer not null default 0,
  child_count integer not null default 0,
  created_at timestamp with time zone not null default now(),
  edited_at timestamp with time zone,
  deleted_at timestamp with time zone,
  constraint comments_pkey PRIMARY KEY (id),
  constraint comments_post_id_id_unique UNIQUE (post_id, id),
  constraint comments_body_html_bytes CHECK ((octet_length(body_html) <= 65536)),
  constraint comments_body_length CHECK (((length(body) >= 1) AND (length(body) <= 10000))),
  constraint comments_child_count_not_negative CHECK ((child_count >= 0)),
  constraint comments_depth_bounded CHECK (((depth >= 0) AND (depth <= 50))),
  constraint comments_like_count_not_negative CHECK ((like_count >= 0)),
  constraint comments_root_has_no_parent CHECK (((parent_id IS NULL) = (depth = 0)))
);
CREATE INDEX idx_comments_author_id ON public.comments USING btree (author_id, id DESC);
CREATE INDEX idx_comments_parent_new ON public.comments USING btree (post_id, parent_id, id DESC);
CREATE INDEX idx_comments_parent_top ON public.comments USING btree (post_id, parent_id, like_count DESC, id DESC);
CREATE INDEX idx_comments_post_author ON public.comments USING btree (post_id, author_id) WHERE (deleted_at IS NULL);

create table public.conversation_images (
  id uuid not null default gen_random_uuid(),
  conversation_id bigint not null,
  uploader_id bigint not null,
  "position" bigint,
  width integer,
  height integer,
  bytes integer,
  created_at timestamp with time zone not null default now(),
  released_at timestamp with time zone,
  constraint conversation_images_pkey PRIMARY KEY (id),
  constraint conversation_images_measured CHECK ((((width IS NULL) = (bytes IS NULL)) AND ((height IS NULL) = (bytes IS NULL))))
);
CREATE INDEX idx_conversation_images_conversation_id ON public.conversation_images USING btree (conversation_id);
CREATE INDEX idx_conversation_images_released ON public.conversation_images USING btree (released_at) WHERE (released_at IS NOT NULL);
CREATE INDEX idx_conversation_images_unused ON public.conversation_images USING btree (created_at) WHERE (("position" IS NULL) AND (released_at IS NULL));
CREATE INDEX idx_conversation_images_uploader_id ON public.conversation_images USING btree (uploader_id);

create table public.conversation_marks (
  conversation_id bigint not null,
  user_id bigint not null,
  read_position bigint not null default 0,
  muted boolean not null default false,
  wrote_at timestamp with time zone,
  constraint conversation_marks_pkey PRIMARY KEY (conversation_id, user_id),
  constraint conversation_marks_read_position_not_negative CHECK ((read_position >= 0))
) with (fillfactor=80);
CREATE INDEX idx_conversation_marks_user_id ON public.conversation_marks USING btree (user_id);

create table public.conversation_memberships (
  conversation_id bigint not null,
  user_id bigint not null,
  role text not null,
  invited_by bigint,
  created_at timestamp with time zone not null default now(),
  constraint conversation_memberships_pkey PRIMARY KEY (conversation_id, user_id),
  constraint conversation_memberships_role_known CHECK ((role = ANY (ARRAY['owner'::text, 'member'::text, 'invited'::text, 'declined'::text])))
);
CREATE INDEX idx_conversation_memberships_invited_by ON public.conversation_memberships USING btree (invited_by) WHERE (invited_by IS NOT NULL);
CREATE UNIQUE INDEX idx_conversation_memberships_one_owner ON public.conversation_memberships USING btree (conversation_id) WHERE (role = 'owner'::text);
CREATE INDEX idx_conversation_memberships_user_id ON public.conversation_memberships USING btree (user_id, conversation_id);

create table public.conversations (
  id bigint not null generated always as identity,
  sanctum_id bigint,
  created_at timestamp with time zone not null default now(),
  kind text not null default 'sanctum'::text,
  title text,
  low_user_id bigint,
  high_user_id bigint,
  slow_mode_seconds integer not null default 0,
  closed_at timestamp with time zone,
  constraint conversations_pkey PRIMARY KEY (id),
  constraint conversations_kind_fields CHECK ((((kind = 'sanctum'::text) = (sanctum_id IS NOT NULL)) AND ((kind = 'group'::text) = (title IS NOT NULL)) AND ((kind = 'direct'::text) = ((low_user_id IS NOT NULL) AND (high_user_id IS NOT NULL))) AND ((low_user_id IS NULL) = (high_user_id IS NULL)))),
  constraint conversations_kind_known CHECK ((kind = ANY (ARRAY['direct'::text, 'group'::text, 'sanctum'::text]))),
  constraint conversations_pair_ordered CHECK ((low_user_id < high_user_id)),
  constraint conversations_slow_mode_bounded CHECK (((slow_mode_seconds >= 0) AND (slow_mode_seconds <= 3600))),
  constraint conversations_title_length CHECK (((length(title) >= 1) AND (length(title) <= 80)))
);
CREATE INDEX idx_conversations_high_user_id ON public.conversations USING btree (high_user_id) WHERE (high_user_id IS NOT NULL);
CREATE UNIQUE INDEX idx_conversations_pair_unique ON public.conversations USING btree (low_user_id, high_user_id);
CREATE UNIQUE INDEX idx_conversations_sanctum_id_unique ON public.conversations USING btree (sanctum_id);

create table public.friend_requests (
  from_id bigint not null,
  to_id bigint not null,
  id bigint not null generated always as identity,
  created_at timestamp with time zone not null default now(),
  expires_at timestamp with time zone not null,
  declined_at timestamp with time zone,
  cancelled_at timestamp with time zone,
  constraint friend_requests_pkey PRIMARY KEY (from_id, to_id),
  constraint friend_requests_two_people CHECK ((from_id <> to_id))
);
CREATE INDEX idx_friend_requests_expires_at ON public.friend_requests USING btree (expires_at);
CREATE UNIQUE INDEX idx_friend_requests_pair_unique ON public.friend_requests USING btree (LEAST(from_id, to_id), GREATEST(from_id, to_id));
CREATE INDEX idx_friend_requests_received ON public.friend_requests USING btree (to_id, id DESC);
CREATE INDEX idx_friend_requests_sent ON public.friend_requests USING btree (from_id, id DESC);

create table public.friendships (
  user_id bigint not null,
  friend_id bigint not null,
  created_at timestamp with time zone not null default now(),
  constraint friendships_pkey PRIMARY KEY (user_id, friend_id),
  constraint friendships_two_people CHECK ((user_id <> friend_id))
);
CREATE INDEX idx_friendships_friend_id ON public.friendships USING btree (friend_id);

create table public.idempotency_keys (
  user_id bigint not null,
  key text not null,
  route text not null,
  request_hash bytea not null,
  status integer,
  body text,
  created_at timestamp with time zone not null default now(),
  constraint idempotency_keys_pkey PRIMARY KEY (user_id, key),
  constraint idempotency_keys_key_length CHECK (((length(key) >= 8) AND (length(key) <= 128)))
);
CREATE INDEX idx_idempotency_keys_created_at ON public.idempotency_keys USING btree (created_at);

create table public.memberships (
  sanctum_id bigint not null,
  user_id bigint not null,
  role text not null default 'member'::text,
  created_at timestamp with time zone not null default now(),
  constraint memberships_pkey PRIMARY KEY (sanctum_id, user_id),
  constraint memberships_role_known CHECK ((role = ANY (ARRAY['owner'::text, 'moderator'::text, 'member'::text])))
);
CREATE UNIQUE INDEX idx_memberships_one_owner ON public.memberships USING btree (sanctum_id) WHERE (role = 'owner'::text);
CREATE INDEX idx_memberships_user_id ON public.memberships USING btree (user_id, sanctum_id);

create table public.message_reactions (
  conversation_id bigint not null,
  "position" bigint not null,
  user_id bigint not null,
  emoji text not null,
  created_at timestamp with time zone not null default now(),
  constraint message_reactions_pkey PRIMARY KEY (conversation_id, "position", user_id, emoji),
  constraint message_reactions_emoji_length CHECK (((length(emoji) >= 1) AND (length(emoji) <= 16)))
);
CREATE INDEX idx_message_reactions_user_id ON public.message_reactions USING btree (user_id);

create table public.messages (
  conversation_id bigint not null,
  "position" bigint not null,
  author_id bigint not null,
  client_id uuid not null,
  body text not null,
  reply_to bigint,
  created_at timestamp with time zone not null default now(),
  edited_at timestamp with time zone,
  deleted_at timestamp with time zone,
  image_id uuid,
  constraint messages_pkey PRIMARY KEY (conversation_id, "position"),
  constraint messages_body_length CHECK ((length(body) <= 4000)),
  constraint messages_position_positive CHECK (("position" > 0))
);
CREATE UNIQUE INDEX idx_messages_client_id_unique ON public.messages USING btree (author_id, conversation_id, client_id);

create table public.notification_events (
  user_id bigint not null,
  cause text collate "C" not null,
  notification_id bigint not null,
  actor_id bigint,
  comment_id bigint,
  created_at timestamp with time zone not null default now(),
  constraint notification_events_pkey PRIMARY KEY (user_id, cause)
);
CREATE INDEX idx_notification_events_actor ON public.notification_events USING btree (actor_id, created_at DESC);
CREATE INDEX idx_notification_events_comment_id ON public.notification_events USING btree (comment_id);
CREATE INDEX idx_notification_events_line ON public.notification_events USING btree (notification_id, created_at DESC);

create table public.notification_levels (
  user_id bigint not null,
  scope text collate "C" not null,
  scope_id bigint not null,
  level text not null,
  updated_at timestamp with time zone not null default now(),
  constraint notification_levels_pkey PRIMARY KEY (user_id, scope, scope_id),
  constraint notification_levels_level_known CHECK ((level = ANY (ARRAY['all'::text, 'mentions'::text, 'none'::text]))),
  constraint notification_levels_scope_known CHECK ((scope = ANY (ARRAY['account'::text, 'sanctum'::text, 'post'::text, 'person'::text])))
);

create table public.notifications (
  id bigint not null generated always as identity,
  user_id bigint not null,
  type text not null,
  group_key text collate "C" not null,
  sanctum_id bigint,
  post_id bigint,
  comment_id bigint,
  number integer,
  "position" bigint not null default 0,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  read_at timestamp with time zone,
  constraint notifications_pkey PRIMARY KEY (id),
  constraint notifications_type_known CHECK ((type = ANY (ARRAY['reply'::text, 'mention'::text, 'likes'::text, 'invitation'::text, 'friend_request'::text, 'friend_accepted'::text, 'removal'::text])))
);
CREATE INDEX idx_notifications_comment_id ON public.notifications USING btree (comment_id);
CREATE INDEX idx_notifications_position ON public.notifications USING btree (user_id, "position" DESC);
CREATE INDEX idx_notifications_post_id ON public.notifications USING btree (post_id);
CREATE INDEX idx_notifications_sanctum_id ON public.notifications USING btree (sanctum_id);
CREATE INDEX idx_notifications_unread ON public.notifications USING btree (user_id, "position" DESC) WHERE (read_at IS NULL);
CREATE UNIQUE INDEX idx_notifications_unread_group ON public.notifications USING btree (user_id, group_key) WHERE (read_at IS NULL);
CREATE INDEX idx_notifications_updated_at ON public.notifications USING btree (updated_at);

create table public.post_likes (
  post_id bigint not null,
  user_id bigint not null,
  created_at timestamp with time zone not null default now(),
  constraint post_likes_pkey PRIMARY KEY (post_id, user_id)
);
CREATE INDEX idx_post_likes_user_id ON public.post_likes USING btree (user_id, post_id DESC);

create table public.post_rank_changes (
  id bigint not null generated always as identity,
  post_id bigint not null,
  transaction_id xid8 not null default pg_current_xact_id(),
  hot_before double precision not null,
  like_count_before integer not null,
  created_at timestamp with time zone not null default now(),
  previous_transaction_id xid8,
  constraint post_rank_changes_pkey PRIMARY KEY (id)
);
CREATE INDEX idx_post_rank_changes_created_at ON public.post_rank_changes USING btree (created_at);
CREATE INDEX idx_post_rank_changes_hot_before ON public.post_rank_changes USING btree (hot_before DESC, post_id DESC);
CREATE INDEX idx_post_rank_changes_like_count_before ON public.post_rank_changes USING btree (like_count_before DESC, post_id DESC);
CREATE INDEX idx_post_rank_changes_post_id ON public.post_rank_changes USING btree (post_id, id);
CREATE INDEX idx_post_rank_changes_transaction_id ON public.post_rank_changes USING btree (transaction_id, post_id);

create table public.post_ranks (
  post_id bigint not null,
  sanctum_id bigint not null,
  author_id bigint not null,
  hot double precision not null,
  like_count integer not null default 0,
  comment_count integer not null default 0,
  listed boolean not null default true,
  popular boolean not null,
  created_at timestamp with time zone not null,
  changed_in xid8,
  constraint post_ranks_pkey PRIMARY KEY (post_id),
  constraint post_ranks_comment_count_not_negative CHECK ((comment_count >= 0)),
  constraint post_ranks_like_count_not_negative CHECK ((like_count >= 0))
);
CREATE INDEX idx_post_ranks_author_hot ON public.post_ranks USING btree (author_id, hot DESC, post_id DESC) WHERE listed;
CREATE INDEX idx_post_ranks_author_id ON public.post_ranks USING btree (author_id);
CREATE INDEX idx_post_ranks_author_new ON public.post_ranks USING btree (author_id, post_id DESC) WHERE listed;
CREATE INDEX idx_post_ranks_author_top ON public.post_ranks USING btree (author_id, like_count DESC, post_id DESC) WHERE listed;
CREATE INDEX idx_post_ranks_popular_hot ON public.post_ranks USING btree (hot DESC, post_id DESC) WHERE popular;
CREATE INDEX idx_post_ranks_popular_new ON public.post_ranks USING btree (post_id DESC) WHERE popular;
CREATE INDEX idx_post_ranks_popular_top ON public.post_ranks USING btree (like_count DESC, post_id DESC) WHERE popular;
CREATE INDEX idx_post_ranks_sanctum_hot ON public.post_ranks USING btree (sanctum_id, hot DESC, post_id DESC) WHERE listed;
CREATE INDEX idx_post_ranks_sanctum_id ON public.post_ranks USING btree (sanctum_id);
CREATE INDEX idx_post_ranks_sanctum_new ON public.post_ranks USING btree (sanctum_id, post_id DESC) WHERE listed;
CREATE INDEX idx_post_ranks_sanctum_top ON public.post_ranks USING btree (sanctum_id, like_count DESC, post_id DESC) WHERE listed;

create table public.posts (
  id bigint not null generated always as identity,
  sanctum_id bigint not null,
  author_id bigint not null,
  kind text not null,
  title text not null,
  body text not null default ''::text,
  body_html text not null default ''::text,
  url text,
  created_at timestamp with time zone not null default now(),
  edited_at timestamp with time zone,
  deleted_at timestamp with time zone,
  search tsvector generated always as ((setweight(to_tsvector('simple'::regconfig, title), 'A'::"char") || setweight(to_tsvector('simple'::regconfig, body), 'B'::"char"))) stored,
  is_public boolean not null default true,
  constraint posts_pkey PRIMARY KEY (id),
  constraint posts_body_html_bytes CHECK ((octet_length(body_html) <= 262144)),
  constraint posts_body_length CHECK ((length(body) <= 40000)),
  constraint posts_kind_known CHECK ((kind = ANY (ARRAY['text'::text, 'link'::text]))),
  constraint posts_link_has_url CHECK (((kind = 'link'::text) = (url IS NOT NULL))),
  constraint posts_title_length CHECK (((length(title) >= 1) AND (length(title) <= 300))),
  constraint posts_url_length CHECK ((length(url) <= 2048))
);
CREATE INDEX idx_posts_author_id ON public.posts USING btree (author_id, id DESC);
CREATE INDEX idx_posts_sanctum_id ON public.posts USING btree (sanctum_id, id DESC);
CREATE INDEX idx_posts_search ON public.posts USING gin (search);
CREATE INDEX idx_posts_search_public ON public.posts USING gin (search) WHERE (is_public AND (deleted_at IS NULL));

create table public.sanctum_bans (
  sanctum_id bigint not null,
  user_id bigint not null,
  created_at timestamp with time zone not null default now(),
  constraint sanctum_bans_pkey PRIMARY KEY (sanctum_id, user_id)
);
CREATE INDEX idx_sanctum_bans_user_id ON public.sanctum_bans USING btree (user_id, sanctum_id);

create table public.sanctum_invitations (
  sanctum_id bigint not null,
  user_id bigint not null,
  role text not null,
  invited_by bigint not null,
  created_at timestamp with time zone not null default now(),
  declined_at timestamp with time zone,
  constraint sanctum_invitations_pkey PRIMARY KEY (sanctum_id, user_id),
  constraint sanctum_invitations_role_known CHECK ((role = ANY (ARRAY['owner'::text, 'moderator'::text, 'member'::text])))
);
CREATE INDEX idx_sanctum_invitations_created_at ON public.sanctum_invitations USING btree (created_at);
CREATE INDEX idx_sanctum_invitations_invited_by ON public.sanctum_invitations USING btree (invited_by);
CREATE INDEX idx_sanctum_invitations_user_id ON public.sanctum_invitations USING btree (user_id, sanctum_id);

create table public.sanctum_rank_rewrites (
  sanctum_id bigint not null,
  version bigint not null default 1,
  before_post_id bigint not null default '9223372036854775807'::bigint,
  requested_at timestamp with time zone not null default now(),
  constraint sanctum_rank_rewrites_pkey PRIMARY KEY (sanctum_id)
);

create table public.sanctums (
  id bigint not null generated always as identity,
  name text not null,
  title text not null,
  description text not null default ''::text,
  visibility text not null default 'public'::text,
  owner_id bigint not null,
  member_count integer not null default 0,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  private_since timestamp with time zone,
  constraint sanctums_pkey PRIMARY KEY (id),
  constraint sanctums_description_length CHECK ((length(description) <= 5000)),
  constraint sanctums_member_count_not_negative CHECK ((member_count >= 0)),
  constraint sanctums_name_format CHECK ((name ~ '^[A-Za-z0-9_]{3,30}$'::text)),
  constraint sanctums_title_length CHECK (((length(title) >= 1) AND (length(title) <= 100))),
  constraint sanctums_visibility_known CHECK ((visibility = ANY (ARRAY['public'::text, 'private'::text])))
);
CREATE INDEX idx_sanctums_member_count ON public.sanctums USING btree (member_count DESC, id DESC);
CREATE UNIQUE INDEX idx_sanctums_name_look_unique ON public.sanctums USING btree (replace(replace(translate(lower(name), '01i'::text, 'oll'::text), 'rn'::text, 'm'::text), 'vv'::text, 'w'::text));
CREATE INDEX idx_sanctums_name_prefix ON public.sanctums USING btree (lower(name) text_pattern_ops);
CREATE UNIQUE INDEX idx_sanctums_name_unique ON public.sanctums USING btree (lower(name));
CREATE INDEX idx_sanctums_owner_id ON public.sanctums USING btree (owner_id);

create table public.sessions (
  id uuid not null default gen_random_uuid(),
  user_id bigint not null,
  nonce bytea not null,
  generation integer not null default 0,
  rotated_at timestamp with time zone not null default now(),
  user_agent text not null default ''::text,
  address text not null default ''::text,
  created_at timestamp with time zone not null default now(),
  last_seen_at timestamp with time zone not null default now(),
  expires_at timestamp with time zone not null,
  revoked_at timestamp with time zone,
  revoked_reason text,
  constraint sessions_pkey PRIMARY KEY (id),
  constraint sessions_generation_not_negative CHECK ((generation >= 0)),
  constraint sessions_revocation_has_reason CHECK (((revoked_at IS NULL) = (revoked_reason IS NULL))),
  constraint sessions_revoked_reason_known CHECK ((revoked_reason = ANY (ARRAY['signed-out'::text, 'revoked'::text, 'reuse'::text, 'suspended'::text, 'password-changed'::text])))
);
CREATE INDEX idx_sessions_expires_at ON public.sessions USING btree (expires_at);
CREATE INDEX idx_sessions_revoked_at ON public.sessions USING btree (revoked_at) WHERE (revoked_at IS NOT NULL);
CREATE INDEX idx_sessions_user_id ON public.sessions USING btree (user_id, created_at DESC);

create table public.stream_events (
  kind text collate "C" not null,
  id bigint not null,
  "position" bigint not null,
  day bigint not null default mod((floor((EXTRACT(epoch FROM now()) / (86400)::numeric)))::bigint, (8)::bigint),
  created_at timestamp with time zone not null default now(),
  type text not null,
  actor_id bigint,
  coalescable boolean not null default false,
  trace text,
  data text not null,
  constraint stream_events_pkey PRIMARY KEY (kind, id, "position", day)
) partition by LIST (day);

create table public.stream_events_0 (
  kind text collate "C" not null,
  id bigint not null,
  "position" bigint not null,
  day bigint not null default mod((floor((EXTRACT(epoch FROM now()) / (86400)::numeric)))::bigint, (8)::bigint),
  created_at timestamp with time zone not null default now(),
  type text not null,
  actor_id bigint,
  coalescable boolean not null default false,
  trace text,
  data text not null
);
alter table public.stream_events attach partition public.stream_events_0 FOR VALUES IN ('0');

create table public.stream_events_1 (
  kind text collate "C" not null,
  id bigint not null,
  "position" bigint not null,
  day bigint not null default mod((floor((EXTRACT(epoch FROM now()) / (86400)::numeric)))::bigint, (8)::bigint),
  created_at timestamp with time zone not null default now(),
  type text not null,
  actor_id bigint,
  coalescable boolean not null default false,
  trace text,
  data text not null
);
alter table public.stream_events attach partition public.stream_events_1 FOR VALUES IN ('1');

create table public.stream_events_2 (
  kind text collate "C" not null,
  id bigint not null,
  "position" bigint not null,
  day bigint not null default mod((floor((EXTRACT(epoch FROM now()) / (86400)::numeric)))::bigint, (8)::bigint),
  created_at timestamp with time zone not null default now(),
  type text not null,
  actor_id bigint,
  coalescable boolean not null default false,
  trace text,
  data text not null
);
alter table public.stream_events attach partition public.stream_events_2 FOR VALUES IN ('2');

create table public.stream_events_3 (
  kind text collate "C" not null,
  id bigint not null,
  "position" bigint not null,
  day bigint not null default mod((floor((EXTRACT(epoch FROM now()) / (86400)::numeric)))::bigint, (8)::bigint),
  created_at timestamp with time zone not null default now(),
  type text not null,
  actor_id bigint,
  coalescable boolean not null default false,
  trace text,
  data text not null
);
alter table public.stream_events attach partition public.stream_events_3 FOR VALUES IN ('3');

create table public.stream_events_4 (
  kind text collate "C" not null,
  id bigint not null,
  "position" bigint not null,
  day bigint not null default mod((floor((EXTRACT(epoch FROM now()) / (86400)::numeric)))::bigint, (8)::bigint),
  created_at timestamp with time zone not null default now(),
  type text not null,
  actor_id bigint,
  coalescable boolean not null default false,
  trace text,
  data text not null
);
alter table public.stream_events attach partition public.stream_events_4 FOR VALUES IN ('4');

create table public.stream_events_5 (
  kind text collate "C" not null,
  id bigint not null,
  "position" bigint not null,
  day bigint not null default mod((floor((EXTRACT(epoch FROM now()) / (86400)::numeric)))::bigint, (8)::bigint),
  created_at timestamp with time zone not null default now(),
  type text not null,
  actor_id bigint,
  coalescable boolean not null default false,
  trace text,
  data text not null
);
alter table public.stream_events attach partition public.stream_events_5 FOR VALUES IN ('5');

create table public.stream_events_6 (
  kind text collate "C" not null,
  id bigint not null,
  "position" bigint not null,
  day bigint not null default mod((floor((EXTRACT(epoch FROM now()) / (86400)::numeric)))::bigint, (8)::bigint),
  created_at timestamp with time zone not null default now(),
  type text not null,
  actor_id bigint,
  coalescable boolean not null default false,
  trace text,
  data text not null
);
alter table public.stream_events attach partition public.stream_events_6 FOR VALUES IN ('6');

create table public.stream_events_7 (
  kind text collate "C" not null,
  id bigint not null,
  "position" bigint not null,
  day bigint not null default mod((floor((EXTRACT(epoch FROM now()) / (86400)::numeric)))::bigint, (8)::bigint),
  created_at timestamp with time zone not null default now(),
  type text not null,
  actor_id bigint,
  coalescable boolean not null default false,
  trace text,
  data text not null
);
alter table public.stream_events attach partition public.stream_events_7 FOR VALUES IN ('7');

create table public.streams (
  kind text collate "C" not null,
  id bigint not null,
  head bigint not null,
  constraint streams_pkey PRIMARY KEY (kind, id),
  constraint streams_head_positive CHECK ((head > 0)),
  constraint streams_kind_known CHECK ((kind = ANY (ARRAY['conversation'::text, 'notifications'::text, 'sanctum'::text, 'room'::text, 'user'::text])))
) with (fillfactor=50);

create table public.user_blocks (
  user_id bigint not null,
  other_id bigint not null,
  blocks boolean not null,
  created_at timestamp with time zone not null default now(),
  constraint user_blocks_pkey PRIMARY KEY (user_id, other_id),
  constraint user_blocks_two_people CHECK ((user_id <> other_id))
);
CREATE INDEX idx_user_blocks_other_id ON public.user_blocks USING btree (other_id);
CREATE INDEX idx_user_blocks_own ON public.user_blocks USING btree (user_id, other_id) WHERE blocks;

create table public.user_privacy (
  user_id bigint not null,
  friend_requests_from text not null,
  presence_shown_to text not null,
  receipts_shown boolean not null,
  updated_at timestamp with time zone not null default now(),
  messages_from text not null default 'everybody'::text,
  constraint user_privacy_pkey PRIMARY KEY (user_id),
  constraint user_privacy_friend_requests_known CHECK ((friend_requests_from = ANY (ARRAY['everybody'::text, 'sanctums'::text, 'nobody'::text]))),
  constraint user_privacy_messages_known CHECK ((messages_from = ANY (ARRAY['everybody'::text, 'friends'::text, 'nobody'::text]))),
  constraint user_privacy_presence_known CHECK ((presence_shown_to = ANY (ARRAY['everybody'::text, 'friends'::text, 'nobody'::text])))
);

create table public.users (
  id bigint not null generated always as identity,
  username text not null,
  email text not null,
  password_hash text not null,
  display_name text not null,
  bio text not null default ''::text,
  role text not null default 'user'::text,
  suspended_at timestamp with time zone,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  constraint users_pkey PRIMARY KEY (id),
  constraint users_bio_length CHECK ((length(bio) <= 2000)),
  constraint users_display_name_length CHECK (((length(display_name) >= 1) AND (length(display_name) <= 60))),
  constraint users_email_length CHECK (((length(email) >= 3) AND (length(email) <= 254))),
  constraint users_role_known CHECK ((role = ANY (ARRAY['user'::text, 'admin'::text]))),
  constraint users_username_format CHECK ((username ~ '^[A-Za-z0-9_]{3,30}$'::text))
);
CREATE INDEX idx_users_admins ON public.users USING btree (id) WHERE (role = 'admin'::text);
CREATE UNIQUE INDEX idx_users_email_unique ON public.users USING btree (lower(email));
CREATE UNIQUE INDEX idx_users_name_look_unique ON public.users USING btree (replace(replace(translate(lower(username), '01i'::text, 'oll'::text), 'rn'::text, 'm'::text), 'vv'::text, 'w'::text));
CREATE INDEX idx_users_suspended_at ON public.users USING btree (suspended_at) WHERE (suspended_at IS NOT NULL);
CREATE INDEX idx_users_username_prefix ON public.users USING btree (lower(username) text_pattern_ops);
CREATE UNIQUE INDEX idx_users_username_unique ON public.users USING btree (lower(username));

create unlogged table public.ws_tickets (
  hash bytea not null,
  user_id bigint not null,
  session_id uuid not null,
  expires_at timestamp with time zone not null,
  constraint ws_tickets_pkey PRIMARY KEY (hash)
);
CREATE INDEX idx_ws_tickets_expires_at ON public.ws_tickets USING btree (expires_at);
CREATE INDEX idx_ws_tickets_session_id ON public.ws_tickets USING btree (session_id);
CREATE INDEX idx_ws_tickets_user_id ON public.ws_tickets USING btree (user_id);

alter table public.comment_likes add constraint fk_comment_likes_comment FOREIGN KEY (comment_id) REFERENCES public.comments(id) ON DELETE CASCADE;
alter table public.comment_likes add constraint fk_comment_likes_user FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;
alter table public.comments add constraint fk_comments_author FOREIGN KEY (author_id) REFERENCES public.users(id);
alter table public.comments add constraint fk_comments_parent FOREIGN KEY (post_id, parent_id) REFERENCES public.comments(post_id, id) ON DELETE CASCADE;
alter table public.comments add constraint fk_comments_post FOREIGN KEY (post_id) REFERENCES public.posts(id) ON DELETE CASCADE;
alter table public.conversation_images add constraint fk_conversation_images_conversation FOREIGN KEY (conversation_id) REFERENCES public.conversations(id);
alter table public.conversation_images add constraint fk_conversation_images_uploader FOREIGN KEY (uploader_id) REFERENCES public.users(id);
alter table public.conversation_marks add constraint fk_conversation_marks_conversation FOREIGN KEY (conversation_id) REFERENCES public.conversations(id) ON DELETE CASCADE;
alter table public.conversation_marks add constraint fk_conversation_marks_user FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;
alter table public.conversation_memberships add constraint fk_conversation_memberships_conversation FOREIGN KEY (conversation_id) REFERENCES public.conversations(id) ON DELETE CASCADE;
alter table public.conversation_memberships add constraint fk_conversation_memberships_inviter FOREIGN KEY (invited_by) REFERENCES public.users(id) ON DELETE SET NULL;
alter table public.conversation_memberships add constraint fk_conversation_memberships_user FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;
alter table public.conversations add constraint fk_conversations_high_user FOREIGN KEY (high_user_id) REFERENCES public.users(id);
alter table public.conversations add constraint fk_conversations_low_user FOREIGN KEY (low_user_id) REFERENCES public.users(id);
alter table public.conversations add constraint fk_conversations_sanctum FOREIGN KEY (sanctum_id) REFERENCES public.sanctums(id) ON DELETE CASCADE;
alter table public.friend_requests add constraint fk_friend_requests_from FOREIGN KEY (from_id) REFERENCES public.users(id) ON DELETE CASCADE;
alter table public.friend_requests add constraint fk_friend_requests_to FOREIGN KEY (to_id) REFERENCES public.users(id) ON DELETE CASCADE;
alter table public.friendships add constraint fk_friendships_friend FOREIGN KEY (friend_id) REFERENCES public.users(id) ON DELETE CASCADE;
alter table public.friendships add constraint fk_friendships_user FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;
alter table public.idempotency_keys add constraint fk_idempotency_keys_user FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;
alter table public.memberships add constraint fk_memberships_sanctum FOREIGN KEY (sanctum_id) REFERENCES public.sanctums(id) ON DELETE CASCADE;
alter table public.memberships add constraint fk_memberships_user FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;
alter table public.message_reactions add constraint fk_message_reactions_message FOREIGN KEY (conversation_id, "position") REFERENCES public.messages(conversation_id, "position") ON DELETE CASCADE;
alter table public.message_reactions add constraint fk_message_reactions_user FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;
alter table public.messages add constraint fk_messages_author FOREIGN KEY (author_id) REFERENCES public.users(id);
alter table public.messages add constraint fk_messages_conversation FOREIGN KEY (conversation_id) REFERENCES public.conversations(id) ON DELETE CASCADE;
alter table public.notification_events add constraint fk_notification_events_actor FOREIGN KEY (actor_id) REFERENCES public.users(id) ON DELETE CASCADE;
alter table public.notification_events add constraint fk_notification_events_comment FOREIGN KEY (comment_id) REFERENCES public.comments(id) ON DELETE CASCADE;
alter table public.notification_events add constraint fk_notification_events_notification FOREIGN KEY (notification_id) REFERENCES public.notifications(id) ON DELETE CASCADE;
alter table public.notification_events add constraint fk_notification_events_user FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;
alter table public.notification_levels add constraint fk_notification_levels_user FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;
alter table public.notifications add constraint fk_notifications_comment FOREIGN KEY (comment_id) REFERENCES public.comments(id) ON DELETE CASCADE;
alter table public.notifications add constraint fk_notifications_post FOREIGN KEY (post_id) REFERENCES public.posts(id) ON DELETE CASCADE;
alter table public.notifications add constraint fk_notifications_sanctum FOREIGN KEY (sanctum_id) REFERENCES public.sanctums(id) ON DELETE CASCADE;
alter table public.notifications add constraint fk_notifications_user FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;
alter table public.post_likes add constraint fk_post_likes_post FOREIGN KEY (post_id) REFERENCES public.posts(id) ON DELETE CASCADE;
alter table public.post_likes add constraint fk_post_likes_user FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;
alter table public.post_rank_changes add constraint fk_post_rank_changes_post FOREIGN KEY (post_id) REFERENCES public.posts(id) ON DELETE CASCADE;
alter table public.post_ranks add constraint fk_post_ranks_author FOREIGN KEY (author_id) REFERENCES public.users(id);
alter table public.post_ranks add constraint fk_post_ranks_post FOREIGN KEY (post_id) REFERENCES public.posts(id) ON DELETE CASCADE;
alter table public.post_ranks add constraint fk_post_ranks_sanctum FOREIGN KEY (sanctum_id) REFERENCES public.sanctums(id) ON DELETE CASCADE;
alter table public.posts add constraint fk_posts_author FOREIGN KEY (author_id) REFERENCES public.users(id);
alter table public.posts add constraint fk_posts_sanctum FOREIGN KEY (sanctum_id) REFERENCES public.sanctums(id) ON DELETE CASCADE;
alter table public.sanctum_bans add constraint fk_sanctum_bans_sanctum FOREIGN KEY (sanctum_id) REFERENCES public.sanctums(id) ON DELETE CASCADE;
alter table public.sanctum_bans add constraint fk_sanctum_bans_user FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;
alter table public.sanctum_invitations add constraint fk_sanctum_invitations_inviter FOREIGN KEY (invited_by) REFERENCES public.users(id) ON DELETE CASCADE;
alter table public.sanctum_invitations add constraint fk_sanctum_invitations_sanctum FOREIGN KEY (sanctum_id) REFERENCES public.sanctums(id) ON DELETE CASCADE;
alter table public.sanctum_invitations add constraint fk_sanctum_invitations_user FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;
alter table public.sanctum_rank_rewrites add constraint fk_sanctum_rank_rewrites_sanctum FOREIGN KEY (sanctum_id) REFERENCES public.sanctums(id) ON DELETE CASCADE;
alter table public.sanctums add constraint fk_sanctums_owner FOREIGN KEY (owner_id) REFERENCES public.users(id);
alter table public.sessions add constraint fk_sessions_user FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;
alter table public.user_blocks add constraint fk_user_blocks_other FOREIGN KEY (other_id) REFERENCES public.users(id) ON DELETE CASCADE;
alter table public.user_blocks add constraint fk_user_blocks_user FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;
alter table public.user_privacy add constraint fk_user_privacy_user FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;
alter table public.ws_tickets add constraint fk_ws_tickets_session FOREIGN KEY (session_id) REFERENCES public.sessions(id) ON DELETE CASCADE;
alter table public.ws_tickets add constraint fk_ws_tickets_user FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;
