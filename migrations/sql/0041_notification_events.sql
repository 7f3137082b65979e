-- sanctum: expand
-- What happened, behind the lines: one row per person and cause, so that a job that runs twice tells once, and so that who is hidden from
-- the reader today, or has taken back what they wrote, is not counted.
create table notification_events (
  user_id bigint not null,
  cause text collate "C" not null,
  notification_id bigint not null,
  actor_id bigint,
  comment_id bigint,
  created_at timestamptz not null default now(),
  constraint notification_events_pkey primary key (user_id, cause),
  constraint fk_notification_events_user foreign key (user_id) references users (id) on delete cascade,
  constraint fk_notification_events_notification foreign key (notification_id) references notifications (id) on delete cascade,
  constraint fk_notification_events_actor foreign key (actor_id) references users (id) on delete cascade,
  constraint fk_notification_events_comment foreign key (comment_id) references comments (id) on delete cascade
);
create index idx_notification_events_line on notification_events (notification_id, created_at desc);
create index idx_notification_events_actor on notification_events (actor_id, created_at desc);
create index idx_notification_events_comment_id on notification_events (comment_id);
