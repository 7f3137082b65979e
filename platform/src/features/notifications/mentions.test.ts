import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mentionedNames, mentionsMax } from './mentions.ts';

test.each([
  ['@ada, look', ['ada']],
  ['Thanks @Ada_99! and (@grace) and @ada_99 again', ['ada_99', 'grace']],
  ['**@ada** _@grace_', ['ada']],
  ['mail ada@example.org, see https://x.example/@ada or a/@ada', []],
  ['@ab is too short, @@ada is none, @ada@social.example neither', []],
  ['`@code` and\n```\n@block\n```\nand @ada', ['ada']],
  ['```\n@never_closed', []],
  [`@${'x'.repeat(31)}`, []],
])('"%s" calls %j', (text, names) => {
  expect(mentionedNames(text)).toEqual(names);
});

test('a text calls a few people at most', () => {
  const text = Array.from({ length: 500 }, (_, index) => `@person_${index}`).join(' ');
  expect(mentionedNames(text)).toHaveLength(mentionsMax);
});

test('reading takes time in proportion to the text, whatever stands in it', () => {
  const timeOf = (length: number, piece: string) => {
    const text = piece.repeat(Math.ceil(length / piece.length));
    const from = performance.now();
    mentionedNames(text);
    return performance.now() - from;
  };
  for (const piece of ['@', '`', '```', '~~~', '@ab', '`@', '@aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa']) {
    timeOf(1000, piece);
    // Quadratic would be ten thousand times as much; a busy machine is not.
    expect(timeOf(400_000, piece)).toBeLessThan(100 * Math.max(1, timeOf(4000, piece)) * 5);
  }
});

test('every name that is found stands in the text after an @', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('@', 'a', 'B', '_', '1', ' ', '`', '\n', '.', '/', 'é'), maxLength: 60 }), (text) => {
      for (const name of mentionedNames(text)) expect(text.toLowerCase()).toContain(`@${name}`);
    }),
    { seed: 20_261_125, numRuns: 1000 },
  );
});
