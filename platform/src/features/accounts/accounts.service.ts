/** Registering, signing in, changing the password. */
import type { Database } from '../../db/database.ts';
import { AppError } from '../../errors.ts';
import type { Announcements } from '../../events/events.ts';
import type { Reader } from '../../api/reader.ts';
import type { Device, Sessions } from '../sessions/sessions.service.ts';
import * as repository from './accounts.repository.ts';
import type { ChangePassword, Register, SignIn } from './accounts.schema.ts';
import type { KnownDevices } from './known-devices.ts';
import { type PasswordOwner, weaknessOf } from './password-policy.ts';
import type { Passwords } from './passwords.ts';
import { createSignIn, type SignedInDevice } from './sign-in.ts';
import type { SignInLimiter } from './sign-in-limiter.ts';

export interface AccountsDependencies {
  readonly db: Database;
  readonly passwords: Passwords;
  readonly sessions: Sessions;
  readonly limiter: SignInLimiter;
  readonly devices: KnownDevices;
  readonly events: Announcements;
}

export interface Accounts {
  /** Throws `user.password_weak`, `user.username_taken`, `user.email_taken`, `auth.busy`. */
  register(body: Register, device: Device): Promise<SignedInDevice>;
  /** `deviceToken` is what an earlier sign-in gave. Throws `auth.credentials_wrong`, `auth.suspended`, `auth.busy`, `request.rate_limited`. */
  signIn(body: SignIn, device: Device, deviceToken: string | undefined): Promise<SignedInDevice>;
  /**
   * Ends all other sessions. The new device token: the old one ended with the password.
   * Throws `auth.credentials_wrong`, `user.password_weak`, `auth.busy`, `request.rate_limited`.
   */
  changePassword(reader: Reader, body: ChangePassword): Promise<string>;
  /** Ends every session of the account, on every instance within a second. Safe to repeat. Throws `user.not_found`. */
  suspend(userId: string): Promise<void>;
}

export function createAccounts({ db, passwords, sessions, limiter, devices, events }: AccountsDependencies): Accounts {
  const { prove, signIn, asDevice } = createSignIn({ db, passwords, sessions, limiter, devices });

  return {
    async register(body, device) {
      assertStrong(body.password, body, '/password');
      const passwordHash = await passwords.hash(body.password);
      const displayName = body.displayName ?? body.username;
      const opened = await db.transaction(async (tx) => {
        const user = await repository.insertAccount(tx, { username: body.username, email: body.email, displayName, passwordHash });
        events.announce(tx, 'accountRegistered', { userId: user.id, username: user.username });
        return sessions.open(tx, user, passwordHash, device);
      });
      if (opened === undefined) throw new Error('an account that was made in this transaction has another hash');
      return asDevice(opened, passwordHash);
    },

    signIn,

    async changePassword(reader, body) {
      const found = await repository.findAccountById(db, reader.userId);
      if (found === undefined) throw new AppError('auth.required');
      const account = await prove({ sessionId: reader.sessionId }, body.currentPassword, found);
      assertStrong(body.newPassword, account.user, '/newPassword');
      const newHash = await passwords.hash(body.newPassword);
      await db.transaction(async (tx) => {
        // Lost against another change: the password that was proven is no longer the current one.
        if (!(await repository.replaceHash(tx, reader.userId, account.passwordHash, newHash))) throw new AppError('auth.credentials_wrong');
        await sessions.endOthers(tx, reader, 'password-changed');
      });
      return devices.issue({ userId: reader.userId, passwordHash: newHash });
    },

    suspend: (userId) =>
      db.transaction(async (tx) => {
        // First the account, which keeps new sessions out; then those that were opened before.
        if (!(await repository.suspend(tx, userId))) throw new AppError('user.not_found');
        await sessions.endAll(tx, userId, 'suspended');
        events.announce(tx, 'accountSuspended', { userId });
      }),
  };
}

function assertStrong(password: string, owner: PasswordOwner, path: string): void {
  const weakness = weaknessOf(password, owner);
  if (weakness !== undefined) throw new AppError('user.password_weak', { problems: [{ path, message: weakness }] });
}
