/** Requests a caller may send, per window. Callers are users where known, else addresses. */

export interface RateLimit {
  readonly points: number;
  readonly windowSeconds: number;
  /** Whom the points belong to. */
  readonly per: 'address' | 'caller';
  /** Requests of one account that are handled at once, two unless given; the next ones take turns. */
  readonly atOnce?: number;
}

export const rateLimits = {
  /** Probes and the document: only a guard against accidents. */
  operations: { points: 6000, windowSeconds: 60, per: 'address' },
  /** Registering an account. */
  register: { points: 20, windowSeconds: 3600, per: 'address' },
  /** Signing in and refreshing; wrong passwords have limits of their own. */
  auth: { points: 60, windowSeconds: 60, per: 'address' },
  /** Wrong passwords for one name from one network. */
  signInFailures: { points: 10, windowSeconds: 900, per: 'address' },
  /** Wrong passwords for one name from all networks together, devices that signed in to it before left out (NIST SP 800-63B §3.2.2: at most 100). */
  signInFailuresOfName: { points: 100, windowSeconds: 3600, per: 'address' },
  /** Wrong passwords for one account from one device that signed in to it before. */
  signInFailuresOfDevice: { points: 10, windowSeconds: 900, per: 'address' },
  /** Wrong current passwords in one session. */
  confirmationFailures: { points: 10, windowSeconds: 900, per: 'caller' },
  /** Access tokens from one network that did not hold. A browser left open sends a few of those whenever one expires. */
  refusedCredentials: { points: 1200, windowSeconds: 60, per: 'address' },
  /** Tickets for live connections: one a connection, and each reconnects by itself. */
  ticket: { points: 120, windowSeconds: 60, per: 'caller' },
  /** Attempts to open a live connection from one network. */
  upgrade: { points: 1200, windowSeconds: 60, per: 'address' },
  read: { points: 1200, windowSeconds: 60, per: 'caller' },
  search: { points: 120, windowSeconds: 60, per: 'caller', atOnce: 1 },
  write: { points: 120, windowSeconds: 60, per: 'caller' },
  /** Asking people to be friends, taken back or not; how many people one may ask in a day is a rule of its own. */
  friendRequest: { points: 60, windowSeconds: 3600, per: 'caller' },
  post: { points: 30, windowSeconds: 60, per: 'caller' },
  comment: { points: 60, windowSeconds: 60, per: 'caller' },
  /** Opening conversations, founding groups, inviting to them. */
  conversation: { points: 60, windowSeconds: 600, per: 'caller' },
  message: { points: 120, windowSeconds: 60, per: 'caller' },
  upload: { points: 60, windowSeconds: 600, per: 'caller' },
  receipt: { points: 240, windowSeconds: 60, per: 'caller' },
  typing: { points: 60, windowSeconds: 60, per: 'caller' },
  like: { points: 240, windowSeconds: 60, per: 'caller' },
  /** Likes of one post by one reader, taken back or not: each change is kept for an hour, for the walks that began before it. */
  likeChanges: { points: 60, windowSeconds: 3600, per: 'caller' },
} as const satisfies Record<string, RateLimit>;

export const atOnceDefault = 2;

/** Every limit times a factor, for load tests that send everything from one place. */
export function scaledLimits<Name extends string>(limits: Readonly<Record<Name, RateLimit>>, factor: number): Record<Name, RateLimit> {
  const scaled = Object.entries<RateLimit>(limits).map(([name, limit]) => [
    name,
    { ...limit, points: Math.ceil(limit.points * factor), atOnce: Math.ceil((limit.atOnce ?? atOnceDefault) * factor) },
  ]);
  return Object.fromEntries(scaled) as Record<Name, RateLimit>;
}
