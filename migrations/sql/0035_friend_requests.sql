-- sanctum: expand
-- Who wants to be whose friend. One row per pair of people, whichever of them asked. A declined one stays until it expires, so
-- that it does not come again at once, and a cancelled one, so that it counts among those of its day. One that is asked anew gets a
-- new id: lists go by it.
create table friend_requests (
  from_id bigint not null,
  to_id bigint not null,
  id bigint generated always as identity,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  declined_at timestamptz,
  cancelled_at timestamptz,
  constraint friend_requests_pkey primary key (from_id, to_id),
  constraint friend_requests_two_people check (from_id <> to_id),
  constraint fk_friend_requests_from foreign key (from_id) references users (id) on delete cascade,
  constraint fk_friend_requests_to foreign key (to_id) references users (id) on delete cascade
);

create unique index idx_friend_requests_pair_unique on friend_requests (least(from_id, to_id), greatest(from_id, to_id));
create index idx_friend_requests_sent on friend_requests (from_id, id desc);
create index idx_friend_requests_received on friend_requests (to_id, id desc);
create index idx_friend_requests_expires_at on friend_requests (expires_at);
