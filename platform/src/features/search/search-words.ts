/**
 * What people type, cut to what a search may cost: every word once, so many words at most. A search has to name something that
 * is there: one that only says what shall not be would match nearly everything.
 */

/** Words of one search; the rest is left out. */
export const searchWordsMax = 12;

const token = /-?"[^"]*"|\S+/g;
const word = /[\p{L}\p{N}_]+/gu;

/** In the language of websearch_to_tsquery; undefined when nothing is asked for. */
export function searchWords(text: string): string | undefined {
  const tokens = text.replaceAll(/\s+/g, ' ').match(token) ?? [];
  const hasAlternatives = tokens.some(isOr);
  const kept: string[] = [];
  const seen = new Set<string>();
  let words = 0;
  let asksForSomething = false;
  for (const one of tokens) {
    if (words >= searchWordsMax) break;
    if (isOr(one)) {
      kept.push(one);
      continue;
    }
    const cut = firstWords(one, searchWordsMax - words);
    // "a or b a" is not "a or b": with alternatives a repeated word means something.
    if (cut === undefined || (!hasAlternatives && seen.has(cut.text.toLowerCase()))) continue;
    seen.add(cut.text.toLowerCase());
    kept.push(cut.text);
    words += cut.words;
    asksForSomething ||= !cut.text.startsWith('-');
  }
  return asksForSomething ? kept.join(' ') : undefined;
}

function isOr(text: string): boolean {
  return text.toLowerCase() === 'or';
}

/** A token without what follows its last permitted word; PostgreSQL makes a phrase of "a-b-c", word for word. Undefined without any. */
function firstWords(text: string, wordsMax: number): { readonly text: string; readonly words: number } | undefined {
  const found = [...text.matchAll(word)].slice(0, wordsMax);
  const last = found.at(-1);
  if (last === undefined) return undefined;
  const end = last.index + last[0].length;
  const isQuoted = /^-?"/.test(text);
  return { text: isQuoted ? `${text.slice(0, end)}"` : text.slice(0, end), words: found.length };
}
