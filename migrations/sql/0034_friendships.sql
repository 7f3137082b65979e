-- sanctum: expand
-- Friends: a row on each side, so that everybody's friends stand together.
create table friendships (
  user_id bigint not null,
  friend_id bigint not null,
  created_at timestamptz not null default now(),
  constraint friendships_pkey primary key (user_id, friend_id),
  constraint friendships_two_people check (user_id <> friend_id),
  constraint fk_friendships_user foreign key (user_id) references users (id) on delete cascade,
  constraint fk_friendships_friend foreign key (friend_id) references users (id) on delete cascade
);

create index idx_friendships_friend_id on friendships (friend_id);
