create table comments (
  id bigint generated always as identity primary key,
  post_id bigint not null,
  parent_id bigint,
  author_id bigint not null,
  depth smallint not null,
  body text not null,
  body_html text not null,
  like_count integer not null default 0,
  child_count integer not null default 0,
  created_at timestamptz not null default now(),
  edited_at timestamptz,
  deleted_at timestamptz,
  constraint comments_body_length check (length(body) between 1 and 10000),
  constraint comments_depth_bounded check (depth between 0 and 50),
  constraint comments_root_has_no_parent check ((parent_id is null) = (depth = 0)),
  constraint comments_like_count_not_negative check (like_count >= 0),
  constraint comments_child_count_not_negative check (child_count >= 0),
  constraint comments_post_id_id_unique unique (post_id, id),
  constraint fk_comments_post foreign key (post_id) references posts (id) on delete cascade,
  constraint fk_comments_parent foreign key (post_id, parent_id) references comments (post_id, id) on delete cascade,
  constraint fk_comments_author foreign key (author_id) references users (id)
);

-- Windowed levels: the next children of one parent, best or newest first. Roots have a null parent.
create index idx_comments_parent_top on comments (post_id, parent_id, like_count desc, id desc);
create index idx_comments_parent_new on comments (post_id, parent_id, id desc);
create index idx_comments_author_id on comments (author_id, id desc);
