-- sanctum: expand
-- What opens one connection, once and within half a minute, kept here where no store is shared. A crash may take them all: whoever had one
-- asks for another.
create unlogged table ws_tickets (
  hash bytea not null,
  user_id bigint not null,
  session_id uuid not null,
  expires_at timestamptz not null,
  constraint ws_tickets_pkey primary key (hash),
  constraint fk_ws_tickets_user foreign key (user_id) references users (id) on delete cascade,
  constraint fk_ws_tickets_session foreign key (session_id) references sessions (id) on delete cascade
);
create index idx_ws_tickets_expires_at on ws_tickets (expires_at);
create index idx_ws_tickets_user_id on ws_tickets (user_id);
create index idx_ws_tickets_session_id on ws_tickets (session_id);
