/** SQL that people paste is put together by `sql` alone, whose values are quoted by construction. */
import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseSync, Visitor } from 'oxc-parser';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const folders = ['audits/{src,checks}/**/*.ts', 'migrations/src/**/*.ts', 'ops-cli/src/**/*.ts'];
/** Statements that the programs themselves send, and the dump, which a test loads into a new database. */
const notPasted = /\.queries\.ts$|\.test\.ts$|^migrations\/src\/(schema-text|schema-dump)\.ts$/;

const value = '\u0001';
const objects =
  'table|(?:unique )?index|sequence|domain|role|type|database|schema|view|policy|extension|constraint|column|trigger|function';
const changes = new RegExp(
  `\\b(?:(?:alter|create|drop|validate|comment on|reindex)\\s+(?:${objects})|reindex\\s*\\(|rollback prepared|grant \\w+|revoke \\w+|vacuum|insert into|delete from|truncate|update \\S+ set|set not null|setval)\\b`,
);

/** Where such a statement begins, or -1. SQL is written in one case, and an ellipsis stands in advice that nobody can paste. */
function changeIn(text: string): number {
  const letters = text.replaceAll(value, '');
  return text.includes('…') ? -1 : (letters === letters.toUpperCase() ? text.toLowerCase() : text).search(changes);
}

/** Every place of a source text where a statement that changes something is put together without `sql`. */
function builtByHand(path: string, text: string): string[] {
  const found: string[] = [];
  const tagged = new Set<number>();
  const note = (offset: number) => found.push(`${path}:${text.slice(0, offset).split('\n').length}`);
  new Visitor({
    TaggedTemplateExpression: (node) => void tagged.add(node.quasi.start),
    TemplateLiteral: (node) => {
      if (tagged.has(node.start)) return;
      const whole = node.quasis.map((quasi) => quasi.value.cooked ?? '').join(value);
      const begins = changeIn(whole);
      if (begins !== -1 && whole.slice(begins).includes(value)) note(node.start);
    },
    BinaryExpression: (node) => {
      const left = node.left.type === 'Literal' && typeof node.left.value === 'string' ? node.left.value : '';
      if (node.operator === '+' && changeIn(left) !== -1) note(node.start);
    },
    CallExpression: (node) => {
      const { callee } = node;
      if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier') return;
      const built = callee.property.name === 'join' ? callee.object : callee.property.name === 'concat' ? callee.object : undefined;
      const first = built?.type === 'ArrayExpression' ? built.elements[0] : built;
      if (
        first?.type === 'Literal' &&
        typeof first.value === 'string' &&
        changeIn(first.value) !== -1 &&
        !first.value.trimEnd().endsWith(';')
      )
        note(node.start);
    },
  }).visit(parseSync(path, text).program);
  return found;
}

test('no fix is put together around the quoting', async () => {
  const paths = (await Array.fromAsync(glob(folders, { cwd: root })))
    .map((path) => path.split('\\').join('/'))
    .filter((path) => !notPasted.test(path));
  expect(paths.length).toBeGreaterThan(100);
  const found = await Promise.all(paths.toSorted().map(async (path) => builtByHand(path, await readFile(join(root, path), 'utf8'))));
  expect(found.flat()).toEqual([]);
});

test.each([
  ['a template', 'const fix = `drop index concurrently ${name};`;'],
  ['a quoting call inside a template', 'const fix = `alter table ${quoted(name)} validate constraint ${quoted(one)};`;'],
  ['words before it', 'const fix = `Then paste: alter table ${name} drop constraint x;`;'],
  ['a sum', "const fix = 'alter table ' + name;"],
  ['a list', "const fix = ['drop table', name].join(' ');"],
  ['capitals', 'const fix = `DROP INDEX ${name};`;'],
])('the gate sees a statement built by %s', (_how, text) => {
  expect(builtByHand('planted.ts', text)).toEqual(['planted.ts:1']);
});

test.each([
  ['the tag', 'const fix = script(sql`drop index concurrently ${name}`);'],
  ['a constant', 'const fix = `alter table a drop constraint b;`;'],
  ['prose with a name', 'const detail = `${table} was altered, and its index is gone.`;'],
  ['a read', 'const text = `select relname from pg_class where ${ownSchemas}`;'],
])('the gate leaves %s alone', (_how, text) => {
  expect(builtByHand('planted.ts', text)).toEqual([]);
});
