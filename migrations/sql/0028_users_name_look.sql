-- sanctum: no-transaction
-- sanctum: expand
-- No two names that look alike: 0 and o, 1 and i and l, rn and m, vv and w. If this finds some in your data, they are those of:
-- select array_agg(username) from users group by replace(replace(translate(lower(username), '01i', 'oll'), 'rn', 'm'), 'vv', 'w') having count(*) > 1;
create unique index concurrently idx_users_name_look_unique on users (replace(replace(translate(lower(username), '01i', 'oll'), 'rn', 'm'), 'vv', 'w'));
