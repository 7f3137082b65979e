-- sanctum: expand
-- Two people who do not see each other: a row on each side, so that one look at one's own rows tells both. `blocks` is true on
-- the side that asked for it.
create table user_blocks (
  user_id bigint not null,
  other_id bigint not null,
  blocks boolean not null,
  created_at timestamptz not null default now(),
  constraint user_blocks_pkey primary key (user_id, other_id),
  constraint user_blocks_two_people check (user_id <> other_id),
  constraint fk_user_blocks_user foreign key (user_id) references users (id) on delete cascade,
  constraint fk_user_blocks_other foreign key (other_id) references users (id) on delete cascade
);

create index idx_user_blocks_other_id on user_blocks (other_id);
create index idx_user_blocks_own on user_blocks (user_id, other_id) where blocks;
