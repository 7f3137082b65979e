-- sanctum: expand
-- A message is where it stands: its key is its position in the stream of its conversation, so that order of messages is order of commits.
-- The id that its client gave it is unique for author and conversation: a repetition finds the first.
create table messages (
  conversation_id bigint not null,
  position bigint not null,
  author_id bigint not null,
  client_id uuid not null,
  body text not null,
  reply_to bigint,
  created_at timestamptz not null default now(),
  edited_at timestamptz,
  deleted_at timestamptz,
  constraint messages_pkey primary key (conversation_id, position),
  constraint messages_position_positive check (position > 0),
  constraint messages_body_length check (length(body) <= 4000),
  constraint fk_messages_conversation foreign key (conversation_id) references conversations (id) on delete cascade,
  constraint fk_messages_author foreign key (author_id) references users (id)
);

create unique index idx_messages_client_id_unique on messages (author_id, conversation_id, client_id);
