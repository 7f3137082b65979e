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
  const options = {
    allowedTags,
    allowedAttributes: { a: ['href', 'title', 'rel'], ol: ['start'] },
    allowedSchemes: linkSchemes,
    allowProtocolRelative: false,
    disallowedTagsMode: 'discard' as const,
    transformTags: { a: sanitize.simpleTransform('a', { rel: linkRelation }) },
  };
  return (source) => sanitize(parser.render(source), options);
}
