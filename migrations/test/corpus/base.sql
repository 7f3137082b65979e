-- What every case of the corpus finds in place: applied, full of rows, in use.
create schema app;
create table users (
  id bigint generated always as identity primary key,
  name varchar(50) not null,
  email text,
  "displayName" text,
  age integer,
  score numeric(10, 2),
  seen_at timestamp,
  logged_at timestamptz,
  born time(3),
  waited interval(3),
  net cidr,
  code char(4),
  flags bit varying(8),
  status text,
  settings jsonb,
  created_at timestamptz not null default now()
);
create unique index users_email_unique on users (email);
create index users_name on users (name);
create table posts (
  id bigint generated always as identity primary key,
  user_id bigint not null references users (id),
  title text,
  body text,
  slug varchar(100),
  kind text,
  views integer not null default 0,
  starts_at timestamptz,
  ends_at timestamptz
);
create index posts_user_id on posts (user_id);
alter table posts add constraint posts_kind_known check (kind in ('text', 'link'));
create table tags (id bigint primary key, label text not null);
create table post_tags (post_id bigint not null, tag_id bigint not null);
create table legacy (id integer primary key, note varchar, blob json);
create table "Orders" ("Id" bigint generated always as identity primary key, "userId" bigint not null, note text, "createdAt" timestamptz);
create index "Orders_userId_idx" on "Orders" ("userId");
create table app.accounts (id bigint primary key, owner text, balance numeric(12, 2) not null default 0);
create type mood as enum ('happy', 'sad');
create domain positive as integer;
create table moods (id bigint primary key, mood mood not null, amount positive);
create table events (id bigint not null, at timestamptz not null, payload jsonb) partition by range (at);
create table events_2025 partition of events for values from ('2025-01-01') to ('2026-01-01');
create table events_2026 (id bigint not null, at timestamptz not null, payload jsonb);
create view recent as select id, title from posts;
create materialized view totals as select user_id, count(*) as posts from posts group by user_id;
create unique index totals_user on totals (user_id);
create function touch() returns trigger language plpgsql as $$ begin return new; end $$;
create trigger posts_touch before update on posts for each row execute function touch();
create sequence tickets;
create policy posts_all on posts using (true);
