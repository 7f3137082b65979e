-- sanctum: no-transaction
-- sanctum: expand
-- Which comments of a post are by certain people: those whom a reader does not see are not counted.
create index concurrently idx_comments_post_author on comments (post_id, author_id) where deleted_at is null;
