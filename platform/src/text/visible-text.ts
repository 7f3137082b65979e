/**
 * What of a text people can see. Invisible characters make names and titles that look empty or like somebody else's; marks of
 * direction turn around what stands beside them.
 * https://www.unicode.org/reports/tr36/ https://www.unicode.org/reports/tr39/
 */

/** Zero width joiners, which some scripts and emoji need, and the two selectors of an emoji's look. */
const joiners = /(?:\u200C|\u200D|\uFE0E|\uFE0F)+/g;

/** Everything else that shows nothing or turns the direction: zero width, bidi controls, fillers, tags. */
const invisible = /(?!\u200C|\u200D|\uFE0E|\uFE0F)[\p{Default_Ignorable_Code_Point}\p{Cf}\u2800]/gu;

/** What a joiner has no business behind: it would make another string that looks the same. */
const joinsNothing = /[\s\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Nd}\p{P}]$/u;

/** More marks than any script stacks on one letter. */
const stackedMarks = /(\p{M}{4})\p{M}+/gu;

/** Something that is neither space, control, filler nor a mark without a letter. */
const visible = /[^\s\p{C}\p{Z}\p{M}\p{Default_Ignorable_Code_Point}\u2800]/u;

/** True when a person sees something. Private use and unassigned characters are nothing to see. */
export function isVisible(text: string): boolean {
  return visible.test(text);
}

/** One line of text as it is kept: composed, without what cannot be seen, without towers of marks. Safe to repeat. */
export function tidyLine(text: string): string {
  return text
    .normalize('NFC')
    .replaceAll(invisible, '')
    .replaceAll(joiners, keptJoiners)
    .replaceAll(stackedMarks, '$1')
    .normalize('NFC')
    .trim();
}

/** At most one selector and one joiner, behind something that is shaped by them; a joiner needs something behind it too. */
function keptJoiners(run: string, at: number, whole: string): string {
  const before = whole.slice(Math.max(0, at - 2), at);
  if (before === '' || joinsNothing.test(before)) return '';
  const selector = /\uFE0E|\uFE0F/.exec(run)?.[0] ?? '';
  const joiner = /\u200C|\u200D/.exec(run)?.[0] ?? '';
  return /^[^\s]/u.test(whole.slice(at + run.length)) ? selector + joiner : selector;
}
