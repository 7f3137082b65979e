-- What a post's rank was before each change, with the transaction that changed it. A feed cursor carries the
-- snapshot of its first page; a later page reads the rank as it was in that snapshot: no repeats, no holes.
-- Rows older than an hour are swept by a job.
create table post_rank_changes (
  id bigint generated always as identity primary key,
  post_id bigint not null,
  transaction_id xid8 not null default pg_current_xact_id(),
  hot_before double precision not null,
  like_count_before integer not null,
  created_at timestamptz not null default now(),
  constraint fk_post_rank_changes_post foreign key (post_id) references posts (id) on delete cascade
);

create index idx_post_rank_changes_transaction_id on post_rank_changes (transaction_id, post_id);
create index idx_post_rank_changes_post_id on post_rank_changes (post_id, id);
create index idx_post_rank_changes_created_at on post_rank_changes (created_at);
