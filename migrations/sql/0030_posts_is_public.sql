-- sanctum: expand
-- Whether the post's sanctum is public, beside the words: a search reads an index of what everyone may read, and what others may not
-- leaves no trace in its time. Follows the sanctum like post_ranks.popular. What is shown is decided by the sanctum itself as
-- before: posts of private sanctums that still say true are found by nobody who may not read them.
alter table posts add column is_public boolean not null default true;
