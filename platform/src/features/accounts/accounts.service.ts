/** Registering, signing in, changing the password. */
import type { Database } from '../../db/database.ts';
import { AppError } from '../../errors.ts';
import type { Reader } from '../../http/reader.ts';
import type { Device, OpenSession, Sessions } from '../sessions/sessions.service.ts';
import * as repository from './accounts.repository.ts';
import type { ChangePassword, Register, SignIn } from './accounts.schema.ts';
import { type PasswordOwner, weaknessOf } from './password-policy.ts';
import type { Passwords } from './passwords.ts';
import type { SignInLimiter } from './sign-in-limiter.ts';

/** The second one is for a hash that was renewed by another sign-in meanwhile. */
const signInAttemptsMax = 2;

export interface AccountsOptions {
  readonly db: Database;
  readonly passwords: Passwords;
  readonly sessions: Sessions;
  readonly limiter: SignInLimiter;
  /** A name that nobody had now has a profile. */
  readonly onRegistered: (username: string) => Promise<void>;
}

export interface Accounts {
  /** Throws `user.password_weak`, `user.username_taken`, `user.email_taken`, `auth.busy`. */
  register(body: Register, device: Device): Promise<OpenSession>;
  /** Throws `auth.credentials_wrong`, `auth.suspended`, `auth.busy`, `request.rate_limited`. */
  signIn(body: SignIn, device: Device): Promise<OpenSession>;
  /** Ends all other sessions. Throws `auth.credentials_wrong`, `user.password_weak`, `auth.busy`, `request.rate_limited`. */
  changePassword(reader: Reader, body: ChangePassword): Promise<void>;
  /** Ends every session of the account, on every instance within a second. Safe to repeat. Throws `user.not_found`. */
  suspend(userId: string): Promise<void>;
}

export function createAccounts({ db, passwords, sessions, limiter, onRegistered }: AccountsOptions): Accounts {
  /** Throws unless the password fits; `name` is whose wrong passwords are counted. */
  async function prove(name: string, password: string, account: repository.Account | undefined): Promise<repository.Account> {
    const fits = await limiter.attempt(name, () => passwords.verify(password, account?.passwordHash));
    if (account === undefined || !fits) throw new AppError('auth.credentials_wrong');
    return account;
  }

  /** Undefined when the account changed while its password was looked at: what was proven holds no longer. */
  async function openProven(body: SignIn, device: Device): Promise<OpenSession | undefined> {
    const name = body.name.trim();
    const found = await repository.findAccount(db, name);
    const account = await prove(found?.user.username ?? name, body.password, found);
    // Only whoever knows the password learns that the account is suspended.
    if (account.suspended) throw new AppError('auth.suspended');
    const current = await renewed(account, body.password);
    return current === undefined ? undefined : sessions.open(db, account.user, current, device);
  }

  /** The stored hash, made anew with the parameters of today where it has older ones. Undefined when it was changed meanwhile. */
  async function renewed({ user, passwordHash }: repository.Account, password: string): Promise<string | undefined> {
    if (!passwords.isOutdated(passwordHash)) return passwordHash;
    const newHash = await passwords.hash(password);
    return (await repository.replaceHash(db, user.id, passwordHash, newHash)) ? newHash : undefined;
  }

  return {
    async register(body, device) {
      assertStrong(body.password, body, '/password');
      const passwordHash = await passwords.hash(body.password);
      const displayName = body.displayName ?? body.username;
      const opened = await db.transaction(async (tx) => {
        const user = await repository.insertAccount(tx, { username: body.username, email: body.email, displayName, passwordHash });
        return sessions.open(tx, user, passwordHash, device);
      });
      if (opened === undefined) throw new Error('an account that was made in this transaction has another hash');
      await onRegistered(body.username);
      return opened;
    },

    async signIn(body, device) {
      for (let attempt = 1; attempt <= signInAttemptsMax; attempt += 1) {
        const opened = await openProven(body, device);
        if (opened !== undefined) return opened;
      }
      throw new AppError('auth.credentials_wrong');
    },

    async changePassword(reader, body) {
      const found = await repository.findAccountById(db, reader.userId);
      if (found === undefined) throw new AppError('auth.required');
      const account = await prove(found.user.username, body.currentPassword, found);
      assertStrong(body.newPassword, account.user, '/newPassword');
      const newHash = await passwords.hash(body.newPassword);
      const ended = await db.transaction(async (tx) => {
        // Lost against another change: the password that was proven is no longer the current one.
        if (!(await repository.replaceHash(tx, reader.userId, account.passwordHash, newHash))) throw new AppError('auth.credentials_wrong');
        return sessions.endOthers(tx, reader, 'password-changed');
      });
      sessions.announceEnded(ended);
    },

    async suspend(userId) {
      const ended = await db.transaction(async (tx) => {
        // First the account, which keeps new sessions out; then those that were opened before.
        if (!(await repository.suspend(tx, userId))) throw new AppError('user.not_found');
        return sessions.endAll(tx, userId, 'suspended');
      });
      sessions.announceEnded(ended);
    },
  };
}

function assertStrong(password: string, owner: PasswordOwner, path: string): void {
  const weakness = weaknessOf(password, owner);
  if (weakness !== undefined) throw new AppError('user.password_weak', { problems: [{ path, message: weakness }] });
}
