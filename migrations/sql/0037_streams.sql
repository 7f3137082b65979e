-- sanctum: expand
-- The head of every ordered log: the position of its newest event. The one hot row of a busy place: only the head changes, no index
-- holds it, and half of each page is left free, so that an update stays on its page and touches no index.
create table streams (
  kind text collate "C" not null,
  id bigint not null,
  head bigint not null,
  constraint streams_pkey primary key (kind, id),
  constraint streams_kind_known check (kind in ('conversation', 'notifications', 'sanctum', 'room', 'user')),
  constraint streams_head_positive check (head > 0)
) with (fillfactor = 50);
