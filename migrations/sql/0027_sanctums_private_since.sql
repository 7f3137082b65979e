-- sanctum: expand
-- When a private sanctum became private; empty in a public one, and in one that was private before this column: it counts from its birth.
alter table sanctums add column private_since timestamptz;
