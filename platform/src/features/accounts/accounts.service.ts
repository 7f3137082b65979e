/** Registering, signing in, changing the password. */
import type { Database } from '../../db/database.ts';
import { AppError } from '../../errors.ts';
import type { Announcements } from '../../events/events.ts';
import { networkOf } from '../../api/network.ts';
import type { Reader } from '../../api/reader.ts';
import type { Device, OpenSession, Sessions } from '../sessions/sessions.service.ts';
import * as repository from './accounts.repository.ts';
import type { ChangePassword, Register, SignIn } from './accounts.schema.ts';
import type { DeviceOwner, KnownDevices } from './known-devices.ts';
import { type PasswordOwner, weaknessOf } from './password-policy.ts';
import type { Passwords } from './passwords.ts';
import type { Guess, SignInLimiter } from './sign-in-limiter.ts';

/** The second one is for a hash that was renewed by another sign-in meanwhile. */
const signInAttemptsMax = 2;

export interface AccountsDependencies {
  readonly db: Database;
  readonly passwords: Passwords;
  readonly sessions: Sessions;
  readonly limiter: SignInLimiter;
  readonly devices: KnownDevices;
  readonly events: Announcements;
}

/** A session, and what proves at the next sign-in that its device is a known one. */
export interface SignedInDevice extends OpenSession {
  readonly deviceToken: string;
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
  /** Throws unless the password fits; `guess` is what a wrong one counts against. */
  async function prove(guess: Guess, password: string, account: repository.Account | undefined): Promise<repository.Account> {
    const fits = await limiter.attempt(guess, () => passwords.verify(password, account?.passwordHash));
    if (account === undefined || !fits) throw new AppError('auth.credentials_wrong');
    return account;
  }

  /** Undefined when the account changed while its password was looked at: what was proven holds no longer. */
  async function openProven(body: SignIn, device: Device, deviceToken: string | undefined): Promise<SignedInDevice | undefined> {
    const name = body.name.trim();
    const found = await repository.findAccount(db, name);
    const deviceId = found === undefined || deviceToken === undefined ? undefined : devices.recognise(deviceToken, ownerOf(found));
    const guess = deviceId === undefined ? { name: found?.user.username ?? name, network: networkOf(device.address) } : { deviceId };
    const account = await prove(guess, body.password, found);
    // Only whoever knows the password learns that the account is suspended.
    if (account.suspended) throw new AppError('auth.suspended');
    const current = await renewed(account, body.password);
    const opened = current === undefined ? undefined : await sessions.open(db, account.user, current, device);
    return opened === undefined || current === undefined ? undefined : asDevice(opened, current);
  }

  /** The stored hash, made anew with the parameters of today where it has older ones. Undefined when it was changed meanwhile. */
  async function renewed({ user, passwordHash }: repository.Account, password: string): Promise<string | undefined> {
    if (!passwords.isOutdated(passwordHash)) return passwordHash;
    const newHash = await passwords.hash(password);
    return (await repository.replaceHash(db, user.id, passwordHash, newHash)) ? newHash : undefined;
  }

  function asDevice(opened: OpenSession, passwordHash: string): SignedInDevice {
    return { ...opened, deviceToken: devices.issue({ userId: opened.user.id, passwordHash }) };
  }

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

    async signIn(body, device, deviceToken) {
      // Bounded: once, and again only when the password changed in between.
      for (let attempt = 1; attempt <= signInAttemptsMax; attempt += 1) {
        const opened = await openProven(body, device, deviceToken);
        if (opened !== undefined) return opened;
      }
      throw new AppError('auth.credentials_wrong');
    },

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

function ownerOf({ user, passwordHash }: repository.Account): DeviceOwner {
  return { userId: user.id, passwordHash };
}

function assertStrong(password: string, owner: PasswordOwner, path: string): void {
  const weakness = weaknessOf(password, owner);
  if (weakness !== undefined) throw new AppError('user.password_weak', { problems: [{ path, message: weakness }] });
}
