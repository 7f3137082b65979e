-- sanctum: no-transaction
-- sanctum: expand
create index concurrently idx_conversations_high_user_id on conversations (high_user_id) where high_user_id is not null;
