-- One narrow row a post: what lists sort by and count. The wide row of posts is never rewritten by a like.
-- hot = log10(max(1, likes)) + seconds since 2020-01-01 UTC / 45,000: it changes only when a like does.
-- listed: the post is not deleted; popular: it is listed and its sanctum is public.
create table post_ranks (
  post_id bigint primary key,
  sanctum_id bigint not null,
  author_id bigint not null,
  hot double precision not null,
  like_count integer not null default 0,
  comment_count integer not null default 0,
  listed boolean not null default true,
  popular boolean not null,
  created_at timestamptz not null,
  constraint post_ranks_like_count_not_negative check (like_count >= 0),
  constraint post_ranks_comment_count_not_negative check (comment_count >= 0),
  constraint fk_post_ranks_post foreign key (post_id) references posts (id) on delete cascade,
  constraint fk_post_ranks_sanctum foreign key (sanctum_id) references sanctums (id) on delete cascade,
  constraint fk_post_ranks_author foreign key (author_id) references users (id)
);

create index idx_post_ranks_popular_hot on post_ranks (hot desc, post_id desc) where popular;
create index idx_post_ranks_popular_top on post_ranks (like_count desc, post_id desc) where popular;
create index idx_post_ranks_popular_new on post_ranks (post_id desc) where popular;
create index idx_post_ranks_sanctum_hot on post_ranks (sanctum_id, hot desc, post_id desc) where listed;
create index idx_post_ranks_sanctum_top on post_ranks (sanctum_id, like_count desc, post_id desc) where listed;
create index idx_post_ranks_sanctum_new on post_ranks (sanctum_id, post_id desc) where listed;
create index idx_post_ranks_author_hot on post_ranks (author_id, hot desc, post_id desc) where listed;
create index idx_post_ranks_author_top on post_ranks (author_id, like_count desc, post_id desc) where listed;
create index idx_post_ranks_author_new on post_ranks (author_id, post_id desc) where listed;
create index idx_post_ranks_sanctum_id on post_ranks (sanctum_id);
create index idx_post_ranks_author_id on post_ranks (author_id);
