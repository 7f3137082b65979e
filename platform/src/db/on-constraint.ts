/**
 * What a violated constraint means is known to the repository whose statement violated it, and to nobody else: the same
 * foreign key is the reader's own account in one statement and somebody else's in another.
 */
import { AppError, type ErrorCode } from '../errors.ts';
import { violatedConstraintOf } from './sqlstate.ts';

/** Constraints (or unique indexes) that a request can violate without a bug, each with the error that it is then. */
export type ConstraintErrors = Readonly<Record<string, ErrorCode>>;

/** Throws the error of the constraint that `work` violated. Every other error stays what it is: a bug answers 500. */
export async function onConstraint<T>(errors: ConstraintErrors, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const constraint = violatedConstraintOf(error);
    const code = constraint === undefined || !Object.hasOwn(errors, constraint) ? undefined : errors[constraint];
    if (code === undefined) throw error;
    throw new AppError(code, { cause: error });
  }
}
