-- sanctum: expand
alter table user_privacy validate constraint user_privacy_messages_known;
