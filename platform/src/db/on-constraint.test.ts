import pg from 'pg';
import { expect, test } from 'vitest';
import { toAppError } from '../http/server/problem-replies.ts';
import { onConstraint } from './on-constraint.ts';

function violation(code: string, constraint: string): pg.DatabaseError {
  return Object.assign(new pg.DatabaseError('violates', 1, 'error'), { code, constraint });
}
const thrownBy = (error: unknown) =>
  onConstraint({ fk_a_user: 'auth.required' }, () => Promise.reject(error)).catch((thrown: unknown) => thrown);

test('a violation that the repository declared is its error, with the cause kept', async () => {
  const cause = violation('23503', 'fk_a_user');
  expect(await thrownBy(cause)).toMatchObject({ code: 'auth.required', cause });
});

test.each(['fk_reports_author', 'fk_bans_user', 'fk_rooms_owner', 'toString', '__proto__'])(
  'the foreign key %s, which nobody declared, is a fault of ours and not the reader told to sign in',
  async (constraint) => {
    const cause = violation('23503', constraint);
    expect(await thrownBy(cause)).toBe(cause);
    expect(toAppError(cause).code).toBe('server.internal');
  },
);

test('another error that carries the name of a constraint stays what it is', async () => {
  const cause = violation('23502', 'fk_a_user');
  expect(await thrownBy(cause)).toBe(cause);
});

test('what went well is passed on', async () => {
  expect(await onConstraint({ fk_a_user: 'auth.required' }, async () => 7)).toBe(7);
});
