import { describe, expect, it } from 'vitest';
import { createHeldRefusals } from './held-refusals.ts';

const forEver = 100_000_000;

describe('held refusals', () => {
  it('are let go after their time', async () => {
    const refusals = createHeldRefusals({ holdMs: 1 });
    await expect(refusals.hold()).resolves.toBeUndefined();
  });

  it('are bounded: one more goes at once, and has its place again when another has gone', async () => {
    const refusals = createHeldRefusals({ holdMs: 1, heldMax: 2 });
    const [first, second] = [refusals.hold(), refusals.hold()];
    expect(first).toBeInstanceOf(Promise);
    expect(refusals.hold()).toBeUndefined();
    await Promise.all([first, second]);
    const third = refusals.hold();
    expect(third).toBeInstanceOf(Promise);
    await third;
  });

  it('go when the server ends, and none is held after that', async () => {
    const refusals = createHeldRefusals({ holdMs: forEver });
    const held = refusals.hold();
    expect(held).toBeInstanceOf(Promise);
    refusals.release();
    await held;
    expect(refusals.hold()).toBeUndefined();
  });
});
