-- The transaction of a rank's last change: one look at the row tells whether a walk's snapshot knows it, however often it changed.
alter table post_ranks add column changed_in xid8;
