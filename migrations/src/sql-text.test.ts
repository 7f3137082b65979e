import { expect, test } from 'vitest';
import { isPrintable, printable, printableJson, printableLines } from './printable.ts';
import { list, literal, note, printedByServer, quoteIdentifier, quoteLiteral, quoteQualified, script, sql } from './sql-text.ts';

test.each([
  ['posts', 'posts'],
  ['Posts', '"Posts"'],
  ['order', '"order"'],
  ['9lives', '"9lives"'],
  ['a"b', '"a""b"'],
  ['ok; drop table victims; --', '"ok; drop table victims; --"'],
  ['two\nlines', 'U&"two\\000Alines"'],
  ['a\\b', '"a\\b"'],
  ['a\\\tb', 'U&"a\\\\\\0009b"'],
  ['\u202egnp', 'U&"\\202Egnp"'],
  ['tag\u{e0041}', 'U&"tag\\+0E0041"'],
  ['🦊', '"🦊"'],
])('the name %j is written %s', (name, written) => {
  expect(quoteIdentifier(name)).toBe(written);
});

test('a literal holds quotes, backslashes and line ends on one line', () => {
  expect(quoteLiteral("it's")).toBe("'it''s'");
  expect(quoteLiteral('a\\b')).toBe(String.raw`E'a\\b'`);
  expect(quoteLiteral("a'\n\u{e0041}")).toBe(String.raw`E'a''\u000A\U000E0041'`);
});

test('whatever is put into a statement is quoted, and a script ends every statement', () => {
  const hostile = 'ok; drop table victims; --';
  expect(
    script(note`Words.`, sql`alter table ${['public', hostile]} alter column ${hostile} set default ${literal(hostile)}`, sql`select ${7}`),
  ).toBe(`-- Words.\nalter table public."${hostile}" alter column "${hostile}" set default '${hostile}';\nselect 7;`);
  expect(String(sql`(${list(['a', 'B'])})`)).toBe('(a, "B")');
  expect(quoteQualified('Odd', 'user')).toBe('"Odd"."user"');
  expect(() => sql`select ${1.5}`).toThrow(/whole number/);
});

const hostileTexts = [
  'a\nb',
  'a\r\nb',
  '\u001b[31mred\u001b[0m',
  '\u0007',
  '\u009b2J',
  '\u202eabc',
  'a\u200bb',
  '\ufeff',
  '\u2028',
  '\u00a0',
  '\ud800',
  '\uffff',
  '\u3164',
  '\u{e0041}',
];

test.each(hostileTexts)('%j is written out in every output', (text) => {
  for (const shown of [printable(text), printableJson({ text })]) {
    expect(isPrintable(shown.replaceAll('\n', ''))).toBe(true);
  }
  expect(printable(text)).not.toContain('\n');
  expect(JSON.parse(printableJson({ text }))).toEqual({ text });
});

test('what can be seen is left alone, and lines that are meant stay lines', () => {
  expect(printable('Grüße, 世界 שלום 🦊 "quoted" \\n')).toBe('Grüße, 世界 שלום 🦊 "quoted" \\n');
  expect(printableLines('one\ntwo\u0000')).toBe('one\ntwo\\u{0}');
});

test('what the server printed keeps its meaning, and hides nothing', () => {
  expect(printedByServer('USING btree (lower("a\nb"), c)')?.text).toBe('USING btree (lower(U&"a\\000Ab"), c)');
  expect(printedByServer(`WHERE (c = 'x\u200b''y'::text)`)?.text).toBe(String.raw`WHERE (c = E'x\u200B''y'::text)`);
  expect(printedByServer('USING btree (c)')?.text).toBe('USING btree (c)');
  expect(printedByServer('a\u0000')).toBeUndefined();
});
