-- The first answer to a creating request, written in the transaction that created the thing.
create table idempotency_keys (
  user_id bigint not null,
  key text not null,
  route text not null,
  request_hash bytea not null,
  status integer,
  body text,
  created_at timestamptz not null default now(),
  constraint idempotency_keys_pkey primary key (user_id, key),
  constraint idempotency_keys_key_length check (length(key) between 8 and 128),
  constraint fk_idempotency_keys_user foreign key (user_id) references users (id) on delete cascade
);

create index idx_idempotency_keys_created_at on idempotency_keys (created_at);
