import { expect, test } from 'vitest';
import { differencesOf, statementsOf } from './schema-difference.ts';

const dump = `-- Generated.

create table public.people (
  id bigint not null,
  name text not null default ';'::text
);
CREATE INDEX idx_people_name ON public.people USING btree (name);

alter table public.letters add constraint fk_letters_person FOREIGN KEY (person_id) REFERENCES people(id);
`;

test('a dump divides into its statements with their lines', () => {
  expect(statementsOf(dump).map(({ object, line }) => `${object} ${line}`)).toEqual([
    'table people 3',
    'index idx_people_name 7',
    'constraint fk_letters_person of letters 9',
  ]);
});

test('a dump does not differ from itself, and every lost line is a difference', () => {
  expect(differencesOf(dump, dump)).toEqual([]);
  const lines = dump.split('\n');
  const kept = lines.map((line, at) => ({ line, at })).filter(({ line }) => line !== '' && !line.startsWith('--') && line !== ');');
  for (const { at } of kept) expect(differencesOf(dump, lines.toSpliced(at, 1).join('\n')).length).toBeGreaterThan(0);
});

test('an extension is named without its semicolon', () => {
  expect(statementsOf('create extension pg_stat_statements;').map(({ object }) => object)).toEqual(['extension pg_stat_statements']);
});
