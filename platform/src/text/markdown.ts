/**
 * Markdown to safe HTML, once, when it is written. The parser passes no HTML through and knows no image; what it
 * makes is sanitized all the same, so that one mistake in either does not reach a browser.
 *
 * What a text costs is bounded by what comes out, not by what goes in: a few short lines can ask for a page of
 * megabytes. A text whose HTML would be longer than its place allows is shown as it was written.
 */
export interface Markdown {
  /** Safe HTML of `source`, at most `htmlBytesMax` bytes long wherever the source itself, escaped, is not longer. */
  render(source: string, htmlBytesMax: number): Promise<string>;
}

export type Renderer = (source: string, htmlBytesMax: number) => string;

/** Links point only here: no javascript:, no data:. Sites named by written text get no endorsement from us. */
const linkSchemes = ['http', 'https', 'mailto'];
const linkRelation = 'nofollow ugc noopener noreferrer';

/**
 * Cells of all tables of a text together. The parser fills short rows up, so that wide headings above short lines would
 * make a text of 40,000 characters a page of megabytes and hold the processor for seconds; such a text has no tables.
 */
const tableCellsMax = 5000;
/** Quotes in quotes, lists in lists: the parser drops what stands deeper, so that a text that goes there is shown as written. */
const nestingMax = 50;

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

/** Renders on the calling thread: for seeds and workers. The libraries load with the first text. */
export function createMarkdown(): Markdown {
  let loading: Promise<Renderer> | undefined;
  return {
    render: async (source, htmlBytesMax) => {
      loading ??= loadRenderer();
      return (await loading)(source, htmlBytesMax);
    },
  };
}

export async function loadRenderer(): Promise<Renderer> {
  const [{ default: createParser }, { default: sanitize }] = await Promise.all([import('markdown-it'), import('sanitize-html')]);
  const options = { html: false, linkify: true, breaks: true, maxNesting: nestingMax };
  const parser = createParser(options).disable('image');
  const withoutTables = createParser(options).disable(['image', 'table']);
  const rules = {
    allowedTags,
    allowedAttributes: { a: ['href', 'title', 'rel'], ol: ['start'] },
    allowedSchemes: linkSchemes,
    allowProtocolRelative: false,
    disallowedTagsMode: 'discard' as const,
    transformTags: { a: sanitize.simpleTransform('a', { rel: linkRelation }) },
  };
  return (source, htmlBytesMax) => {
    if (source.trim() === '') return '';
    // As the parser reads them: a count of lines that knows only "\n" is not the parser's.
    const text = source.replaceAll(/\r\n?/g, '\n');
    const chosen = hasTooManyCells(text) ? withoutTables : parser;
    const tokens = chosen.parse(text, {});
    if (tokens.some(({ level }) => level >= nestingMax - 1)) return asWritten(text);
    const html = chosen.renderer.render(tokens, chosen.options, {});
    if (html.length > htmlBytesMax) return asWritten(text);
    const safe = sanitize(html, rules);
    return Buffer.byteLength(safe) > htmlBytesMax ? asWritten(text) : safe;
  };
}

/** Every run of lines counts as if it were a table as wide as its widest line; a table ends at an empty line at the latest. */
function hasTooManyCells(text: string): boolean {
  let cells = 0;
  for (const block of text.split(/\n[ \t]*\n/)) {
    const lines = block.split('\n');
    const columns = Math.max(...lines.map((line) => line.split('|').length));
    if (columns > 1) cells += columns * lines.length;
    if (cells > tableCellsMax) return true;
  }
  return false;
}

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** Escaped, with its paragraphs and line breaks: five bytes at most for each byte of the source. */
function asWritten(text: string): string {
  const escaped = text.replaceAll('\0', '\uFFFD').replaceAll(/[&<>]/g, (character) => escapes[character] ?? character);
  return escaped
    .split(/\n{2,}/)
    .filter((paragraph) => paragraph.trim() !== '')
    .map((paragraph) => `<p>${paragraph.replaceAll('\n', '<br />')}</p>`)
    .join('\n');
}
