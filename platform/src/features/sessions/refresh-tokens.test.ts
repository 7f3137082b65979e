import { randomBytes, randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRefreshTokens } from './refresh-tokens.ts';

const tokens = createRefreshTokens({ key: randomBytes(32) });
const nonce = randomBytes(16);

describe('refresh tokens', () => {
  test('carry session and generation, and prove both', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.integer({ min: 0, max: 2_147_483_647 }), (sessionId, generation) => {
        const presented = tokens.parse(tokens.derive(sessionId, generation, nonce));
        if (presented === undefined) return false;
        return presented.sessionId === sessionId && presented.generation === generation && tokens.isGenuine(presented, nonce);
      }),
    );
  });

  test('of another key, session, generation or nonce are not genuine', () => {
    const sessionId = randomUUID();
    const presented = tokens.parse(tokens.derive(sessionId, 1, nonce));
    if (presented === undefined) return expect.fail('a token that was just made can be parsed');
    expect(tokens.isGenuine(presented, nonce)).toBe(true);
    expect(tokens.isGenuine(presented, randomBytes(16))).toBe(false);
    expect(tokens.isGenuine({ ...presented, generation: 2 }, nonce)).toBe(false);
    expect(tokens.isGenuine({ ...presented, sessionId: randomUUID() }, nonce)).toBe(false);
    expect(createRefreshTokens({ key: randomBytes(32) }).isGenuine(presented, nonce)).toBe(false);
  });

  test('that are none are told apart without an exception', () => {
    for (const text of ['', 'a', 'x'.repeat(69), 'x'.repeat(71), `${'x'.repeat(69)}!`, 'ü'.repeat(70)])
      expect(tokens.parse(text)).toBeUndefined();
    fc.assert(fc.property(fc.string({ maxLength: 200 }), (text) => tokens.parse(text) === undefined || text.length === 70));
  });
});
