import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { judgeRefresh, retryWindowSeconds } from './refresh-judgement.ts';
import type { Transport } from './sessions.schema.ts';

const runs = 20_000;
const seed = 20_261_122;

/** The server's side of one session in a world with its own clock. */
function createModel(transport: Transport) {
  let current = 0;
  let rotatedAt = Number.NEGATIVE_INFINITY;
  let ended = false;
  return {
    present(presented: number, at: number): number | 'ended' {
      if (ended) return 'ended';
      const justRotated = at - rotatedAt < retryWindowSeconds;
      const judgement = judgeRefresh({ presented, current, justRotated, transport });
      if (judgement === 'rotate') {
        current += 1;
        rotatedAt = at;
      }
      if (judgement === 'replayed' || judgement === 'unknown') ended = true;
      return ended ? 'ended' : current;
    },
  };
}

/** One refresh of a tab: seconds after the access token expired, seconds on the way there and back, response lost. */
const refresh = fc.record({
  at: fc.double({ min: 0, max: 4, noNaN: true }),
  there: fc.double({ min: 0, max: 3, noNaN: true }),
  back: fc.double({ min: 0, max: 2.9, noNaN: true }),
  lost: fc.boolean(),
});
const expiries = fc.array(fc.array(refresh, { minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 5 });
const accessLifetimeSeconds = 600;

/** Plays the refreshes of all tabs, which share one jar of cookies. True when the session lives on. */
function survives(
  schedule: readonly (readonly { at: number; there: number; back: number; lost: boolean }[])[],
  transport: Transport,
): boolean {
  const server = createModel(transport);
  let jar = 0;
  for (const [round, refreshes] of schedule.entries()) {
    const start = (round + 1) * accessLifetimeSeconds;
    const events: { at: number; run: () => void }[] = [];
    let alive = true;
    let arrived = false;
    for (const [index, one] of refreshes.entries()) {
      let presented = 0;
      let answer: number | 'ended' = 'ended';
      const lost = one.lost && index > 0;
      events.push({ at: start + one.at, run: () => (presented = jar) });
      events.push({ at: start + one.at + one.there, run: () => (answer = server.present(presented, start + one.at + one.there)) });
      events.push({
        at: start + one.at + one.there + one.back,
        run: () => {
          if (answer === 'ended') alive = false;
          else if (!lost) {
            jar = answer;
            arrived = true;
          }
        },
      });
    }
    // Stable, so that the three steps of one refresh keep their order.
    for (const event of events.sort((left, right) => left.at - right.at)) event.run();
    if (!alive) return false;
    expect(arrived).toBe(true);
  }
  return true;
}

describe('judging a refresh token', () => {
  test('tabs that share a jar never end their own session, in any order, with responses lost', () => {
    fc.assert(
      fc.property(expiries, (schedule) => survives(schedule, 'cookie')),
      { numRuns: runs, seed },
    );
  });

  test('the same tabs are logged out without the pause between rotations: the property can fail', () => {
    const result = fc.check(
      fc.property(expiries, (schedule) => survives(schedule, 'token')),
      { numRuns: runs, seed },
    );
    expect(result.failed).toBe(true);
  });

  test('a generation before the current one ends the session once the window is over, whoever presents it', () => {
    fc.assert(
      fc.property(fc.nat(1000), fc.nat(1000), fc.constantFrom<Transport>('cookie', 'token'), (older, newer, transport) => {
        fc.pre(older < newer);
        return judgeRefresh({ presented: older, current: newer, justRotated: false, transport }) === 'replayed';
      }),
      { seed },
    );
  });

  test.each([
    ['the current one', 3, 3, false, 'token', 'rotate'],
    ['the current one of an API user, at once', 3, 3, true, 'token', 'rotate'],
    ['the current one of a browser after the pause', 3, 3, false, 'cookie', 'rotate'],
    ['the current one of a browser in the pause', 3, 3, true, 'cookie', 'repeat'],
    ['the first one of a browser, right after signing in', 0, 0, true, 'cookie', 'rotate'],
    ['the one before, in the window', 2, 3, true, 'token', 'repeat'],
    ['the one before, after the window', 2, 3, false, 'token', 'replayed'],
    ['an older one, in the window', 1, 3, true, 'cookie', 'replayed'],
    ['one that was never made', 4, 3, true, 'token', 'unknown'],
  ] as const)('%s', (_, presented, current, justRotated, transport, judgement) => {
    expect(judgeRefresh({ presented, current, justRotated, transport })).toBe(judgement);
  });
});
