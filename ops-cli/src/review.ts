import { runChecks } from '@sanctum/audits/runner';
import type { RunOptions } from '@sanctum/audits/runner';
import type { Target } from './target.ts';

export type Review = Awaited<ReturnType<typeof runChecks>>;
export type CheckReport = Review['checks'][number];

/**
 * Runs checks against a resolved target.
 * @throws UnknownSelection when an id or a group names no check
 */
export function reviewTarget(target: Target, options: Omit<RunOptions, 'target'>): Promise<Review> {
  return runChecks({
    ...options,
    target: { databaseUrl: target.databaseUrl, redisUrl: target.redisUrl, baseUrl: target.url, root: target.root, config: target.config },
  });
}
