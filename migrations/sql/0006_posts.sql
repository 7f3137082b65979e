create table posts (
  id bigint generated always as identity primary key,
  sanctum_id bigint not null,
  author_id bigint not null,
  kind text not null,
  title text not null,
  body text not null default '',
  body_html text not null default '',
  url text,
  created_at timestamptz not null default now(),
  edited_at timestamptz,
  deleted_at timestamptz,
  search tsvector generated always as (
    setweight(to_tsvector('simple', title), 'A') || setweight(to_tsvector('simple', body), 'B')
  ) stored,
  constraint posts_kind_known check (kind in ('text', 'link')),
  constraint posts_link_has_url check ((kind = 'link') = (url is not null)),
  constraint posts_title_length check (length(title) between 1 and 300),
  constraint posts_body_length check (length(body) <= 40000),
  constraint posts_url_length check (length(url) <= 2048),
  constraint fk_posts_sanctum foreign key (sanctum_id) references sanctums (id) on delete cascade,
  constraint fk_posts_author foreign key (author_id) references users (id)
);

create index idx_posts_sanctum_id on posts (sanctum_id, id desc);
create index idx_posts_author_id on posts (author_id, id desc);
create index idx_posts_search on posts using gin (search);
