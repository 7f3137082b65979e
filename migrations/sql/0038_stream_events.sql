-- sanctum: expand
-- The events of all streams, in a ring of eight partitions, one a day: an event falls into the partition of its day, and a job empties
-- the partition of tomorrow, which holds the events of a week ago. So there is nothing to make ahead that could run out, nothing
-- locks the whole table, and a week is dropped whole. data is JSON text: it is passed through, and nobody looks into it here.
create table stream_events (
  kind text collate "C" not null,
  id bigint not null,
  position bigint not null,
  day bigint not null default mod(floor(extract(epoch from now()) / 86400)::bigint, 8),
  created_at timestamptz not null default now(),
  type text not null,
  actor_id bigint,
  coalescable boolean not null default false,
  trace text,
  data text not null,
  constraint stream_events_pkey primary key (kind, id, position, day)
) partition by list (day);
create table stream_events_0 partition of stream_events for values in (0);
create table stream_events_1 partition of stream_events for values in (1);
create table stream_events_2 partition of stream_events for values in (2);
create table stream_events_3 partition of stream_events for values in (3);
create table stream_events_4 partition of stream_events for values in (4);
create table stream_events_5 partition of stream_events for values in (5);
create table stream_events_6 partition of stream_events for values in (6);
create table stream_events_7 partition of stream_events for values in (7);
