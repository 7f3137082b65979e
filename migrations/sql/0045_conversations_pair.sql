-- sanctum: no-transaction
-- sanctum: expand
-- One direct conversation for each pair, however many open it at once.
create unique index concurrently idx_conversations_pair_unique on conversations (low_user_id, high_user_id);
