-- sanctum: no-transaction
-- Every instance reads who administers the site twice a second: a change of role does not wait for a token's end.
create index concurrently idx_users_admins on users (id) where role = 'admin';
