-- sanctum: expand
create table message_reactions (
  conversation_id bigint not null,
  position bigint not null,
  user_id bigint not null,
  emoji text not null,
  created_at timestamptz not null default now(),
  constraint message_reactions_pkey primary key (conversation_id, position, user_id, emoji),
  constraint message_reactions_emoji_length check (length(emoji) between 1 and 16),
  constraint fk_message_reactions_message foreign key (conversation_id, position) references messages (conversation_id, position) on delete cascade,
  constraint fk_message_reactions_user foreign key (user_id) references users (id) on delete cascade
);

create index idx_message_reactions_user_id on message_reactions (user_id);
