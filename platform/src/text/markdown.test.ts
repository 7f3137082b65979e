import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMarkdown } from './markdown.ts';

const markdown = createMarkdown();

describe('rendered Markdown', () => {
  it('keeps what writers use', async () => {
    const html = await markdown.render(
      '# Title\n\n**b** *i* ~~s~~ `c`\n\n- one\n- two\n\n> quote\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n[x](https://example.org "t")',
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

  it('leaves a table as text that would grow far beyond what was written', async () => {
    const wide = `${'|a'.repeat(1000)}|\n${'|-'.repeat(1000)}|\n${'|b\n'.repeat(10_000)}`;
    expect(await markdown.render(wide)).not.toContain('<table>');
    const long = `| a | b |\n|---|---|\n${'| 1 | 2 |\n'.repeat(1000)}`;
    expect(await markdown.render(long)).toContain('<table>');
  });

  it('of nothing is nothing', async () => {
    expect(await markdown.render(' \n ')).toBe('');
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
    expectSafe(await markdown.render(source));
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
        expectSafe(await markdown.render(pieces.join('')));
      }),
      { numRuns: 400 },
    );
  });

  it('of deep nesting and long lines is bounded work', async () => {
    const started = performance.now();
    for (const source of [
      '>'.repeat(20_000),
      '['.repeat(40_000),
      '*a '.repeat(13_000),
      '- '.repeat(20_000),
      '`'.repeat(40_000),
      '<'.repeat(40_000),
    ])
      await markdown.render(source);
    expect(performance.now() - started).toBeLessThan(5000);
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
