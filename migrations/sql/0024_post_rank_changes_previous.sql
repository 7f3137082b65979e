-- The change before it: the one rank a walk needs is that of the change that its snapshot does not see and whose previous one it does.
alter table post_rank_changes add column previous_transaction_id xid8;
