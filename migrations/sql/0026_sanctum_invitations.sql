-- sanctum: expand
-- A place or a role that someone was offered and has not taken. A declined one stays, so that it is not repeated at once.
create table sanctum_invitations (
  sanctum_id bigint not null,
  user_id bigint not null,
  role text not null,
  invited_by bigint not null,
  created_at timestamptz not null default now(),
  declined_at timestamptz,
  constraint sanctum_invitations_pkey primary key (sanctum_id, user_id),
  constraint sanctum_invitations_role_known check (role in ('owner', 'moderator', 'member')),
  constraint fk_sanctum_invitations_sanctum foreign key (sanctum_id) references sanctums (id) on delete cascade,
  constraint fk_sanctum_invitations_user foreign key (user_id) references users (id) on delete cascade,
  constraint fk_sanctum_invitations_inviter foreign key (invited_by) references users (id) on delete cascade
);

create index idx_sanctum_invitations_user_id on sanctum_invitations (user_id, sanctum_id);
create index idx_sanctum_invitations_invited_by on sanctum_invitations (invited_by);
create index idx_sanctum_invitations_created_at on sanctum_invitations (created_at);
