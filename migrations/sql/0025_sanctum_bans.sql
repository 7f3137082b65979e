-- sanctum: expand
-- Who was removed from a sanctum and does not come back until someone there lifts it.
create table sanctum_bans (
  sanctum_id bigint not null,
  user_id bigint not null,
  created_at timestamptz not null default now(),
  constraint sanctum_bans_pkey primary key (sanctum_id, user_id),
  constraint fk_sanctum_bans_sanctum foreign key (sanctum_id) references sanctums (id) on delete cascade,
  constraint fk_sanctum_bans_user foreign key (user_id) references users (id) on delete cascade
);

create index idx_sanctum_bans_user_id on sanctum_bans (user_id, sanctum_id);
