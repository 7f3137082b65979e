import { describe, expect, test } from 'vitest';
import { createHashingGate } from './hashing-gate.ts';

/** Work that ends when told to. */
function createWork() {
  const waiting: (() => void)[] = [];
  let running = 0;
  let peak = 0;
  return {
    run: async () => {
      running += 1;
      peak = Math.max(peak, running);
      await new Promise<void>((resolve) => waiting.push(resolve));
      running -= 1;
    },
    finishOne: () => waiting.shift()?.(),
    started: () => waiting.length,
    peak: () => peak,
  };
}

const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('the hashing gate', () => {
  test('runs as many as allowed, the others in order', async () => {
    const gate = createHashingGate({ concurrency: 2 });
    const work = createWork();
    const order: number[] = [];
    const all = Promise.all([0, 1, 2, 3, 4].map((number) => gate.run(work.run).then(() => order.push(number))));
    await settled();
    expect([work.started(), gate.waiting()]).toEqual([2, 3]);
    for (let finished = 0; finished < 5; finished += 1) {
      work.finishOne();
      await settled();
    }
    await all;
    expect(order).toEqual([0, 1, 2, 3, 4]);
    expect(work.peak()).toBe(2);
  });

  test('turns away more than two seconds of work with a time to wait, and takes work again afterwards', async () => {
    const gate = createHashingGate({ concurrency: 1 });
    const work = createWork();
    const accepted = [gate.run(work.run)];
    // The first guess is 50 ms a hash: 40 of them fill two seconds.
    for (let waiter = 0; waiter < 40; waiter += 1) accepted.push(gate.run(work.run));
    await expect(gate.run(work.run)).rejects.toMatchObject({ code: 'auth.busy', retryAfterSeconds: 2 });
    for (let finished = 0; finished < accepted.length; finished += 1) {
      work.finishOne();
      await settled();
    }
    await Promise.all(accepted);
    expect(await gate.run(async () => 'again')).toBe('again');
  });

  test('shortens the queue when hashes take longer than guessed', async () => {
    let time = 0;
    const gate = createHashingGate({ concurrency: 1, now: () => time });
    for (let slow = 0; slow < 60; slow += 1) await gate.run(async () => void (time += 1000));
    const work = createWork();
    const accepted = [gate.run(work.run), gate.run(work.run), gate.run(work.run)];
    await expect(gate.run(work.run)).rejects.toMatchObject({ code: 'auth.busy' });
    for (const _ of accepted) {
      work.finishOne();
      await settled();
    }
    await Promise.all(accepted);
  });

  test('passes the place on when work fails', async () => {
    const gate = createHashingGate({ concurrency: 1 });
    const failed = gate.run(async () => {
      throw new Error('no');
    });
    const next = gate.run(async () => 'fine');
    await expect(failed).rejects.toThrow('no');
    expect(await next).toBe('fine');
  });
});
