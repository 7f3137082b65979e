/** Signing in: a password is proven, and a session opened for what was proven. */
import { networkOf } from '../../api/network.ts';
import type { Database } from '../../db/database.ts';
import { AppError } from '../../errors.ts';
import type { OpenSession } from '../sessions/refresh.ts';
import type { Device, Sessions } from '../sessions/sessions.service.ts';
import * as repository from './accounts.repository.ts';
import type { SignIn } from './accounts.schema.ts';
import type { DeviceOwner, KnownDevices } from './known-devices.ts';
import type { Passwords } from './passwords.ts';
import type { Guess, SignInLimiter } from './sign-in-limiter.ts';

/** The second one is for a hash that was renewed by another sign-in meanwhile. */
const signInAttemptsMax = 2;

export interface SignInDependencies {
  readonly db: Database;
  readonly passwords: Passwords;
  readonly sessions: Sessions;
  readonly limiter: SignInLimiter;
  readonly devices: KnownDevices;
}

/** A session, and what proves at the next sign-in that its device is a known one. */
export interface SignedInDevice extends OpenSession {
  readonly deviceToken: string;
}

export function createSignIn({ db, passwords, sessions, limiter, devices }: SignInDependencies) {
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

  async function signIn(body: SignIn, device: Device, deviceToken: string | undefined): Promise<SignedInDevice> {
    // Bounded: once, and again only when the password changed in between.
    for (let attempt = 1; attempt <= signInAttemptsMax; attempt += 1) {
      const opened = await openProven(body, device, deviceToken);
      if (opened !== undefined) return opened;
    }
    throw new AppError('auth.credentials_wrong');
  }

  return { prove, signIn, asDevice };
}

function ownerOf({ user, passwordHash }: repository.Account): DeviceOwner {
  return { userId: user.id, passwordHash };
}
