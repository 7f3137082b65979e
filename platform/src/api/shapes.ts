/** Field shapes that every feature shares. */
import { z } from 'zod';
import { isVisible, tidyLine } from '../text/visible-text.ts';

/** A database id: digits, because a bigint does not fit a JSON number. 18 digits always fit a bigint. */
export const idText = z.string().regex(/^[1-9]\d{0,17}$/, 'must be an id: 1 to 18 digits');

/** ISO 8601 in UTC with milliseconds: what `toISOString` writes, and `isoTime` in SQL. */
export const timestamp = z.iso.datetime({ precision: 3 });

const wellFormed = 'must not contain half a surrogate pair';

/** Text that PostgreSQL can store and UTF-8 can say: any character but NUL, `charactersMax` UTF-16 units at most. */
export function plainText(charactersMax: number) {
  return z
    .string()
    .max(charactersMax)
    .refine((text) => !text.includes('\0'), 'must not contain the character NUL')
    .refine((text) => text.isWellFormed(), wellFormed);
}

/** Text that has to say something: a text of nothing but space and invisible characters is none. */
export function requiredText(charactersMax: number) {
  return plainText(charactersMax).refine(isVisible, 'must not be empty');
}

/** One line of text: trimmed, without invisible characters and marks of direction, not empty, no line breaks or other control characters. */
export function lineText(charactersMax: number) {
  return z
    .string()
    .max(charactersMax)
    .refine((text) => text.isWellFormed(), wellFormed)
    .overwrite(tidyLine)
    .refine((text) => !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(text), 'must be a single line')
    .refine(isVisible, 'must not be empty')
    .min(1)
    .max(charactersMax);
}

/** An http or https address as it was written, without the line breaks and outer spaces that browsers drop too; PostgreSQL refuses NUL. */
export function webAddress(charactersMax: number) {
  return z
    .url({ protocol: /^https?$/, error: 'is not an http or https address' })
    .max(charactersMax)
    .refine((text) => !/\p{Cc}/u.test(text) && text.isWellFormed(), 'is not an http or https address');
}
