-- sanctum: expand
-- What a person is told, as lines: one for all that happened to one thing until it is read. The position is that of the line's newest
-- event in the person's stream of notifications, so lists go by it and "read up to here" means what was seen and nothing later.
create table notifications (
  id bigint generated always as identity,
  user_id bigint not null,
  type text not null,
  group_key text collate "C" not null,
  sanctum_id bigint,
  post_id bigint,
  comment_id bigint,
  number integer,
  position bigint not null default 0,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  read_at timestamptz,
  constraint notifications_pkey primary key (id),
  constraint notifications_type_known check (type in ('reply', 'mention', 'likes', 'invitation', 'friend_request', 'friend_accepted', 'removal')),
  constraint fk_notifications_user foreign key (user_id) references users (id) on delete cascade,
  constraint fk_notifications_sanctum foreign key (sanctum_id) references sanctums (id) on delete cascade,
  constraint fk_notifications_post foreign key (post_id) references posts (id) on delete cascade,
  constraint fk_notifications_comment foreign key (comment_id) references comments (id) on delete cascade
);
create unique index idx_notifications_unread_group on notifications (user_id, group_key) where read_at is null;
create index idx_notifications_position on notifications (user_id, position desc);
create index idx_notifications_unread on notifications (user_id, position desc) where read_at is null;
create index idx_notifications_updated_at on notifications (updated_at);
create index idx_notifications_sanctum_id on notifications (sanctum_id);
create index idx_notifications_post_id on notifications (post_id);
create index idx_notifications_comment_id on notifications (comment_id);
