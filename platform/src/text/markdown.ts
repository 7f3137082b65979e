/**
 * Markdown to safe HTML, once, when it is written. The parser passes no HTML through and knows no image; what it
 * makes is sanitized all the same, so that one mistake in either does not reach a browser.
 */
export interface Markdown {
  /** Safe HTML of `source`. */
  render(source: string): Promise<string>;
}

/** Links point only here: no javascript:, no data:. Sites named by written text get no endorsement from us. */
const linkSchemes = ['http', 'https', 'mailto'];
const linkRelation = 'nofollow ugc noopener noreferrer';

/**
 * Cells of one table. The parser fills short rows up, so that a wide heading above many short lines would make a text
 * of 40,000 characters a page of 750,000 and hold the process for a second; such a table stays text.
 */
const tableCellsMax = 5000;

const allowedTags = [
  'p',
  'br',
  'hr',
  'a',
  'strong',
  'em',
  's',
  'code',
  'pre',
  'blockquote',
  'ul',
  'ol',
  'li',
  'h1',
  'h2',
  'h3',
  'h4',
  'h5',
  'h6',
  'table',
  'thead',
  'tbody',
  'tr',
  'th',
  'td',
];

/** The parser and the sanitizer load with the first text: start-up does not wait for them. */
export function createMarkdown(): Markdown {
  let loading: Promise<(source: string) => string> | undefined;
  return {
    render: async (source) => {
      if (source.trim() === '') return '';
      loading ??= load();
      return (await loading)(source);
    },
  };
}

async function load(): Promise<(source: string) => string> {
  const [{ default: createParser }, { default: sanitize }] = await Promise.all([import('markdown-it'), import('sanitize-html')]);
  const parser = createParser({ html: false, linkify: true, breaks: true }).disable('image');
  const withoutTables = createParser({ html: false, linkify: true, breaks: true }).disable(['image', 'table']);
  const options = {
    allowedTags,
    allowedAttributes: { a: ['href', 'title', 'rel'], ol: ['start'] },
    allowedSchemes: linkSchemes,
    allowProtocolRelative: false,
    disallowedTagsMode: 'discard' as const,
    transformTags: { a: sanitize.simpleTransform('a', { rel: linkRelation }) },
  };
  return (source) => sanitize((hasHugeTable(source) ? withoutTables : parser).render(source), options);
}

/** True when a run of lines, if it is a table, has too many cells. A table ends at an empty line at the latest. */
function hasHugeTable(source: string): boolean {
  return source.split(/\n[ \t]*\n/).some((block) => {
    const lines = block.split('\n');
    const columns = Math.max(...lines.map((line) => line.split('|').length));
    return columns > 1 && columns * lines.length > tableCellsMax;
  });
}
