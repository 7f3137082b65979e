-- sanctum: expand
alter table messages add column image_id uuid;
