import type { CorpusShape } from './shapes.ts';

/** What looks like a fault and is none: the named check has to stay silent, and every other one as well. */
export const lookAlikes: readonly CorpusShape[] = [
  [
    'unindexed-foreign-key',
    'create table {p} (id int primary key); create table {t} (id int primary key, {a} int references {p}); create index {i} on {t} ({a})',
  ],
  [
    'unindexed-foreign-key',
    'create table {p} (id int primary key); create table {t} (id int primary key, {a} int references {p}); create index {i} on {t} using hash ({a})',
  ],
  [
    'unindexed-foreign-key',
    'create table {p} (id int primary key); create table {t} (id int primary key, {a} int references {p}); create index {i} on {t} ({a}) where {a} is not null',
  ],
  ['unindexed-foreign-key', 'create table {p} (id int primary key); create table {t} ({a} int primary key references {p})'],
  [
    'unindexed-foreign-key',
    'create table {p} (id int primary key); create table {t} (id int, {a} int references {p}, primary key ({a}, id))',
  ],
  [
    'unindexed-foreign-key',
    'create table {p} (x int, y int, primary key (x, y)); create table {t} (id int primary key, {a} int, {b} int, foreign key ({a}, {b}) references {p}); create index {i} on {t} ({b}, {a})',
  ],
  [
    'unindexed-foreign-key',
    'create table {p} (id int primary key); create table {t} (id int, {a} int references {p}, primary key (id)) partition by range (id); create table {i} partition of {t} default; create index on {t} ({a})',
  ],
  [
    'unindexed-foreign-key',
    'create table {p} (id int primary key); create table {t} (id int, {a} int references {p}, primary key (id)) partition by range (id); create table {i} partition of {t} default; create index on {i} ({a})',
  ],
  [
    'unindexed-foreign-key',
    'create table {p} (id int primary key); create table {t} (id int primary key, {a} int references {p}, {b} int); create unique index {i} on {t} ({a}, {b})',
  ],
  ['duplicate-index', 'create table {t} (id int primary key, {a} int); create index {i} on {t} ({a}); create index {j} on {t} ({a} desc)'],
  [
    'duplicate-index',
    'create table {t} (id int primary key, {a} int); create unique index {i} on {t} ({a}); create unique index {j} on {t} ({a}) nulls not distinct',
  ],
  [
    'duplicate-index',
    'create table {t} (id int primary key, {a} int, constraint {i} unique ({a}) deferrable initially deferred); create unique index {j} on {t} ({a})',
  ],
  [
    'duplicate-index',
    'create table {t} (id int primary key, {a} int); create unique index {i} on {t} ({a}); create unique index {j} on {t} ({a}) where {a} > 0',
  ],
  [
    'duplicate-index',
    'create table {t} (id int primary key, {a} text); create unique index {i} on {t} ({a}); create unique index {j} on {t} ({a} collate "C")',
  ],
  [
    'duplicate-index',
    'create table {t} (id int primary key, {a} text); create unique index {i} on {t} ({a}); create unique index {j} on {t} (lower({a}))',
  ],
  [
    'duplicate-index',
    'create table {t} (id int primary key, {a} text); create index {i} on {t} ({a}); create index {j} on {t} ({a} text_pattern_ops)',
  ],
  [
    'duplicate-index',
    'create table {t} (id int primary key, {a} int, {b} int); create unique index {i} on {t} ({a}); create unique index {j} on {t} ({a}, {b})',
  ],
  [
    'duplicate-index',
    'create table {t} (id int primary key, {a} int, {b} int); create unique index {i} on {t} ({a}) include ({b}); create unique index {j} on {t} ({b})',
  ],
  [
    'duplicate-index',
    'create table {t} (id int primary key, {a} int not null); create unique index {i} on {t} ({a}); create unique index {j} on {t} ({a}); create table {p} (id int primary key references {t} ({a})); alter table {t} replica identity using index {j}',
  ],
  [
    'duplicate-index',
    'create table {t} (id int primary key, {a} int not null); create unique index {i} on {t} ({a}) nulls not distinct; alter table {t} add constraint {j} unique ({a}) deferrable',
  ],
  [
    'duplicate-index',
    'create table {t} (id int primary key, {a} int); create index {i} on {t} using hash ({a}); create index {j} on {t} ({a})',
  ],
  [
    'duplicate-index',
    'create table {t} (id int primary key, {a} int, {b} int); create index {i} on {t} ({a}, {b}); create index {j} on {t} ({b}, {a})',
  ],
  [
    'duplicate-index',
    'create table {t} (id int primary key, {a} int, {b} int); create index {i} on {t} ({a}); create index {j} on {t} ({a}) include ({b}) where {b} > 1',
  ],
  [
    'duplicate-index',
    "create table {t} (id int primary key, {a} int); create unique index {i} on {t} ({a}); create unique index {j} on {t} ({a}); update pg_index set indisvalid = false, indislive = false, indisready = false where indexrelid = '{j}'::regclass; update pg_index set indisvalid = true, indislive = true, indisready = true where indexrelid = '{j}'::regclass; alter table {t} cluster on {j}; drop index {i}",
  ],
  [
    'duplicate-index',
    'create table {t} (id int primary key, {a} int4range); create index {i} on {t} using gist ({a}); create index {j} on {t} using spgist ({a})',
  ],
  ['invalid-index', 'create table {t} (id int primary key, {a} int); create index {i} on {t} ({a})'],
  ['invalid-index', 'create table {t} (id int primary key, {a} int) partition by range (id); create index {i} on only {t} ({a})'],
  ['no-primary-key', 'create table {t} ({a} int primary key)'],
  ['no-primary-key', 'create table {t} ({a} int primary key) partition by list ({a}); create table {p} partition of {t} for values in (1)'],
  ['no-primary-key', 'create table {p} ({a} int primary key); create view {t} as select 1 as x'],
  ['no-primary-key', 'create table {p} ({a} int primary key); create materialized view {t} as select 1 as x'],
  ['no-primary-key', 'create table {p} (id int primary key); create table {t} ({b} int, primary key (id)) inherits ({p})'],
  ['no-primary-key', 'create type {i} as ({a} int); create table {t} of {i} (primary key ({a}))'],
  [
    'constraint-not-valid',
    'create table {t} (id int primary key, {a} int); alter table {t} add constraint {i} check ({a} > 0) not valid; alter table {t} validate constraint {i}',
  ],
  ['constraint-not-valid', 'create table {t} (id int primary key, {a} int, constraint {i} check ({a} > 0) not enforced)'],
  ['constraint-not-valid', 'create domain {i} as int constraint {j} check (value > 0); create table {t} ({a} {i} primary key)'],
  [
    'constraint-not-valid',
    'create table {p} (id int primary key); create table {t} ({a} int primary key references {p} deferrable initially deferred)',
  ],
  [
    'sequence-near-end',
    "create table {t} ({a} bigint generated always as identity primary key); select setval(pg_get_serial_sequence('{t}', {a$}), 2000000000)",
  ],
  ['sequence-near-end', "create table {t} ({a} bigserial primary key); select setval(pg_get_serial_sequence('{t}', {a$}), 2100000000)"],
  ['sequence-near-end', "create sequence {i} as smallint cycle; create table {t} (id int primary key); select setval('{i}', 32000)"],
  [
    'sequence-near-end',
    "create sequence {i}; create table {t} (id int primary key, {a} text default 'N' || nextval('{i}')); select setval('{i}', 2100000000)",
  ],
  ['sequence-near-end', 'create sequence {i}; create table {t} (id int primary key)'],
  ['sequence-near-end', "create sequence {i} start 2000000000; create table {t} ({a} bigint primary key default nextval('{i}'))"],
  [
    'sequence-near-end',
    "create sequence {i} maxvalue 1000; create table {t} ({a} bigint primary key default nextval('{i}')); select setval('{i}', 400)",
  ],
  [
    'sequence-near-end',
    "create sequence {i} increment -1 minvalue -1000000000000; create table {t} ({a} bigint primary key default nextval('{i}')); select setval('{i}', -2100000000)",
  ],
  ['key-type-mismatch', 'create table {p} (id bigint primary key); create table {t} ({a} bigint primary key references {p})'],
  ['key-type-mismatch', 'create table {p} (id text primary key); create table {t} ({a} varchar(40) primary key references {p})'],
  ['key-type-mismatch', 'create table {p} (id varchar(10) primary key); create table {t} ({a} varchar(20) primary key references {p})'],
  ['key-type-mismatch', 'create table {p} (id int primary key); create table {t} ({a} bigint primary key references {p})'],
  [
    'key-type-mismatch',
    'create domain {i} as bigint; create table {p} (id bigint primary key); create table {t} ({a} {i} primary key references {p})',
  ],
  ['key-type-mismatch', 'create table {p} (id uuid primary key); create table {t} ({a} uuid primary key references {p})'],
  ['narrow-key-near-end', 'create table {t} ({a} bigint primary key); insert into {t} values (2000000000)'],
  ['narrow-key-near-end', 'create table {t} ({a} int primary key); insert into {t} values (20000000)'],
  ['narrow-key-near-end', 'create table {t} (id int primary key, {a} int); insert into {t} values (1, 2000000000)'],
  ['narrow-key-near-end', 'create table {t} ({a} int primary key)'],
  ['narrow-key-near-end', 'create table {t} ({a} smallint primary key); insert into {t} values (1), (100); analyze {t}'],
];
