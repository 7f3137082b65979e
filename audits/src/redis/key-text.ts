import { isUtf8 } from 'node:buffer';

/** Bytes that are no UTF-8 become these lone surrogates, which no UTF-8 text holds: `0xff` is `\udcff`. */
const byteMark = 0xdc00;

/**
 * The text of a key. Two keys never share one: a byte that is not UTF-8 keeps its value in a lone surrogate, which counts
 * as hidden and is written out (`\u{dcff}`) wherever a key is printed.
 */
export function textOfKey(bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString('utf8');
  let text = '';
  for (let at = 0; at < bytes.length;) {
    const length = [1, 2, 3, 4].find((candidate) => at + candidate <= bytes.length && isUtf8(bytes.subarray(at, at + candidate)));
    text += length === undefined ? String.fromCharCode(byteMark + (bytes[at] ?? 0)) : bytes.toString('utf8', at, at + length);
    at += length ?? 1;
  }
  return text;
}

/** The bytes that Redis holds for such a text. */
export function bytesOfKey(text: string): Buffer {
  if (text.isWellFormed()) return Buffer.from(text);
  return Buffer.concat(Array.from(text, (char) => (char.isWellFormed() ? Buffer.from(char) : Buffer.of(char.charCodeAt(0) - byteMark))));
}
