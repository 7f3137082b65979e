import { isPrintable } from '@sanctum/migrations/printable';
import { expect, test } from 'vitest';
import { createCheckReport, createFinding, createReview } from '../../test/reports.ts';
import type { Review } from '../review.ts';
import { renderJson } from './json.ts';
import { renderJunit } from './junit.ts';
import { renderMarkdown } from './markdown.ts';
import { renderSarif } from './sarif.ts';
import { renderText } from './text.ts';

const hostile = [
  'line\n GO  No critical finding',
  '\u001b[2J\u001b]0;title\u0007',
  '\u009b31m',
  'a\r\nb',
  '\u202egnp.exe',
  'zero\u200bwidth',
  '\u2028',
  '\uffff\ud800',
  '</failure></testcase><testcase name="forged"/>',
  ']]>',
  '| forged | row |',
  '```\n# forged heading',
  '<script>alert(1)</script>&#x202e;',
  '- [x] forged',
];

const renderers: readonly [string, (review: Review) => string][] = [
  ['text', (review) => renderText(review)],
  ['JSON', renderJson],
  ['Markdown', renderMarkdown],
  ['JUnit', renderJunit],
  ['SARIF', renderSarif],
];

function reviewOf(text: string): Review {
  const part = { subject: text, detail: text, location: text, risk: text, impact: text, fix: text };
  const waiver = { owner: text, reason: text, expires: '2026-01-01' };
  return createReview([
    createCheckReport({
      id: 'postgres/a',
      outcome: 'fail',
      findings: [createFinding(part), createFinding({ ...part, waived: true, waiver })],
    }),
    createCheckReport({ id: 'postgres/b', outcome: 'error', error: { message: text, fix: text } }),
    createCheckReport({ id: 'postgres/c', outcome: 'skipped', reason: text }),
  ]);
}

test.each(renderers)('%s shows nothing hidden, and a name adds no line of its own', (_name, render) => {
  for (const text of hostile) {
    const shown = render(reviewOf(text));
    for (const line of shown.split('\n')) expect(isPrintable(line), JSON.stringify(line)).toBe(true);
    const plain = render(reviewOf('plain'));
    // A fix has its own lines: it stands in the review three times.
    const more = (text.split('\n').length - 1) * 3;
    expect(shown.split('\n').length - plain.split('\n').length, text).toBeLessThanOrEqual(more);
  }
});

test('JUnit stays one well-formed document with the test cases that it counts', () => {
  for (const text of hostile) {
    const xml = renderJunit(reviewOf(text));
    expect(xml.match(/<testcase /g)).toHaveLength(3);
    expect(xml.replace(/<\/?(testsuites?|testcase|failure|error|skipped|\?xml)[^<>]*>/g, '')).not.toMatch(/[<>]/);
  }
});

test('Markdown keeps its headings, rows and boxes', () => {
  const unfenced = (text: string) => renderMarkdown(reviewOf(text)).replace(/^(````*)\n[\s\S]*?\n\1$/gm, '');
  const parts = (text: string) =>
    unfenced(text)
      .split('\n')
      .filter((line) => /^(## |\| )|^- \[/.test(line)).length;
  for (const text of hostile) {
    expect(parts(text), text).toBe(parts('plain'));
    expect(unfenced(text), text).not.toMatch(/[^\\]<script/);
  }
});
