/** A path of this site to go back to after signing in; anything that could lead elsewhere becomes "/". */
export function safeReturnPath(path: string | undefined): string {
  if (path === undefined || !path.startsWith('/')) return '/';
  const base = 'https://sanctum.invalid';
  if (!URL.canParse(path, base)) return '/';
  const url = new URL(path, base);
  if (url.origin !== base || url.pathname === '/sign-in' || url.pathname === '/sign-up') return '/';
  return url.pathname + url.search + url.hash;
}
