/** What the paths of a server are: which methods each has, and which belong to the API. */
import type { Route } from '../routes/route.ts';

/** Methods of a path in alphabetical order; empty when nothing has it. */
export type AllowedMethods = (path: string) => readonly string[];

const ofPages: readonly string[] = ['GET', 'HEAD'];

/** Every path outside the API is one of the web app, which is only read. */
export function createAllowedMethods(routes: readonly Pick<Route, 'method' | 'url'>[]): AllowedMethods {
  const patterns = routes.map(({ method, url }) => ({ method, segments: url.split('/') }));
  return (path) => {
    const segments = path.split('/').map(decoded);
    const methods = new Set(patterns.filter((pattern) => matches(pattern.segments, segments)).map(({ method }) => method));
    if (methods.size === 0) return isApiPath(segments.join('/')) ? [] : ofPages;
    return [...methods, ...(methods.has('GET') ? ['HEAD'] : [])].toSorted();
  };
}

function matches(pattern: readonly string[], segments: readonly string[]): boolean {
  if (pattern.length !== segments.length) return false;
  return pattern.every((part, at) => (part.startsWith(':') ? segments[at] !== '' : part === segments[at]));
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    // Not an error of ours: such a segment is no part of any path.
    return segment;
  }
}

export function isApiPath(path: string): boolean {
  return path === '/api' || path.startsWith('/api/');
}

/** Path of a request target without its query, still encoded; also of the absolute form, which a proxy may send (RFC 9112, 3.2.2). */
export function pathOfTarget(target: string): string {
  const path = target.split(/[?#]/, 1)[0] ?? '/';
  const absolute = /^[a-z][a-z0-9+.-]*:\/\/[^/]*/i.exec(path);
  return absolute === null ? path : path.slice(absolute[0].length) || '/';
}
