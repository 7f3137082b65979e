const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto', style: 'short' });
const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });
const calendar = new Intl.DateTimeFormat('en', { dateStyle: 'medium' });
const precise = new Intl.DateTimeFormat('en', { dateStyle: 'full', timeStyle: 'short' });

const steps = [
  { unit: 'second', seconds: 1, below: 60 },
  { unit: 'minute', seconds: 60, below: 3600 },
  { unit: 'hour', seconds: 3600, below: 86_400 },
  { unit: 'day', seconds: 86_400, below: 86_400 * 14 },
] as const;

/** "now", "5 min. ago", "3 days ago"; a date once it is more than two weeks back. */
export function timeAgo(iso: string, nowMs: number): string {
  const seconds = (nowMs - Date.parse(iso)) / 1000;
  const step = steps.find(({ below }) => seconds < below);
  if (step === undefined) return calendar.format(new Date(iso));
  return relative.format(-Math.max(0, Math.floor(seconds / step.seconds)), step.unit);
}

export const fullTime = (iso: string): string => precise.format(new Date(iso));
export const dayOf = (iso: string): string => calendar.format(new Date(iso));
export const shortCount = (count: number): string => compact.format(count);

/** "1 comment", "2 comments", "1.2K comments". */
export const counted = (count: number, one: string, many = `${one}s`): string => `${shortCount(count)} ${count === 1 ? one : many}`;

/** The first words of a Markdown text as plain reading: marks of structure and emphasis are left out. */
export function plainExcerpt(markdown: string): string {
  return markdown
    .replace(/^[ \t]{0,3}(?:[-*+]|\d+[.)]|>+|#{1,6})[ \t]+/gm, '')
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/(\*\*|__|~~|`+)(.+?)\1/g, '$2')
    .replace(/(^|\W)[*_](\S[^*_]*)[*_](?=\W|$)/g, '$1$2')
    .trim();
}

/** "example.org" of a link, or the text itself where it is no address. */
export function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).hostname.replace(/^www\./, '') : url;
}
