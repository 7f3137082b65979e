/**
 * Keeps secrets out of log lines by the name of their field, at any depth. A line without one is passed on as it is:
 * the access log pays a handful of look-ups, not a copy.
 */

/** Lower case, without "-" and "_". */
const secretNames: ReadonlySet<string> = new Set([
  'password',
  'currentpassword',
  'newpassword',
  'passwordhash',
  'token',
  'accesstoken',
  'refreshtoken',
  'devicetoken',
  'secret',
  'jwtsecret',
  'databaseurl',
  'redisurl',
  'connectionstring',
  'cookie',
  'setcookie',
  'authorization',
  'idempotencykey',
]);

const censor = '[redacted]';
const depthMax = 6;
const verdicts = new Map<string, boolean>();
const verdictsMax = 2000;

/** Field names repeat, so the spelling is judged once. */
function isSecret(name: string): boolean {
  const known = verdicts.get(name);
  if (known !== undefined) return known;
  const verdict = secretNames.has(name.toLowerCase().replaceAll(/[-_]/g, ''));
  if (verdicts.size < verdictsMax) verdicts.set(name, verdict);
  return verdict;
}

/** The same object when nothing in it is secret, else a copy without the secrets. Deeper than six levels nothing is written. */
export function redact<T extends object>(value: T, depth = 0): T {
  let copy: Record<string, unknown> | undefined;
  for (const [name, entry] of Object.entries(value)) {
    let clean: unknown = entry;
    if (isSecret(name)) clean = censor;
    else if (typeof entry === 'object' && entry !== null && !(entry instanceof Error))
      clean = depth < depthMax ? redact(entry, depth + 1) : censor;
    if (clean === entry) continue;
    copy ??= { ...(value as Record<string, unknown>) };
    copy[name] = clean;
  }
  if (copy === undefined) return value;
  return (Array.isArray(value) ? Object.values(copy) : copy) as T;
}
