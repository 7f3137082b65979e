/**
 * What a terminal, a viewer or a person cannot see or would obey: control characters (escape sequences begin with one),
 * line ends, characters that turn the reading direction or have no width, spaces other than the usual one, lone
 * surrogates and code points without a character (forbidden in XML 1.0).
 */
const hidden = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]|(?! )\p{Zs}/gu;

const short: Readonly<Record<string, string>> = { '\n': String.raw`\n`, '\r': String.raw`\r`, '\t': String.raw`\t` };

/** True when every character of the text can be seen and stays where it stands. */
export function isPrintable(text: string): boolean {
  return text.search(hidden) === -1;
}

/** One line of foreign text for any output: what cannot be seen is written out, such as `\n` or `\u{202e}`. */
export function printable(text: string): string {
  return replaceHidden(text, (char) => short[char] ?? `\\u{${codePointOf(char).toString(16)}}`);
}

/** The same for text whose own line ends are meant, such as the statements of a fix. */
export function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n');
}

/** A JSON document whose strings hold what they held, and in which nothing hidden stands as itself. */
export function printableJson(document: unknown): string {
  return JSON.stringify(document, null, 2)
    .split('\n')
    .map((line) => replaceHidden(line, (char) => [...char].flatMap(utf16).join('')))
    .join('\n');
}

/** Replaces every character that cannot be printed. */
export function replaceHidden(text: string, write: (char: string) => string): string {
  return text.replace(hidden, write);
}

export function codePointOf(char: string): number {
  return char.codePointAt(0) ?? 0;
}

function utf16(char: string): string[] {
  return Array.from({ length: char.length }, (_, at) => `\\u${char.charCodeAt(at).toString(16).padStart(4, '0')}`);
}
