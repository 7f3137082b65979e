import { expect, it } from 'vitest';
import { msUntilRoom } from './room-in-window.ts';

it('a window with enough left is begun at once, one that ends too soon is waited out', () => {
  expect(msUntilRoom(60, 15_000, 60_000)).toBe(0);
  expect(msUntilRoom(60, 15_000, 60_000 + 45_000)).toBe(0);
  expect(msUntilRoom(60, 15_000, 60_000 + 45_001)).toBe(14_999);
  expect(msUntilRoom(900, 15_000, 900_000 * 7 + 899_999)).toBe(1);
});
