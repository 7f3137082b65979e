/**
 * Security headers, computed once: an API answer loads nothing, a page of the web app loads only its own files.
 * Written out because they are constant; a middleware chain would cost every request what this costs the start.
 * https://owasp.org/www-project-secure-headers/
 */

export type HeaderSet = Readonly<Record<string, string>>;

const webAppPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

/** The API page draws with style attributes and inline SVG of its bundle. */
const apiPagePolicy = webAppPolicy.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'");

const apiPolicy = "default-src 'none'; frame-ancestors 'none'";
const strictTransportSecurity = 'max-age=63072000; includeSubDomains';

export interface SecurityHeaders {
  readonly api: HeaderSet;
  readonly webApp: HeaderSet;
  readonly apiPage: HeaderSet;
}

/** `https` adds HSTS, which a browser would hold against a plain http server for two years. */
export function createSecurityHeaders({ https }: { readonly https: boolean }): SecurityHeaders {
  const common = {
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'same-origin',
    'x-frame-options': 'DENY',
    'cross-origin-resource-policy': 'same-origin',
    ...(https ? { 'strict-transport-security': strictTransportSecurity } : {}),
  };
  const page = {
    ...common,
    'cross-origin-opener-policy': 'same-origin',
    'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=()',
  };
  return {
    // Answers depend on the reader; what may be kept says so itself.
    api: { ...common, 'content-security-policy': apiPolicy, 'cache-control': 'no-store' },
    webApp: { ...page, 'content-security-policy': https ? `${webAppPolicy}; upgrade-insecure-requests` : webAppPolicy },
    apiPage: { ...page, 'content-security-policy': apiPagePolicy },
  };
}
