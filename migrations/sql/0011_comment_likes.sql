create table comment_likes (
  comment_id bigint not null,
  user_id bigint not null,
  created_at timestamptz not null default now(),
  constraint comment_likes_pkey primary key (comment_id, user_id),
  constraint fk_comment_likes_comment foreign key (comment_id) references comments (id) on delete cascade,
  constraint fk_comment_likes_user foreign key (user_id) references users (id) on delete cascade
);

create index idx_comment_likes_user_id on comment_likes (user_id, comment_id desc);
