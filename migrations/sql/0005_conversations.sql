-- Every sanctum has exactly one conversation: the unique index holds it.
create table conversations (
  id bigint generated always as identity primary key,
  sanctum_id bigint not null,
  created_at timestamptz not null default now(),
  constraint fk_conversations_sanctum foreign key (sanctum_id) references sanctums (id) on delete cascade
);

create unique index idx_conversations_sanctum_id_unique on conversations (sanctum_id);
