create table sanctums (
  id bigint generated always as identity primary key,
  name text not null,
  title text not null,
  description text not null default '',
  visibility text not null default 'public',
  owner_id bigint not null,
  member_count integer not null default 0,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint sanctums_name_format check (name ~ '^[A-Za-z0-9_]{3,30}$'),
  constraint sanctums_title_length check (length(title) between 1 and 100),
  constraint sanctums_description_length check (length(description) <= 5000),
  constraint sanctums_visibility_known check (visibility in ('public', 'private')),
  constraint sanctums_member_count_not_negative check (member_count >= 0),
  constraint fk_sanctums_owner foreign key (owner_id) references users (id)
);

create unique index idx_sanctums_name_unique on sanctums (lower(name));
create index idx_sanctums_owner_id on sanctums (owner_id);
create index idx_sanctums_member_count on sanctums (member_count desc, id desc);
create index idx_sanctums_name_prefix on sanctums (lower(name) text_pattern_ops);
