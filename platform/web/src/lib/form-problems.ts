import type { FieldPath, FieldValues, UseFormSetError } from 'react-hook-form';
import { fieldName, toProblem } from './problem.ts';

/** Errors that speak of one field although the server names none. */
const fieldOfCode: Readonly<Record<string, readonly string[]>> = {
  'user.username_taken': ['username'],
  'user.email_taken': ['email'],
  'user.password_weak': ['newPassword', 'password'],
  'sanctum.name_taken': ['name'],
};

/**
 * Puts the server's problems at the fields they speak of.
 * @returns true when every problem found its field; otherwise the form shows the whole problem itself
 */
export function showServerProblems<V extends FieldValues>(
  error: unknown,
  fields: readonly FieldPath<V>[],
  setError: UseFormSetError<V>,
): boolean {
  const problem = toProblem(error);
  const find = (name: string) => fields.find((field) => field === name);
  const coded = (fieldOfCode[problem.code] ?? []).map(find).find((field) => field !== undefined);
  if (problem.fields.length === 0) {
    if (coded === undefined) return false;
    setError(coded, { type: 'server', message: `${problem.message} ${problem.fix}` }, { shouldFocus: true });
    return true;
  }
  let placed = 0;
  for (const { path, message } of problem.fields) {
    const field = find(fieldName(path)) ?? coded;
    if (field === undefined) continue;
    setError(field, { type: 'server', message }, { shouldFocus: placed === 0 });
    placed += 1;
  }
  return placed === problem.fields.length;
}
