-- sanctum: no-transaction
-- The same for feeds sorted by likes.
create index concurrently idx_post_rank_changes_like_count_before on post_rank_changes (like_count_before desc, post_id desc);
