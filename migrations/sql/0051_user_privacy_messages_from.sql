-- sanctum: expand
-- From whom a person takes direct messages and invitations to groups.
alter table user_privacy add column messages_from text not null default 'everybody';
alter table user_privacy add constraint user_privacy_messages_known check (messages_from in ('everybody', 'friends', 'nobody')) not valid;
