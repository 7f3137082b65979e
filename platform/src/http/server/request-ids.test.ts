import { expect, test } from 'vitest';
import { createRequestIds } from './request-ids.ts';

test('a new id is 32 hexadecimal digits and never the same twice, across fills of the random bytes', () => {
  const requestIds = createRequestIds();
  const ids = Array.from({ length: 2000 }, () => requestIds({ headers: {} }));
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{32}$/);
  expect(new Set(ids).size).toBe(2000);
});

test.each(['abcdefgh', 'A-1_b.2345', 'x'.repeat(128)])("the caller's id %s is kept", (given) => {
  expect(createRequestIds()({ headers: { 'x-request-id': given } })).toBe(given);
});

test.each(['short', 'x'.repeat(129), 'with space', 'line\nbreak1', '"quoted"', ['abcdefgh']])("the caller's id %j is replaced", (given) => {
  expect(createRequestIds()({ headers: { 'x-request-id': given } })).toMatch(/^[0-9a-f]{32}$/);
});
