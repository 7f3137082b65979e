/**
 * Limits that end a hang. They measure nothing: a neighbour may take the whole machine for a while, and a test that
 * waits for a condition is right whenever the condition comes.
 */
export const conditionLimitMs = 60_000;

/** For vitest; above `conditionLimitMs`, so that the condition that did not come is named. */
export const hangLimits = { testTimeout: 120_000, hookTimeout: 180_000, teardownTimeout: 60_000 } as const;
