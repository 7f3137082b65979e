import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseDirectives } from './directives.ts';
import { loadParser } from './parser.ts';
import { splitStatements } from './statements.ts';
import { tokenHashOf } from './tokens.ts';

const parser = await loadParser();

const whole: readonly string[] = [
  'select 1',
  'select \'a;b\', "c;d", $$ e; f $$, $x$ g; $$ h; $x$',
  "select 'it''s; ' || E'\\'; ' -- ; no\n  /* ; /* nested ; */ ; */ , 1",
  'create function f() returns int language plpgsql as $$ begin return 1; end; $$',
  'create function f(a int) returns int language sql begin atomic; select case when a > 1 then 1 else 2 end; select 2; end',
  'create rule r as on insert to t do also (insert into a values (1); insert into b values (2))',
  "select 'é✓; 日本'",
  'create table t (id bigint primary key, constraint c check (id > 0))',
];

test('any sequence of statements is divided where PostgreSQL divides it', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...whole), { minLength: 1, maxLength: 6 }),
      fc.constantFrom('\n', ' -- note ;\n', '\n/* ; */\n', ''),
      (chosen, between) => {
        const text = chosen.map((sql) => `${sql};${between}`).join('');
        const { statements, isScanned } = splitStatements(parser, text);
        expect(isScanned).toBe(true);
        expect(statements.map((statement) => statement.text)).toEqual(chosen);
        for (const statement of statements) {
          expect(Buffer.from(text).toString('utf8', statement.start, statement.end)).toBe(`${statement.text};`);
          expect(statement.line).toBe(Buffer.from(text).toString('utf8', 0, statement.start).split('\n').length);
        }
      },
    ),
    { seed: 20_261_122, numRuns: 300 },
  );
});

test('a statement with an open parenthesis does not swallow the next one', () => {
  const { statements } = splitStatements(parser, 'create table a (id int;\ndrop table b;\n');
  expect(statements.map((statement) => statement.text)).toEqual(['create table a (id int', 'drop table b']);
});

test('a last statement without a semicolon is marked', () => {
  expect(splitStatements(parser, 'select 1; select 2').statements.map((statement) => statement.isTerminated)).toEqual([true, false]);
});

test('no text makes the scanner, the splitter or the token hash throw', () => {
  const piece = fc.constantFrom(
    "'",
    '"',
    '$$',
    '$a$',
    '--',
    '/*',
    '*/',
    ';',
    '\n',
    'select',
    'é',
    '(',
    ')',
    '\\',
    'E',
    'U&',
    'begin atomic',
    'end',
    '\u{1F600}',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
      const text = pieces.join(' ');
      splitStatements(parser, text);
      tokenHashOf(parser, text);
      parser.parse(text);
    }),
    { seed: 20_261_122, numRuns: 1000 },
  );
});

test('quoted names and strings keep their case, unquoted words lose it', () => {
  const hash = (text: string): string | null => tokenHashOf(parser, text);
  expect(hash('SELECT Name FROM Users;')).toBe(hash('select name from users;'));
  expect(hash('select "Name" from users;')).not.toBe(hash('select "name" from users;'));
  expect(hash("select 'A';")).not.toBe(hash("select 'a';"));
  expect(hash("select 'open")).toBeNull();
});

test('directives are read from the header only, and what is not understood is kept', () => {
  const header = '-- Why.\n-- sanctum: no-transaction\n--sanctum: lock-timeout 2s\n-- sanctum: statement-timeout 5min\nselect 1;\n';
  expect(parseDirectives(header)).toEqual({
    noTransaction: true,
    compatibility: null,
    lockTimeoutMs: 2000,
    statementTimeoutMs: 300_000,
    unknown: [],
  });
  expect(parseDirectives('select 1;\n-- sanctum: no-transaction\n')).toMatchObject({ noTransaction: false, unknown: [{ line: 2 }] });
  expect(parseDirectives('-- sanctum: lock-timeout 2 hours\nselect 1;\n').unknown).toHaveLength(1);
});

test('statements inside PL/pgSQL are found with their lines, built ones are marked', () => {
  const bodies = parser.bodyTexts(
    "do $$\nbegin\n  drop table a;\n  if true then\n    delete from b;\n  end if;\n  execute 'truncate ' || 'c';\nend $$",
  );
  expect(bodies).toEqual([
    { sql: 'drop table a', line: 3, isDynamic: false },
    { sql: 'delete from b', line: 5, isDynamic: false },
    { sql: "'truncate ' || 'c'", line: 7, isDynamic: true },
  ]);
  expect(parser.bodyTexts('do $$ begin this is not sql; end')).toBeNull();
});
