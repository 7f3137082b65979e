-- sanctum: expand
-- Pictures of conversations: what is known of a file before, while and after it is there. A file without a row does not exist, because the row
-- comes first and goes last. `position` is the message that shows it; released ones are waiting for their file to be removed.
create table conversation_images (
  id uuid not null default gen_random_uuid(),
  conversation_id bigint not null,
  uploader_id bigint not null,
  position bigint,
  width integer,
  height integer,
  bytes integer,
  created_at timestamptz not null default now(),
  released_at timestamptz,
  constraint conversation_images_pkey primary key (id),
  constraint conversation_images_measured check ((width is null) = (bytes is null) and (height is null) = (bytes is null)),
  constraint fk_conversation_images_conversation foreign key (conversation_id) references conversations (id),
  constraint fk_conversation_images_uploader foreign key (uploader_id) references users (id)
);

create index idx_conversation_images_conversation_id on conversation_images (conversation_id);
create index idx_conversation_images_uploader_id on conversation_images (uploader_id);
create index idx_conversation_images_unused on conversation_images (created_at) where position is null and released_at is null;
create index idx_conversation_images_released on conversation_images (released_at) where released_at is not null;
