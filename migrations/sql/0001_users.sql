create table users (
  id bigint generated always as identity primary key,
  username text not null,
  email text not null,
  password_hash text not null,
  display_name text not null,
  bio text not null default '',
  role text not null default 'user',
  suspended_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint users_username_format check (username ~ '^[A-Za-z0-9_]{3,30}$'),
  constraint users_email_length check (length(email) between 3 and 254),
  constraint users_display_name_length check (length(display_name) between 1 and 60),
  constraint users_bio_length check (length(bio) <= 2000),
  constraint users_role_known check (role in ('user', 'admin'))
);

create unique index idx_users_username_unique on users (lower(username));
create unique index idx_users_email_unique on users (lower(email));

-- Prefix search on names; text_pattern_ops serves `like 'word%'` in any locale.
create index idx_users_username_prefix on users (lower(username) text_pattern_ops);
