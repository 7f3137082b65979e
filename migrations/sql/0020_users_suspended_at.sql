-- sanctum: no-transaction
-- Every instance reads freshly suspended accounts twice a second: their access tokens end before their time.
create index concurrently idx_users_suspended_at on users (suspended_at) where suspended_at is not null;
