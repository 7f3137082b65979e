import { expect, test } from 'vitest';
import { searchWords, searchWordsMax } from './search-words.ts';

const wordsOf = (text: string | undefined) => text?.match(/[\p{L}\p{N}_]+/gu)?.length ?? 0;

test.each([
  ['bread', 'bread'],
  ['  Bread   and\tbutter ', 'Bread and butter'],
  ['a '.repeat(42), 'a'],
  ['Bread bread BREAD', 'Bread'],
  ['"hide glue" "HIDE GLUE"', '"hide glue"'],
  ['glue -hide -hide', 'glue -hide'],
  ['kingfisher or bittern or kingfisher', 'kingfisher or bittern or kingfisher'],
  ['-"hide glue" wood', '-"hide glue" wood'],
  ['"not closed', '"not" closed'],
  ['漢字 🪵', '漢字'],
])('%j asks for %j', (text, expected) => {
  expect(searchWords(text)).toBe(expected);
});

test.each(['', '-', '"', '""', '&', '-hide', '-"hide glue" -x', 'or', ':*', '🪵'])('%j asks for nothing', (text) => {
  expect(searchWords(text)).toBeUndefined();
});

test.each([
  Array.from({ length: 50 }, (_, index) => `w${index}`).join(' '),
  Array.from({ length: 50 }, (_, index) => `w${index}`).join('-'),
  `"${'a '.repeat(50)}"`,
  Array.from({ length: 50 }, () => 'a').join(' or '),
  Array.from({ length: 50 }, (_, index) => index).join('.'),
])('%j is cut to as many words as a search may have', (text) => {
  const words = searchWords(text);
  expect(wordsOf(words?.replaceAll(/\bor\b/gi, ''))).toBe(searchWordsMax);
  expect((words?.match(/"/g) ?? []).length % 2).toBe(0);
});
