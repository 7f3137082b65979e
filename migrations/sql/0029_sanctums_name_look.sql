-- sanctum: no-transaction
-- sanctum: expand
-- As for people in 0028:
-- select array_agg(name) from sanctums group by replace(replace(translate(lower(name), '01i', 'oll'), 'rn', 'm'), 'vv', 'w') having count(*) > 1;
create unique index concurrently idx_sanctums_name_look_unique on sanctums (replace(replace(translate(lower(name), '01i', 'oll'), 'rn', 'm'), 'vv', 'w'));
