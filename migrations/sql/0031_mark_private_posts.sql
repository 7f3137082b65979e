-- sanctum: expand
-- The job rewrite_ranks marks the posts there are, in slices.
insert into sanctum_rank_rewrites (sanctum_id) select id from sanctums where visibility = 'private'
on conflict (sanctum_id) do update set version = sanctum_rank_rewrites.version + 1, before_post_id = excluded.before_post_id;
