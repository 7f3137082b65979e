create table memberships (
  sanctum_id bigint not null,
  user_id bigint not null,
  role text not null default 'member',
  created_at timestamptz not null default now(),
  constraint memberships_pkey primary key (sanctum_id, user_id),
  constraint memberships_role_known check (role in ('owner', 'moderator', 'member')),
  constraint fk_memberships_sanctum foreign key (sanctum_id) references sanctums (id) on delete cascade,
  constraint fk_memberships_user foreign key (user_id) references users (id) on delete cascade
);

create index idx_memberships_user_id on memberships (user_id, sanctum_id);
create unique index idx_memberships_one_owner on memberships (sanctum_id) where role = 'owner';
