-- sanctum: expand
-- Conversations of two people and of groups, beside those of sanctums. A release before this one writes conversations of sanctums only,
-- which the defaults are right for. A direct conversation names its pair, the smaller id first, so that there is one for each pair.
alter table conversations
  alter column sanctum_id drop not null,
  add column kind text not null default 'sanctum',
  add column title text,
  add column low_user_id bigint,
  add column high_user_id bigint,
  add column slow_mode_seconds integer not null default 0,
  add column closed_at timestamptz;
alter table conversations add constraint conversations_kind_known check (kind in ('direct', 'group', 'sanctum')) not valid;
alter table conversations add constraint conversations_kind_fields check (
  (kind = 'sanctum') = (sanctum_id is not null)
  and (kind = 'group') = (title is not null)
  and (kind = 'direct') = (low_user_id is not null and high_user_id is not null)
  and (low_user_id is null) = (high_user_id is null)
) not valid;
alter table conversations add constraint conversations_pair_ordered check (low_user_id < high_user_id) not valid;
alter table conversations add constraint conversations_title_length check (length(title) between 1 and 80) not valid;
alter table conversations add constraint conversations_slow_mode_bounded check (slow_mode_seconds between 0 and 3600) not valid;
alter table conversations add constraint fk_conversations_low_user foreign key (low_user_id) references users (id) not valid;
alter table conversations add constraint fk_conversations_high_user foreign key (high_user_id) references users (id) not valid;
