-- A session is one signed-in device. Its refresh token is derived from (id, generation, nonce)
-- and the server's key, so rotation is one guarded update and no token is stored.
create table sessions (
  id uuid primary key default gen_random_uuid(),
  user_id bigint not null,
  nonce bytea not null,
  generation integer not null default 0,
  rotated_at timestamptz not null default now(),
  user_agent text not null default '',
  address text not null default '',
  created_at timestamptz not null default now(),
  last_seen_at timestamptz not null default now(),
  expires_at timestamptz not null,
  revoked_at timestamptz,
  revoked_reason text,
  constraint fk_sessions_user foreign key (user_id) references users (id) on delete cascade,
  constraint sessions_generation_not_negative check (generation >= 0),
  constraint sessions_revocation_has_reason check ((revoked_at is null) = (revoked_reason is null)),
  constraint sessions_revoked_reason_known check (revoked_reason in ('signed-out', 'revoked', 'reuse', 'suspended', 'password-changed'))
);

create index idx_sessions_user_id on sessions (user_id, created_at desc);
create index idx_sessions_revoked_at on sessions (revoked_at) where revoked_at is not null;
