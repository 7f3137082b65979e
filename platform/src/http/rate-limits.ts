/** Requests a caller may send, per window. Callers are users where known, else addresses. */

export interface RateLimit {
  readonly points: number;
  readonly windowSeconds: number;
  /** Whom the points belong to. */
  readonly per: 'address' | 'caller';
}

export const rateLimits = {
  /** Probes and the document: only a guard against accidents. */
  operations: { points: 6000, windowSeconds: 60, per: 'address' },
  /** Registering an account. */
  register: { points: 20, windowSeconds: 3600, per: 'address' },
  /** Signing in and refreshing; a second limit holds per name. */
  auth: { points: 60, windowSeconds: 60, per: 'address' },
  /** Wrong passwords for one name, from anywhere. */
  signInFailures: { points: 10, windowSeconds: 900, per: 'address' },
  read: { points: 1200, windowSeconds: 60, per: 'caller' },
  search: { points: 120, windowSeconds: 60, per: 'caller' },
  write: { points: 120, windowSeconds: 60, per: 'caller' },
  post: { points: 30, windowSeconds: 60, per: 'caller' },
  comment: { points: 60, windowSeconds: 60, per: 'caller' },
  like: { points: 240, windowSeconds: 60, per: 'caller' },
} as const satisfies Record<string, RateLimit>;

/** Every limit times a factor, for load tests that send everything from one place. */
export function scaledLimits<Name extends string>(limits: Readonly<Record<Name, RateLimit>>, factor: number): Record<Name, RateLimit> {
  const scaled = Object.entries<RateLimit>(limits).map(([name, limit]) => [name, { ...limit, points: Math.ceil(limit.points * factor) }]);
  return Object.fromEntries(scaled) as Record<Name, RateLimit>;
}
