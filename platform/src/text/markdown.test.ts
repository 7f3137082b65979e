import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMarkdown } from './markdown.ts';

const markdown = createMarkdown();
const htmlBytesMax = 262_144;

describe('rendered Markdown', () => {
  it('keeps what writers use', async () => {
    const html = await markdown.render(
      '# Title\n\n**b** *i* ~~s~~ `c`\n\n- one\n- two\n\n> quote\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n[x](https://example.org "t")',
      htmlBytesMax,
    );
    for (const part of [
      '<h1>Title</h1>',
      '<strong>b</strong>',
      '<em>i</em>',
      '<s>s</s>',
      '<code>c</code>',
      '<li>one</li>',
      '<blockquote>',
      '<td>1</td>',
      'href="https://example.org"',
    ]) {
      expect(html).toContain(part);
    }
  });

  it('leaves tables as text where all of them together would grow far beyond what was written', async () => {
    const wide = `${'|a'.repeat(1000)}|\n${'|-'.repeat(1000)}|\n${'|b\n'.repeat(10_000)}`;
    const many = `${'|'.repeat(30)}\n${'|-'.repeat(30)}\n${'|b\n'.repeat(10)}\n`.repeat(300);
    for (const source of [wide, many, many.replaceAll('\n', '\r'), many.replaceAll('\n', '\r\n')])
      expect(await markdown.render(source, htmlBytesMax)).not.toContain('<table>');
    const long = `| a | b |\n|---|---|\n${'| 1 | 2 |\n'.repeat(1000)}`;
    expect(await markdown.render(long, htmlBytesMax)).toContain('<table>');
  });

  it.each([
    ['many links', 'http://a.bc '],
    ['quotes in quotes', `${'>'.repeat(40)}a\n\n`],
    ['lists in lists', `${'1. '.repeat(20)}a\n\n`],
    ['small tables', '|a|b|\n|-|-|\n|c|d|\n\n'],
    ['small tables with bare carriage returns', '|a|b|c\r-|-|-\r\r'],
    ['characters that are escaped', '&'],
    ['characters of four bytes', '\u{1F600}'],
  ])('made of %s stays within its bytes and shows every letter', async (_, piece) => {
    const source = `${piece.repeat(Math.floor(39_000 / piece.length))}\n\nthe end`;
    const bytesMax = 200_000;
    const html = await markdown.render(source, bytesMax);
    expect(html.length).toBeGreaterThan(source.length / 2);
    expect(Buffer.byteLength(html)).toBeLessThanOrEqual(bytesMax);
    expect(html).toContain('the end');
    expectSafe(html);
  });

  it('shows as it was written what is nested deeper than the parser goes', async () => {
    for (const level of ['- ', '> ', '1. '])
      for (const depth of [3, 30, 300]) expect(await markdown.render(`${level.repeat(depth)}deep`, htmlBytesMax)).toContain('deep');
  });

  it('of nothing is nothing', async () => {
    expect(await markdown.render(' \n ', htmlBytesMax)).toBe('');
  });

  it.each([
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '<a href="javascript:alert(1)">x</a>',
    '[x](javascript:alert(1))',
    '[x](JaVaScRiPt:alert(1))',
    '[x](&#106;avascript:alert(1))',
    '[x](data:text/html;base64,PHNjcmlwdD4=)',
    '[x](vbscript:x)',
    '[x](//example.org/protocol-relative)',
    '![x](https://example.org/track.png)',
    '<https://example.org/"onmouseover="alert(1)>',
    '[x](https://example.org" onclick="alert(1))',
    '```html" onload="x\n<svg onload=alert(1)>\n```',
    '<svg><style><img src=x onerror=alert(1)></style></svg>',
    '<iframe src="https://example.org"></iframe>',
    '[a]: javascript:alert(1)\n[a]',
  ])('of %j carries no script, no image and no strange address', async (source) => {
    expectSafe(await markdown.render(source, htmlBytesMax));
  });

  it('of anything is safe', async () => {
    const piece = fc.oneof(
      fc.string(),
      fc.constantFrom(
        '<',
        '>',
        '"',
        "'",
        '&',
        '[',
        '](',
        ')',
        'javascript:',
        'data:',
        '<script>',
        ' onerror=',
        '`',
        '\n',
        '&#x6a;',
        '\u0000',
        '<img src=',
        '![',
        '//',
      ),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 30 }), async (pieces) => {
        expectSafe(await markdown.render(pieces.join(''), htmlBytesMax));
      }),
      { numRuns: 400 },
    );
  });

  it('of anything is at most five bytes for each byte written, or what was allowed', async () => {
    const piece = fc.constantFrom(
      '|',
      '-',
      '\n',
      '\r',
      '\n\n',
      '>',
      '- ',
      '1. ',
      '`',
      '*',
      '[',
      '](',
      'a.bc',
      'http://a.bc ',
      '&',
      '<',
      '#',
      '\u00e9',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 40 }), fc.integer({ min: 1, max: 400 }), async (pieces, times) => {
        const source = pieces.join('').repeat(times).slice(0, 10_000);
        const html = await markdown.render(source, 20_000);
        expect(Buffer.byteLength(html)).toBeLessThanOrEqual(Math.max(20_000, 5 * Buffer.byteLength(source) + 100));
      }),
      { numRuns: 150 },
    );
  });
});

const tag = /<(\/?)([a-z][a-z0-9]*)((?:\s+[a-z]+="[^"]*")*)\s*\/?>/g;
const allowed = /^(p|br|hr|a|strong|em|s|code|pre|blockquote|ul|ol|li|h[1-6]|table|thead|tbody|tr|th|td)$/;

/** Every "<" opens a tag we know, with attributes we know, and links lead to the web or to mail. */
function expectSafe(html: string): void {
  const rest = html.replaceAll(tag, (_, _slash: string, name: string, attributes: string) => {
    expect(name).toMatch(allowed);
    for (const [, attribute, value] of attributes.matchAll(/([a-z]+)="([^"]*)"/g)) {
      expect(['href', 'title', 'rel', 'start']).toContain(attribute);
      // As a browser reads it: "%3Edata:" is a path and no scheme.
      if (attribute === 'href') expect(schemeOf(value ?? '')).toMatch(/^(https?|mailto):$/);
      if (attribute === 'href') expect(value?.trim().toLowerCase()).not.toMatch(/^(javascript|data|vbscript|\/\/)/);
    }
    return '';
  });
  expect(rest).not.toContain('<');
}

function schemeOf(address: string): string {
  const base = 'https://sanctum.example/p/1';
  return URL.canParse(address, base) ? new URL(address, base).protocol : 'https:';
}
