-- sanctum: expand
-- What people chose about others and themselves. Who has no row has chosen nothing: the platform knows what holds then.
create table user_privacy (
  user_id bigint not null,
  friend_requests_from text not null,
  presence_shown_to text not null,
  receipts_shown boolean not null,
  updated_at timestamptz not null default now(),
  constraint user_privacy_pkey primary key (user_id),
  constraint user_privacy_friend_requests_known check (friend_requests_from in ('everybody', 'sanctums', 'nobody')),
  constraint user_privacy_presence_known check (presence_shown_to in ('everybody', 'friends', 'nobody')),
  constraint fk_user_privacy_user foreign key (user_id) references users (id) on delete cascade
);
