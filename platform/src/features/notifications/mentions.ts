/** The people whom a text calls by @name. */

/** More in one text are not told: a text is no mailing list. */
export const mentionsMax = 10;

/** Not inside a word, an address or a path; up to a character that no name holds. */
const mention = /(?<![\w@/.])@([A-Za-z0-9_]{3,30})(?![\w@])/g;
/** What is code in Markdown calls nobody. */
const code = /```[\s\S]*?(?:```|$)|~~~[\s\S]*?(?:~~~|$)|`[^`\n]*`/g;

/** Names in lower case, each once, in the order of the text. */
export function mentionedNames(text: string): string[] {
  const names = new Set<string>();
  for (const [, name] of text.replaceAll(code, ' ').matchAll(mention)) {
    if (name !== undefined) names.add(name.toLowerCase());
    if (names.size === mentionsMax) break;
  }
  return [...names];
}
