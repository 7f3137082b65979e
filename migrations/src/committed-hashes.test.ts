import { expect, test } from 'vitest';
import { readChecksums } from './checksums.ts';
import { migrationsDir, readMigrationFolder, readTextOf } from './files.ts';
import { loadParser } from './parser.ts';
import { tokenHashOf } from './tokens.ts';

const parser = await loadParser();

/** Databases hold these hashes: a runner that computes others calls every changed comment a changed statement. */
test('the token hash that each committed migration is signed with is the one that this runner computes', () => {
  const signed = new Map(readChecksums(migrationsDir).files.map((entry) => [entry.name, entry.tokens]));
  const { files } = readMigrationFolder(migrationsDir);
  expect(files.length).toBeGreaterThan(15);
  expect(Object.fromEntries(files.map(({ name, path }) => [name, tokenHashOf(parser, readTextOf(path) ?? '')]))).toEqual(
    Object.fromEntries(files.map(({ name }) => [name, signed.get(name)])),
  );
});

test('what a file promises to running releases is part of what it is, unlike its comments', () => {
  const hash = (text: string) => tokenHashOf(parser, text);
  expect(hash('-- Why.\nselect 1;')).toBe(hash('select 1;'));
  expect(hash('-- sanctum: expand\nselect 1;')).not.toBe(hash('select 1;'));
  expect(hash('-- sanctum: expand\nselect 1;')).not.toBe(hash('-- sanctum: contract\nselect 1;'));
  expect(hash('-- sanctum: contract 0012\nselect 1;')).not.toBe(hash('-- sanctum: contract\nselect 1;'));
});
