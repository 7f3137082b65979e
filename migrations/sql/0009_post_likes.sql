create table post_likes (
  post_id bigint not null,
  user_id bigint not null,
  created_at timestamptz not null default now(),
  constraint post_likes_pkey primary key (post_id, user_id),
  constraint fk_post_likes_post foreign key (post_id) references posts (id) on delete cascade,
  constraint fk_post_likes_user foreign key (user_id) references users (id) on delete cascade
);

create index idx_post_likes_user_id on post_likes (user_id, post_id desc);
