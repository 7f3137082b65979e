-- sanctum: no-transaction
-- A feed page reads the changes between its first and last rank in the order of the feed, however many there are.
create index concurrently idx_post_rank_changes_hot_before on post_rank_changes (hot_before desc, post_id desc);
