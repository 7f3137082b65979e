/**
 * What becomes of a genuine refresh token. A session has one current generation; a rotation makes the next one.
 *
 * - The current one rotates. In cookies it is first repeated while the last rotation is younger than the retry window:
 *   the tabs of a browser share one jar and refresh on their own, and two rotations in a row would make the token
 *   that a slow tab has already sent look like a replay.
 * - The one before the current one, within the retry window of its rotation, is repeated: its response was lost, or two
 *   tabs were at it together. The client gets the same current token again, so no third holder comes to be.
 * - An older one, or the one before after the window, was replayed: the session ends, for thief and owner alike.
 * - A newer one cannot be: the database went back in time (restored from a backup). The session is not usable.
 *
 * RFC 9700 §4.14.2 (rotation, reuse); FAPI 2.0 security profile §5.3.2.1 note 1 (lost responses).
 */
import type { Transport } from './sessions.schema.ts';

/** How long a lost response may be asked for again. */
export const retryWindowSeconds = 10;

export interface RefreshFacts {
  readonly presented: number;
  readonly current: number;
  /** The last rotation is younger than the retry window. */
  readonly justRotated: boolean;
  readonly transport: Transport;
}

export type RefreshJudgement = 'rotate' | 'repeat' | 'replayed' | 'unknown';

export function judgeRefresh({ presented, current, justRotated, transport }: RefreshFacts): RefreshJudgement {
  if (presented > current) return 'unknown';
  if (presented === current) {
    const siblingWasFirst = transport === 'cookie' && justRotated && current > 0;
    return siblingWasFirst ? 'repeat' : 'rotate';
  }
  return presented === current - 1 && justRotated ? 'repeat' : 'replayed';
}
