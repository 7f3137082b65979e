/**
 * Wrong passwords, counted so that a guesser is stopped and the owner of the name is not: per name and network together, far
 * higher per name from everywhere, and never against the owner's own device or session, which have a count of their own.
 * https://owasp.org/www-community/Slow_Down_Online_Guessing_Attacks_with_Device_Cookies
 *
 * A point is taken before the password is looked at and given back when it fits: parallel guesses cannot overtake the count,
 * and once it is used up even the right password waits.
 */
import { AppError } from '../../errors.ts';
import type { RateLimiter } from '../../limits/rate-limiter.ts';

type Limit = 'signInFailures' | 'signInFailuresOfName' | 'signInFailuresOfDevice' | 'confirmationFailures';

/** Where a password comes from. */
export type Guess =
  /** Anyone, from anywhere. */
  | { readonly name: string; readonly network: string }
  /** A device that signed in to this account before. */
  | { readonly deviceId: string }
  /** A signed-in session that confirms who it is. */
  | { readonly sessionId: string };

export interface SignInLimiter {
  /** Runs `verify`; a false answer counts against the guess. Throws `request.rate_limited` without running it. */
  attempt(guess: Guess, verify: () => Promise<boolean>): Promise<boolean>;
}

export function createSignInLimiter({ points }: { readonly points: Pick<RateLimiter<Limit>, 'consume' | 'refund'> }): SignInLimiter {
  return {
    async attempt(guess, verify) {
      const taken: (readonly [Limit, string])[] = [];
      let counts = false;
      try {
        for (const [limit, key] of countsOf(guess)) {
          const { allowed, retryAfterSeconds } = await points.consume(limit, key);
          if (!allowed) throw new AppError('request.rate_limited', { retryAfterSeconds });
          taken.push([limit, key]);
        }
        const fits = await verify();
        counts = !fits;
        return fits;
      } finally {
        // A hash that could not be tried (auth.busy) told the guesser nothing.
        if (!counts) for (const [limit, key] of taken) points.refund(limit, key);
      }
    },
  };
}

function countsOf(guess: Guess): readonly (readonly [Limit, string])[] {
  if ('deviceId' in guess) return [['signInFailuresOfDevice', `device:${guess.deviceId}`]];
  if ('sessionId' in guess) return [['confirmationFailures', `session:${guess.sessionId}`]];
  const name = `name:${guess.name.toLowerCase()}`;
  return [
    ['signInFailures', `${name} network:${guess.network}`],
    ['signInFailuresOfName', name],
  ];
}
