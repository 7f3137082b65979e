import { describe, expect, it } from 'vitest';
import { currentRequest, runInRequest } from '../telemetry/request-context.ts';
import { createTurns } from './turns.ts';

const limits = {
  read: { points: 100, windowSeconds: 60, per: 'caller' },
  search: { points: 100, windowSeconds: 60, per: 'caller', atOnce: 1 },
} as const;

/** Work that lasts until it is told to end. */
function gate() {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { work: () => promise, end: resolve };
}

describe('turns', () => {
  it('hold a caller to so many at once, in the order they came', async () => {
    const turns = createTurns({ limits });
    const begun: number[] = [];
    const gates = Array.from({ length: 4 }, gate);
    const runs = gates.map(({ work }, index) =>
      turns.run('read', 'user:1', () => {
        begun.push(index);
        return work();
      }),
    );
    expect(begun).toEqual([0, 1]);
    gates[1]?.end();
    await runs[1];
    expect(begun).toEqual([0, 1, 2]);
    for (const { end } of gates) end();
    await Promise.all(runs);
    expect(begun).toEqual([0, 1, 2, 3]);
    expect(turns.callers()).toBe(0);
  });

  it('begin in the context of whoever waited, not of whoever made room', async () => {
    const turns = createTurns({ limits });
    const slow = gate();
    const seen: (string | undefined)[] = [];
    const ask = (requestId: string, work: () => Promise<void>) =>
      runInRequest({ requestId, statements: 0 }, () =>
        turns.run('search', 'user:1', () => {
          seen.push(currentRequest()?.requestId);
          return work();
        }),
      );
    const runs = [ask('first', slow.work), ask('second', async () => {}), ask('third', async () => {})];
    slow.end();
    await Promise.all(runs);
    expect(seen).toEqual(['first', 'second', 'third']);
  });

  it('go on after work that fails at once, or later', async () => {
    const turns = createTurns({ limits });
    const fails = [
      () => {
        throw new Error('at once');
      },
      async () => Promise.reject(new Error('later')),
    ];
    for (const work of fails) await expect(turns.run('search', 'user:1', work)).rejects.toThrow(/at once|later/);
    await expect(turns.run('search', 'user:1', async () => 'done')).resolves.toBe('done');
    expect(turns.callers()).toBe(0);
  });

  it("of one caller are not another's", async () => {
    const turns = createTurns({ limits });
    const slow = gate();
    const held = turns.run('search', 'user:1', slow.work);
    await expect(turns.run('search', 'user:2', async () => 'done')).resolves.toBe('done');
    slow.end();
    await held;
  });

  it("of one limit are not another's", async () => {
    const turns = createTurns({ limits });
    const slow = gate();
    const held = turns.run('search', 'user:1', slow.work);
    await expect(turns.run('read', 'user:1', async () => 'done')).resolves.toBe('done');
    slow.end();
    await held;
  });

  it('are more for an address, behind which several people may be', async () => {
    const turns = createTurns({ limits });
    const slow = gate();
    let begun = 0;
    const runs = Array.from({ length: 9 }, () =>
      turns.run('read', 'address:192.0.2.1', () => {
        begun += 1;
        return slow.work();
      }),
    );
    expect(begun).toBe(8);
    slow.end();
    await Promise.all(runs);
  });

  it('pass on when the work fails', async () => {
    const turns = createTurns({ limits });
    const first = turns.run('search', 'user:1', async () => {
      throw new Error('failed');
    });
    const second = turns.run('search', 'user:1', async () => 'done');
    await expect(first).rejects.toThrow('failed');
    await expect(second).resolves.toBe('done');
    expect(turns.callers()).toBe(0);
  });

  it('are refused when too many of the caller wait already', async () => {
    const turns = createTurns({ limits, waitingMax: 1 });
    const slow = gate();
    const runs = [turns.run('search', 'user:1', slow.work), turns.run('search', 'user:1', async () => undefined)];
    await expect(turns.run('search', 'user:1', async () => undefined)).rejects.toMatchObject({ code: 'request.rate_limited' });
    slow.end();
    await Promise.all(runs);
  });
});
