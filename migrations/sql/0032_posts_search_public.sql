-- sanctum: no-transaction
-- sanctum: expand
-- Words of the posts that everyone may read.
create index concurrently idx_posts_search_public on posts using gin (search) where is_public and deleted_at is null;
