/**
 * Under which names the platform answers. A request for another name reached it by a trick: a name that an attacker points
 * at this address (DNS rebinding), or a Host that ends up in a link or a cache.
 */
import type { IncomingMessage } from 'node:http';
import type { Config } from '../../config/config.ts';
import type { ErrorCode } from '../../errors.ts';

/** What of a request tells the name it was sent to. */
export interface AddressedRequest {
  readonly headers: IncomingMessage['headers'];
  readonly raw: Pick<IncomingMessage, 'httpVersion' | 'url'>;
  readonly routeOptions: { readonly url?: string | undefined };
}

export type HostGuard = (request: AddressedRequest) => ErrorCode | undefined;

/** Load balancers and collectors ask these by address. */
const answeredUnderAnyName: ReadonlySet<string> = new Set(['/health', '/ready', '/metrics']);

/** `PUBLIC_ORIGIN` and `ALLOWED_HOSTS` name the hosts; where neither is set, which only development allows, any name is answered. */
export function createHostGuard({ publicOrigin, allowedHosts }: Pick<Config, 'publicOrigin' | 'allowedHosts'>): HostGuard {
  const names = new Set([...(publicOrigin === undefined ? [] : [new URL(publicOrigin).host]), ...allowedHosts].map(hostNameOf));
  const isOpen = names.size === 0 || allowedHosts.includes('*');
  return (request) => {
    const host = request.headers.host;
    if (host === undefined && request.raw.httpVersion === '1.1') return 'request.host_missing';
    if (isOpen || answeredUnderAnyName.has(request.routeOptions.url ?? '')) return undefined;
    const asked = [host ?? '', ...absoluteHostOf(request.raw.url ?? '/')];
    return asked.every((name) => names.has(hostNameOf(name))) ? undefined : 'request.host_unknown';
  };
}

/** A target in absolute form names a host of its own, which goes before the header. */
function absoluteHostOf(target: string): string[] {
  if (target.startsWith('/')) return [];
  const authority = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/i.exec(target)?.[1];
  return authority === undefined ? [] : [authority];
}

/** The name alone: ports are the proxy's business, letter case and a final dot mean nothing. */
function hostNameOf(host: string): string {
  return host.toLowerCase().replace(/:\d*$/, '').replace(/\.$/, '');
}
