-- sanctum: expand
-- How much a person wants to be told: of everything (scope account, id 0), of a sanctum, of a post's thread, of a person.
create table notification_levels (
  user_id bigint not null,
  scope text collate "C" not null,
  scope_id bigint not null,
  level text not null,
  updated_at timestamptz not null default now(),
  constraint notification_levels_pkey primary key (user_id, scope, scope_id),
  constraint notification_levels_scope_known check (scope in ('account', 'sanctum', 'post', 'person')),
  constraint notification_levels_level_known check (level in ('all', 'mentions', 'none')),
  constraint fk_notification_levels_user foreign key (user_id) references users (id) on delete cascade
);
