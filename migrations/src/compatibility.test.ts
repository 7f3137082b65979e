import { expect, test } from 'vitest';
import { compatibilityOf } from './compatibility.ts';
import { parseDirectives } from './directives.ts';
import { loadParser } from './parser.ts';

const parser = await loadParser();
const judge = (sql: string) => compatibilityOf(parser, 16, sql, parseDirectives(sql));

const leavesAlone = [
  'create table a (id bigint primary key, b bigint not null unique references posts (id));',
  'create table a (id bigint primary key); alter table a add constraint c check (id > 0); create unique index i on a (id);',
  'alter table posts add column mood text;',
  "alter table posts add column mood text not null default 'fine';",
  'alter table posts add column mood text check (length(mood) < 9);',
  'alter table posts add column n bigint generated always as identity;',
  'alter table posts alter column mood set default 1;',
  'alter table posts set (fillfactor = 90);',
  'alter table posts validate constraint c;',
  'create index concurrently i on posts (id);',
  "alter type kind add value 'video';",
  'create function f() returns int language sql as $$ select 1 $$;',
  "comment on table posts is 'what people write';",
];
test.each(leavesAlone)('keeps running releases working: %s', (sql) => {
  expect(judge(sql)).toMatchObject({ breaksBefore: 0, source: 'judged', breaking: [] });
});

const certainBreaks = [
  'drop table posts;',
  'drop view recent;',
  'drop function f();',
  'alter table posts drop column mood;',
  'alter table posts rename column mood to feeling;',
  'alter table posts rename to articles;',
  'alter table posts alter column mood set not null;',
  'alter table posts alter column mood type varchar(9);',
  'alter table posts add column mood text not null;',
  "alter type kind rename value 'a' to 'b';",
  'revoke select on posts from app;',
  'create table a (id bigint); alter table posts add column x int, drop column y;',
];
test.each(certainBreaks)('takes away what running releases use: %s', (sql) => {
  const { breaksBefore, breaking } = judge(sql);
  expect(breaksBefore).toBe(16);
  expect(breaking).toMatchObject([{ line: 1, isCertain: true }]);
});

const unknownBreaks = [
  'create unique index i on posts (title);',
  'alter table posts add constraint c check (length(title) > 3) not valid;',
  'alter table posts add column slug text unique;',
  'alter table posts alter column mood drop not null;',
  'alter table posts alter column mood drop default;',
  'drop index i;',
  'create or replace function f() returns int language sql as $$ select 2 $$;',
  'create trigger t before insert on posts for each row execute function f();',
  'do $$ begin perform 1; end $$;',
  'update posts set mood = 1 where id = 1;',
];
test.each(unknownBreaks)('is not known to be harmless and counts as a break: %s', (sql) => {
  expect(judge(sql)).toMatchObject({ breaksBefore: 16, breaking: [{ isCertain: false }] });
});

test('the promise of a file goes before the judgement, and both are told', () => {
  expect(judge('-- sanctum: expand\ndrop index i;')).toMatchObject({ breaksBefore: 0, source: 'declared', breaking: [{ line: 2 }] });
  expect(judge('-- sanctum: contract\nselect 1;')).toMatchObject({ breaksBefore: 16, source: 'declared', breaking: [] });
  expect(judge('-- sanctum: contract 0012\ndrop table a;')).toMatchObject({ breaksBefore: 12, source: 'declared' });
});

test.each([
  ['-- sanctum: expand 0012\nselect 1;', 1],
  ['-- sanctum: contract soon\nselect 1;', 1],
  ['-- sanctum: contract 99999999\nselect 1;', 1],
  ['-- sanctum: expand\n-- sanctum: contract\nselect 1;', 2],
  ['select 1;\n-- sanctum: contract\n', 2],
])('a promise that is not understood, is given twice or comes too late is refused: %s', (sql, line) => {
  expect(parseDirectives(sql).unknown).toMatchObject([{ line }]);
});
