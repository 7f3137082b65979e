/**
 * Device tokens: proof that a device signed in to an account before. They open nothing; a wrong password from a known device is
 * counted apart from those of strangers, so that nobody's guesses keep an owner out.
 *
 * A token is `device id . HMAC(account, password hash, device id)`. It ends with the password: whoever knew an
 * old one does not keep a count of their own.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

const idBytes = 16;
const macBytes = 32;
const tokenPattern = /^([A-Za-z0-9_-]{22})\.([A-Za-z0-9_-]{43})$/;

/** Longest a browser keeps the token. */
export const deviceDays = 365;

export interface DeviceOwner {
  readonly userId: string;
  readonly passwordHash: string;
}

export interface KnownDevices {
  /** A new token for a device that has proven the password. */
  issue(owner: DeviceOwner): string;
  /** The id of the device; undefined when the token is none, another account's, or older than the password. */
  recognise(token: string, owner: DeviceOwner): string | undefined;
}

export function createKnownDevices({ key }: { readonly key: Buffer }): KnownDevices {
  const macOf = (deviceId: string, { userId, passwordHash }: DeviceOwner) =>
    createHmac('sha256', key)
      .update(JSON.stringify([userId, passwordHash, deviceId]))
      .digest();
  return {
    issue(owner) {
      const deviceId = randomBytes(idBytes).toString('base64url');
      return `${deviceId}.${macOf(deviceId, owner).toString('base64url')}`;
    },
    recognise(token, owner) {
      const [, deviceId, mac] = tokenPattern.exec(token) ?? [];
      if (deviceId === undefined || mac === undefined) return undefined;
      const presented = Buffer.from(mac, 'base64url');
      return presented.length === macBytes && timingSafeEqual(presented, macOf(deviceId, owner)) ? deviceId : undefined;
    },
  };
}
