import { expect, test } from 'vitest';
import { redact } from './redaction.ts';

test('a line without secrets is passed on as it is', () => {
  const line = { route: '/api/me', status: 200, nested: { list: [1, 2] } };
  expect(redact(line)).toBe(line);
});

test('secrets are taken out at any depth and in any spelling', () => {
  const line = { a: [{ headers: { 'Set-Cookie': 'x', Authorization: 'y', host: 'z' } }], refresh_token: 'x', newPassword: 'x' };
  expect(redact(line)).toEqual({
    a: [{ headers: { 'Set-Cookie': '[redacted]', Authorization: '[redacted]', host: 'z' } }],
    refresh_token: '[redacted]',
    newPassword: '[redacted]',
  });
  expect(line.newPassword).toBe('x');
});

test('a circle ends', () => {
  const circle: Record<string, unknown> = { name: 'x' };
  circle['self'] = circle;
  expect(JSON.stringify(redact(circle))).toContain('[redacted]');
});
