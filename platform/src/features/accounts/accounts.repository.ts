/** Reads and writes what signing in needs. */
import type { Executor } from '../../db/database.ts';
import { type ConstraintErrors, onConstraint } from '../../db/on-constraint.ts';
import { toMe } from '../users/me.ts';
import type { Me } from '../users/users.schema.ts';
import * as queries from './accounts.queries.ts';

export interface Account {
  readonly user: Me;
  readonly passwordHash: string;
  readonly suspended: boolean;
}

export interface NewAccount {
  readonly username: string;
  readonly email: string;
  readonly displayName: string;
  readonly passwordHash: string;
}

export const constraintErrors = {
  idx_users_username_unique: 'user.username_taken',
  idx_users_name_look_unique: 'user.username_taken',
  idx_users_email_unique: 'user.email_taken',
} as const satisfies ConstraintErrors;

/** Throws `user.username_taken` or `user.email_taken`; the database decides, however many ask at once. */
export async function insertAccount(executor: Executor, account: NewAccount): Promise<Me> {
  return toAccount(await onConstraint(constraintErrors, () => executor.one(queries.createAccount, { ...account }))).user;
}

/** By username, or by e-mail address when there is an "@" in it: no username has one. */
export async function findAccount(executor: Executor, name: string): Promise<Account | undefined> {
  const row = name.includes('@')
    ? await executor.maybeOne(queries.findByEmail, { email: name })
    : await executor.maybeOne(queries.findByName, { username: name });
  return row === undefined ? undefined : toAccount(row);
}

export async function findAccountById(executor: Executor, userId: string): Promise<Account | undefined> {
  const row = await executor.maybeOne(queries.findById, { userId });
  return row === undefined ? undefined : toAccount(row);
}

/** False when the hash was changed by someone else meanwhile. */
export async function replaceHash(executor: Executor, userId: string, oldHash: string, newHash: string): Promise<boolean> {
  return (await executor.maybeOne(queries.changePasswordHash, { userId, oldHash, newHash })) !== undefined;
}

/** False when there is no such account. */
export async function suspend(tx: Executor, userId: string): Promise<boolean> {
  return (await tx.maybeOne(queries.suspendAccount, { userId })) !== undefined;
}

function toAccount(row: queries.AccountRow): Account {
  return { user: toMe(row), passwordHash: row.password_hash, suspended: row.suspended };
}
