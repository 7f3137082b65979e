-- sanctum: expand
-- What one person keeps in one conversation: how far they read, whether it is muted, when they wrote last where slow mode asks for it.
create table conversation_marks (
  conversation_id bigint not null,
  user_id bigint not null,
  read_position bigint not null default 0,
  muted boolean not null default false,
  wrote_at timestamptz,
  constraint conversation_marks_pkey primary key (conversation_id, user_id),
  constraint conversation_marks_read_position_not_negative check (read_position >= 0),
  constraint fk_conversation_marks_conversation foreign key (conversation_id) references conversations (id) on delete cascade,
  constraint fk_conversation_marks_user foreign key (user_id) references users (id) on delete cascade
) with (fillfactor = 80);

create index idx_conversation_marks_user_id on conversation_marks (user_id);
