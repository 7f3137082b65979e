-- sanctum: expand
alter table conversations validate constraint conversations_kind_known;
alter table conversations validate constraint conversations_kind_fields;
alter table conversations validate constraint conversations_pair_ordered;
alter table conversations validate constraint conversations_title_length;
alter table conversations validate constraint conversations_slow_mode_bounded;
alter table conversations validate constraint fk_conversations_low_user;
alter table conversations validate constraint fk_conversations_high_user;
