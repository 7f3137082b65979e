/**
 * Wrong passwords for one name, from anywhere. A point is taken before the password is looked at and given back when it
 * fits: parallel guesses cannot overtake the count, and once it is used up even the right password waits.
 */
import { AppError } from '../../errors.ts';
import type { RateLimiter } from '../../http/rate-limiter.ts';

const limit = 'signInFailures';

export interface SignInLimiter {
  /** Runs `verify`; a false answer counts against the name. Throws `request.rate_limited` without running it. */
  attempt(name: string, verify: () => Promise<boolean>): Promise<boolean>;
}

export function createSignInLimiter({ points }: { readonly points: Pick<RateLimiter<typeof limit>, 'consume' | 'refund'> }): SignInLimiter {
  return {
    async attempt(name, verify) {
      const key = `name:${name.toLowerCase()}`;
      const { allowed, retryAfterSeconds } = await points.consume(limit, key);
      if (!allowed) throw new AppError('request.rate_limited', { retryAfterSeconds });
      let counts = false;
      try {
        const fits = await verify();
        counts = !fits;
        return fits;
      } finally {
        // A hash that could not be tried (auth.busy) told the guesser nothing.
        if (!counts) points.refund(limit, key);
      }
    },
  };
}
