-- sanctum: no-transaction
-- The sweep of ended sessions walks in the order in which they end.
create index concurrently idx_sessions_expires_at on sessions (expires_at);
