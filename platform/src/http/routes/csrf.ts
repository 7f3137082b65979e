/**
 * Refuses changes that another site asks for with the reader's cookies. Browsers say where a request comes from
 * (Sec-Fetch-Site; older ones only Origin); a Bearer token is never sent by itself, so such requests are exempt.
 * OWASP Cross-Site Request Forgery Prevention Cheat Sheet, "Fetch Metadata headers".
 */
import type { FastifyRequest } from 'fastify';
import { AppError } from '../../errors.ts';
import type { CredentialCookies } from './credential-cookies.ts';

const safeMethods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE']);

export interface CrossSiteGuardDependencies {
  readonly allowedOrigins: readonly string[];
  /** Where readers reach the platform; left out, the Host that was asked for. */
  readonly publicOrigin?: string | undefined;
  readonly cookies: Pick<CredentialCookies, 'accessToken' | 'refreshToken'>;
}

export interface CrossSiteGuard {
  /** For every request: throws `request.cross_site` for a change by cookie that another site asked for. */
  check(request: FastifyRequest): void;
  /** For routes that read or give cookies themselves: throws whatever the request carries. */
  assertSameSite(request: FastifyRequest): void;
}

export function createCrossSiteGuard({ allowedOrigins, publicOrigin, cookies }: CrossSiteGuardDependencies): CrossSiteGuard {
  const allowed: ReadonlySet<string> = new Set(allowedOrigins);

  function assertSameSite(request: FastifyRequest): void {
    const site = request.headers['sec-fetch-site'];
    const origin = request.headers.origin;
    if (site === 'same-origin' || site === 'none') return;
    if (origin !== undefined && allowed.has(origin)) return;
    // Not Fastify's `host`: behind a trusted proxy that is X-Forwarded-Host, which most proxies pass on as the client sent it.
    const ownOrigin = publicOrigin ?? `${request.protocol}://${request.headers.host ?? ''}`;
    if (site === undefined && origin === ownOrigin) return;
    throw new AppError('request.cross_site');
  }

  return {
    assertSameSite,
    check(request) {
      if (safeMethods.has(request.method)) return;
      if (request.headers.authorization !== undefined) return;
      if (cookies.accessToken(request) === undefined && cookies.refreshToken(request) === undefined) return;
      assertSameSite(request);
    },
  };
}
