-- Sanctums whose visibility changed and whose ranks a job still has to bring in line. While a private one stands here,
-- popular feeds leave its posts out themselves.
create table sanctum_rank_rewrites (
  sanctum_id bigint primary key,
  -- Counts the changes: the job ends its work only when there was none in between.
  version bigint not null default 1,
  -- Posts from here on are in line already: a job that died goes on where it was.
  before_post_id bigint not null default 9223372036854775807,
  requested_at timestamptz not null default now(),
  constraint fk_sanctum_rank_rewrites_sanctum foreign key (sanctum_id) references sanctums (id) on delete cascade
);
