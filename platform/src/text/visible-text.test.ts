import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lineText, requiredText } from '../api/shapes.ts';
import { isVisible, tidyLine } from './visible-text.ts';

const nothingToSee = [
  ['spaces of every kind', ' \u00A0\u2003\u3000'],
  ['zero width', '\u200B\u200C\u200D\u2060\uFEFF'],
  ['marks of direction', '\u200E\u200F\u202A\u202E\u2066\u2069\u061C'],
  ['Hangul fillers', '\u115F\u1160\u3164\uFFA0'],
  ['a blank Braille pattern', '\u2800'],
  ['soft hyphens', '\u00AD\u00AD'],
  ['tags', '\u{E0041}\u{E007F}'],
  ['variation selectors', '\uFE0F\u{E0100}'],
  ['a grapheme joiner', '\u034F'],
  ['marks without a letter', '\u0301\u0301'],
  ['private use', '\uE000\u{F0000}'],
  ['unassigned', '\u0378'],
  ['the Mongolian vowel separator', '\u180E'],
  ['line and paragraph separators', '\u2028\u2029'],
] as const;

describe('text that has to say something', () => {
  test.each(nothingToSee)('is not %s, in a line or in a body', (_, text) => {
    expect(isVisible(text)).toBe(false);
    expect(lineText(100).safeParse(text).success).toBe(false);
    expect(requiredText(100).safeParse(`\n${text}\n`).success).toBe(false);
  });

  test.each(['a', '7', '.', '—', '我', 'ا', '❤', '👩‍🚀', 'é', 'e\u0301', '$'])('is %s', (text) => {
    expect(isVisible(text)).toBe(true);
    expect(lineText(100).safeParse(text).success).toBe(true);
    expect(requiredText(100).safeParse(text).success).toBe(true);
  });
});

describe('a line', () => {
  test.each([
    ['a name turned around', 'Ada\u202Enimda', 'Adanimda'],
    ['a name cut by zero widths', 'a\u200Bd\u200Cm\u200Di\u2060n', 'admin'],
    ['an outer space that is none', '\u2003Ada\u3164', 'Ada'],
    ['a flag of tags', '🏴\u{E0067}\u{E0062}\u{E007F}', '🏴'],
    ['a tower of marks', `Z${'\u0336'.repeat(40)}algo`, `Z${'\u0336'.repeat(4)}algo`],
    ['letters and their marks apart', 'Ine\u0302s', 'Inês'],
  ])('loses what cannot be seen of %s', (_, text, kept) => {
    expect(lineText(100).parse(text)).toBe(kept);
  });

  test.each(['👩‍🚀 Ada', '❤️‍🔥', 'می‌خواهم', 'क्‍ष', 'שלום', 'مرحبا', '東京', 'Siobhán'])('keeps what a script or an emoji needs: %s', (text) => {
    expect(lineText(100).parse(text)).toBe(text);
  });

  test.each(['a\nb', 'a\tb', 'a\u0000b', 'a\u0085b', 'a\u2028b', 'half \uD800'])('is not %j', (text) => {
    expect(lineText(100).safeParse(text).success).toBe(false);
  });

  test('is the same when it is tidied again, and holds nothing that cannot be seen, whatever was written', () => {
    const strange = fc.constantFrom(...nothingToSee.flatMap(([, text]) => Array.from(text)), 'a', 'я', '❤', 'क', 'm', '\u0301');
    const texts = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: strange, maxLength: 40 }), fc.string({ unit: 'grapheme' }));
    let accepted = 0;
    fc.assert(
      fc.property(texts, (text) => {
        const once = tidyLine(text);
        expect(tidyLine(once)).toBe(once);
        expect(once).not.toMatch(/[\u200B\u2060\u202A-\u202E\u2066-\u2069\u200E\u200F\u061C\u00AD\u3164]/);
        const parsed = lineText(100).safeParse(text);
        if (!parsed.success) return;
        accepted += 1;
        expect(isVisible(parsed.data)).toBe(true);
        expect(lineText(100).parse(parsed.data)).toBe(parsed.data);
      }),
      { numRuns: 3000, seed: 20_261_124 },
    );
    expect(accepted).toBeGreaterThan(500);
  });
});
