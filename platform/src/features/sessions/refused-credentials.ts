/**
 * Access tokens that do not hold, per network. A point is taken before anything is looked at and given back when the token
 * holds; a network without points is refused without a signature being checked or a statement being run. Tokens that this instance
 * has verified before never come here.
 */
import { AppError } from '../../errors.ts';
import type { RateLimiter } from '../../limits/rate-limiter.ts';
import type { Reader } from '../../api/reader.ts';

const limit = 'refusedCredentials';

export interface RefusedCredentials {
  /** What `check` finds. Throws `auth.token_invalid` where it finds nobody, `request.rate_limited` without running it. */
  attempt(network: string, check: () => Promise<Reader | null>): Promise<Reader>;
}

export function createRefusedCredentials({
  points,
}: {
  readonly points: Pick<RateLimiter<typeof limit>, 'consume' | 'refund'>;
}): RefusedCredentials {
  return {
    async attempt(network, check) {
      const key = `network:${network}`;
      const { allowed, retryAfterSeconds } = await points.consume(limit, key);
      if (!allowed) throw new AppError('request.rate_limited', { retryAfterSeconds });
      let refused = false;
      try {
        const reader = await check();
        refused = reader === null;
        if (reader === null) throw new AppError('auth.token_invalid');
        return reader;
      } finally {
        if (!refused) points.refund(limit, key);
      }
    },
  };
}
