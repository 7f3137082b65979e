import { expect, test } from 'vitest';
import { createDrafts } from './drafts.ts';
import { hostOf, plainExcerpt, timeAgo } from './format.ts';
import { createKeyValueStore } from './key-value-store.ts';
import { fieldName, readProblem, toProblem } from './problem.ts';
import { safeReturnPath } from './return-path.ts';
import { createSubmissionKey } from './submission-key.ts';

test('a return path stays on this site', () => {
  expect(safeReturnPath('/s/pottery?sort=new#comments')).toBe('/s/pottery?sort=new#comments');
  for (const path of [
    '//evil.example',
    '/\\evil.example',
    'https://evil.example',
    'javascript:alert(1)',
    '',
    undefined,
    '/sign-in?return=/',
  ])
    expect(safeReturnPath(path)).toBe('/');
});

test('a submission keeps its key until its content changes or it was accepted', () => {
  const submission = createSubmissionKey();
  const key = (content: unknown) => submission.headersFor(content)['idempotency-key'];
  const first = key({ title: 'a' });
  expect(key({ title: 'a' })).toBe(first);
  const second = key({ title: 'b' });
  expect(second).not.toBe(first);
  submission.accepted();
  expect(key({ title: 'b' })).not.toBe(second);
});

test('drafts beyond the limit push out an old one and never other entries', () => {
  localStorage.setItem('other', 'stays');
  const drafts = createDrafts(createKeyValueStore(() => localStorage));
  for (let index = 0; index < 60; index += 1) drafts.write(`place:${index}`, 'text');
  expect(Object.keys(localStorage).filter((key) => key.startsWith('sanctum.draft:'))).toHaveLength(40);
  expect(drafts.read('place:59')).toBe('text');
  drafts.clearAll();
  expect(Object.keys(localStorage)).toEqual(['other']);
});

test('storage that is switched off costs memory of the page, not the page', () => {
  const store = createKeyValueStore(() => {
    throw new DOMException('denied', 'SecurityError');
  });
  store.set('a', '1');
  expect(store.get('a')).toBe('1');
  expect(store.keys()).toEqual(['a']);
  store.remove('a');
  expect(store.get('a')).toBeNull();
});

test('an excerpt reads as plain words', () => {
  expect(plainExcerpt('# Title\n\n- **one** and *two*\n> [a link](https://x.example) `code` snake_case_name 2 * 3 * 4')).toBe(
    'Title\n\none and two\na link code snake_case_name 2 * 3 * 4',
  );
});

test('times are relative when near and dates when far', () => {
  const now = Date.parse('2026-03-20T12:00:00Z');
  expect(timeAgo('2026-03-20T11:59:50Z', now)).toBe('10 sec. ago');
  expect(timeAgo('2026-03-20T12:00:05Z', now)).toBe('now');
  expect(timeAgo('2026-03-20T09:00:00Z', now)).toBe('3 hr. ago');
  expect(timeAgo('2026-01-02T09:00:00Z', now)).toContain('2026');
});

test('the host of an address that is none is the text itself', () => {
  expect(hostOf('https://www.example.org/a?b')).toBe('example.org');
  expect(hostOf('nonsense')).toBe('nonsense');
});

test('an answer that is no problem document still gives words and the request id', async () => {
  const response = new Response('<h1>Bad gateway</h1>', { status: 502, headers: { 'x-request-id': 'r-9' } });
  expect(await readProblem(response)).toMatchObject({
    status: 502,
    code: 'http.502',
    requestId: 'r-9',
    message: 'The server answered 502.',
  });
});

test('a failed connection is told apart from a mistake of the page', () => {
  expect(toProblem(new TypeError('Failed to fetch')).code).toBe('client.offline');
  expect(toProblem(new Error('x is undefined')).code).toBe('client.internal');
});

test('problem paths of all notations name their field', () => {
  expect(['/body/title', 'body.title', 'title', ''].map(fieldName)).toEqual(['title', 'title', 'title', '']);
});
