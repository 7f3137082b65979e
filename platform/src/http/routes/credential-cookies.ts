/**
 * The web app's credentials: two HttpOnly cookies that no script can read. Over https they carry the prefix `__Host-`, so
 * that no other host can set them; over plain http (development only) browsers refuse that prefix and `Secure`.
 * https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Set-Cookie#cookie_prefixes
 *
 * Both live as long as the session. The token inside the access cookie expires much earlier: the browser then still sends
 * it, is told `auth.token_invalid`, and refreshes, instead of looking like nobody.
 *
 * A third cookie, which outlives sessions, says that this browser signed in before (known-devices.ts); it opens nothing.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';

const past = new Date(0);

export interface CredentialCookiesOptions {
  /** True when browsers reach the platform by https. */
  readonly secure: boolean;
}

export interface CookieCredentials {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly expiresAt: Date;
}

export interface CredentialCookies {
  /** The token of the access cookie in a Cookie header, undefined when there is none. */
  accessTokenIn(cookie: string | undefined): string | undefined;
  accessToken(request: FastifyRequest): string | undefined;
  refreshToken(request: FastifyRequest): string | undefined;
  set(reply: FastifyReply, credentials: CookieCredentials): void;
  /** The device cookie stays. */
  clear(reply: FastifyReply): void;
  deviceToken(request: FastifyRequest): string | undefined;
  setDevice(reply: FastifyReply, deviceToken: string, expiresAt: Date): void;
}

export function createCredentialCookies({ secure }: CredentialCookiesOptions): CredentialCookies {
  const prefix = secure ? '__Host-' : '';
  const accessName = `${prefix}sanctum_access`;
  const refreshName = `${prefix}sanctum_refresh`;
  const deviceName = `${prefix}sanctum_device`;
  const attributes = `Path=/; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`;
  const cookie = (name: string, value: string, expires: Date) => `${name}=${value}; Expires=${expires.toUTCString()}; ${attributes}`;

  return {
    accessTokenIn: (header) => read(header, accessName),
    accessToken: (request) => read(request.headers.cookie, accessName),
    refreshToken: (request) => read(request.headers.cookie, refreshName),
    set(reply, { accessToken, refreshToken, expiresAt }) {
      reply.header('set-cookie', [cookie(accessName, accessToken, expiresAt), cookie(refreshName, refreshToken, expiresAt)]);
    },
    clear(reply) {
      reply.header('set-cookie', [cookie(accessName, '', past), cookie(refreshName, '', past)]);
    },
    deviceToken: (request) => read(request.headers.cookie, deviceName),
    setDevice(reply, deviceToken, expiresAt) {
      reply.header('set-cookie', cookie(deviceName, deviceToken, expiresAt));
    },
  };
}

/** Our tokens are made of characters that need no encoding in a cookie (RFC 6265 §4.1.1), so neither way decodes. */
function read(header: string | undefined, name: string): string | undefined {
  if (header === undefined) return undefined;
  for (const pair of header.split(';')) {
    const separator = pair.indexOf('=');
    if (separator > 0 && pair.slice(0, separator).trim() === name) return pair.slice(separator + 1).trim();
  }
  return undefined;
}
