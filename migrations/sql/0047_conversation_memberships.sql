-- sanctum: expand
-- Who is in a direct conversation or a group, is invited to it, or declined. Who is in the conversation of a sanctum stands in memberships and
-- nowhere else.
create table conversation_memberships (
  conversation_id bigint not null,
  user_id bigint not null,
  role text not null,
  invited_by bigint,
  created_at timestamptz not null default now(),
  constraint conversation_memberships_pkey primary key (conversation_id, user_id),
  constraint conversation_memberships_role_known check (role in ('owner', 'member', 'invited', 'declined')),
  constraint fk_conversation_memberships_conversation foreign key (conversation_id) references conversations (id) on delete cascade,
  constraint fk_conversation_memberships_user foreign key (user_id) references users (id) on delete cascade,
  constraint fk_conversation_memberships_inviter foreign key (invited_by) references users (id) on delete set null
);

create index idx_conversation_memberships_user_id on conversation_memberships (user_id, conversation_id);
create index idx_conversation_memberships_invited_by on conversation_memberships (invited_by) where invited_by is not null;
create unique index idx_conversation_memberships_one_owner on conversation_memberships (conversation_id) where role = 'owner';
