import type { CorpusShape } from './shapes.ts';

/**
 * Faults as other people's schemas have them. `{t}` and `{p}` are tables (child and parent), `{a}` and `{b}` columns, `{i}` and `{j}`
 * free names; each shape stands once per style of naming, in a schema of its own. Written before the checks were tuned.
 */
export const plantedFaults: readonly CorpusShape[] = [
  ['unindexed-foreign-key', 'create table {p} (id int primary key); create table {t} (id int primary key, {a} int references {p})'],
  ['unindexed-foreign-key', 'create table {t} (id int primary key, {a} int references {t})'],
  [
    'unindexed-foreign-key',
    'create table {p} (id int primary key); create table {t} (id int primary key, {a} int references {p}, {b} int); create index {i} on {t} ({b}, {a})',
  ],
  [
    'unindexed-foreign-key',
    'create table {p} (id int primary key); create table {t} (id int primary key, {a} int references {p}, {b} int); create index {i} on {t} ({a}) where {b} > 0',
  ],
  [
    'unindexed-foreign-key',
    'create table {p} (x int, y int, primary key (x, y)); create table {t} (id int primary key, {a} int, {b} int, foreign key ({a}, {b}) references {p}); create index {i} on {t} ({b})',
  ],
  [
    'unindexed-foreign-key',
    'create table {p} (id int primary key); create table {t} (id int primary key, {a} int references {p}); create index {i} on {t} (({a} + 0))',
  ],
  [
    'unindexed-foreign-key',
    'create table {p} (id int primary key); create table {t} (id int primary key, {a} int references {p}); create index {i} on {t} using brin ({a})',
  ],
  [
    'unindexed-foreign-key',
    'create table {p} (id int primary key); create table {t} (id int primary key, {a} int references {p}, {b} int); create index {i} on {t} ({b}) include ({a})',
  ],
  [
    'unindexed-foreign-key',
    'create table {p} (id int primary key); create table {t} (id int, {a} int references {p}, primary key (id)) partition by range (id); create table {i} partition of {t} default',
  ],
  [
    'unindexed-foreign-key',
    'create table {p} (id int primary key); create table {t} (id int, {a} int references {p}, primary key (id)) partition by range (id); create table {i} partition of {t} for values from (0) to (9); create table {j} partition of {t} default; create index on {i} ({a})',
  ],
  ['duplicate-index', 'create table {t} (id int primary key, {a} int); create index {i} on {t} ({a}); create index {j} on {t} ({a})'],
  [
    'duplicate-index',
    'create table {t} (id int primary key, {a} int, {b} int); create index {i} on {t} ({a}, {b}); create index {j} on {t} ({a})',
  ],
  ['duplicate-index', 'create table {t} ({a} int primary key); create index {i} on {t} ({a})'],
  ['duplicate-index', 'create table {t} ({a} int, {b} int, primary key ({a}, {b})); create index {i} on {t} ({a})'],
  ['duplicate-index', 'create table {t} (id int primary key, {a} int not null unique); create index {i} on {t} ({a})'],
  [
    'duplicate-index',
    'create table {t} (id int primary key, {a} int); create unique index {i} on {t} ({a}); create unique index {j} on {t} ({a})',
  ],
  [
    'duplicate-index',
    'create table {t} (id int primary key, {a} text); create index {i} on {t} (lower({a})); create index {j} on {t} (lower({a}))',
  ],
  [
    'duplicate-index',
    'create table {t} (id int primary key, {a} int); create index {i} on {t} ({a}) where {a} > 5; create index {j} on {t} ({a}) where {a} > 5',
  ],
  [
    'duplicate-index',
    'create table {t} (id int primary key, {a} int[]); create index {i} on {t} using gin ({a}); create index {j} on {t} using gin ({a})',
  ],
  [
    'duplicate-index',
    'create table {t} (id int primary key, {a} int) partition by range (id); create table {p} partition of {t} default; create index {i} on {t} ({a}); create index {j} on {t} ({a})',
  ],
  [
    'duplicate-index',
    'create table {t} (id int primary key, {a} int, {b} int); create index {i} on {t} ({a}) include ({b}); create index {j} on {t} ({a})',
  ],
  [
    'invalid-index',
    "create table {t} (id int primary key, {a} int); create index {i} on {t} ({a}); update pg_index set indisvalid = false where indexrelid = '{i}'::regclass",
  ],
  [
    'invalid-index',
    "create table {t} (id int primary key, {a} int); create unique index {i} on {t} ({a}); update pg_index set indisvalid = false, indisready = false where indexrelid = '{i}'::regclass",
  ],
  [
    'invalid-index',
    'create table {t} (id int primary key, {a} int) partition by range (id); create table {p} partition of {t} default; create index {i} on only {t} ({a})',
  ],
  ['no-primary-key', 'create table {t} ({a} int, {b} text)'],
  ['no-primary-key', 'create table {t} ({a} int unique, {b} text)'],
  ['no-primary-key', 'create table {t} ({a} int not null); create unique index {i} on {t} ({a})'],
  ['no-primary-key', 'create table {t} ({a} int generated always as identity)'],
  ['no-primary-key', 'create table {t} ({a} int, {b} int) partition by list ({a}); create table {p} partition of {t} for values in (1)'],
  ['no-primary-key', 'create unlogged table {t} ({a} int)'],
  ['no-primary-key', 'create table {p} (id int primary key); create table {t} ({b} int) inherits ({p})'],
  ['no-primary-key', 'create table {t} ({a} int not null, unique ({a}) deferrable)'],
  ['constraint-not-valid', 'create table {t} (id int primary key, {a} int); alter table {t} add constraint {i} check ({a} > 0) not valid'],
  [
    'constraint-not-valid',
    'create table {p} (id int primary key); create table {t} ({a} int primary key); alter table {t} add constraint {i} foreign key ({a}) references {p} not valid',
  ],
  ['constraint-not-valid', 'create table {t} (id int primary key, {a} int); alter table {t} add constraint {i} not null {a} not valid'],
  ['constraint-not-valid', 'create domain {t} as int; alter domain {t} add constraint {i} check (value > 0) not valid'],
  [
    'constraint-not-valid',
    'create table {t} (id int primary key, {a} int) partition by range (id); create table {p} partition of {t} default; alter table {p} add constraint {i} check ({a} > 0) not valid',
  ],
  [
    'sequence-near-end',
    "create table {t} ({a} int generated always as identity primary key); select setval(pg_get_serial_sequence('{t}', {a$}), 2000000000)",
  ],
  ['sequence-near-end', "create table {t} ({a} serial primary key); select setval(pg_get_serial_sequence('{t}', {a$}), 1900000000)"],
  [
    'sequence-near-end',
    "create sequence {i}; create table {t} ({a} int primary key default nextval('{i}')); select setval('{i}', 2000000000)",
  ],
  [
    'sequence-near-end',
    "create sequence {i}; create table {p} (id bigint primary key default nextval('{i}')); create table {t} ({a} int primary key default nextval('{i}')); select setval('{i}', 2000000000)",
  ],
  [
    'sequence-near-end',
    "create sequence {i} increment -1; create table {t} ({a} int primary key default nextval('{i}')); select setval('{i}', -2000000000)",
  ],
  [
    'sequence-near-end',
    "create sequence {i} as smallint; create table {t} ({a} bigint primary key default nextval('{i}')); select setval('{i}', 32000)",
  ],
  [
    'sequence-near-end',
    "create sequence {i} maxvalue 1000; create table {t} ({a} bigint primary key default nextval('{i}')); select setval('{i}', 950)",
  ],
  [
    'sequence-near-end',
    "create sequence {i} cycle; create table {t} ({a} int primary key default nextval('{i}')); select setval('{i}', 2100000000)",
  ],
  [
    'sequence-near-end',
    "create domain {j} as int; create sequence {i}; create table {t} ({a} {j} primary key default nextval('{i}')); select setval('{i}', 2100000000)",
  ],
  [
    'sequence-near-end',
    "create sequence {i} maxvalue 900 cycle; create table {t} ({a} int primary key default nextval('{i}')); select setval('{i}', 890)",
  ],
  ['key-type-mismatch', 'create table {p} (id bigint primary key); create table {t} ({a} int primary key references {p})'],
  [
    'key-type-mismatch',
    'create table {p} (id int primary key); create table {t} (id int primary key, {a} smallint references {p}); create index {i} on {t} ({a})',
  ],
  [
    'key-type-mismatch',
    'create table {p} (x int, y bigint, primary key (x, y)); create table {t} ({a} int, {b} int, primary key ({a}, {b}), foreign key ({a}, {b}) references {p})',
  ],
  ['key-type-mismatch', 'create table {p} (id numeric primary key); create table {t} ({a} bigint primary key references {p})'],
  [
    'key-type-mismatch',
    'create domain {i} as int; create table {p} (id bigint primary key); create table {t} ({a} {i} primary key references {p})',
  ],
  ['narrow-key-near-end', 'create table {t} ({a} int primary key); insert into {t} values (2000000000)'],
  ['narrow-key-near-end', 'create table {t} ({a} smallint primary key); insert into {t} values (32000)'],
  ['narrow-key-near-end', 'create table {t} ({a} int primary key); insert into {t} values (-2000000000)'],
  ['narrow-key-near-end', 'create table {t} (id int primary key, {a} int unique); insert into {t} values (1, 2000000000)'],
  ['narrow-key-near-end', 'create table {t} ({a} int primary key); insert into {t} values (1), (2000000000); analyze {t}'],
];
