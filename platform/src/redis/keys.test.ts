import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { defineKey, keyCatalogue, keyDeclarationOf, profileKey, rateLimitKey, readinessChannel } from './keys.ts';

const declaration = {
  name: 'sample',
  type: 'string',
  ttlSeconds: 1,
  owner: 'x',
  onMiss: '-',
  onFailure: '-',
  sizeMaxBytes: 1,
  durable: false,
} as const;

describe('the key catalogue', () => {
  it('builds keys from parts and finds their declaration again', () => {
    const key = rateLimitKey.build('read', '42', 7);
    expect(key).toBe('rate_limit:read:42:7');
    expect(keyDeclarationOf(key)?.name).toBe('rate_limit');
    expect(keyDeclarationOf(readinessChannel.build('one'))?.name).toBe('readiness');
  });

  it('does not know a key that nobody declared', () => {
    expect(keyDeclarationOf('ws_tickets:1')).toBeUndefined();
    expect(keyDeclarationOf('rate_limit:read:42')).toBeUndefined();
    expect(keyDeclarationOf('rate_limit:read:42:7:8')).toBeUndefined();
    expect(keyDeclarationOf('xrate_limit:read:42:7')).toBeUndefined();
  });

  it('keeps separators, stars and spaces of a part out of the key', () => {
    expect(rateLimitKey.build('read', '2001:db8::1', 0)).toBe('rate_limit:read:2001%3Adb8%3A%3A1:0');
    expect(profileKey.build('a*b c')).toBe('cache:profile:a%2Ab%20c');
  });

  it('bounds the length of a part, and keeps long and empty parts apart', () => {
    const long = profileKey.build('x'.repeat(10_000));
    expect(long.length).toBeLessThan(100);
    expect(long).not.toBe(profileKey.build('x'.repeat(10_001)));
    expect(keyDeclarationOf(profileKey.build(''))?.name).toBe('profile');
  });

  it('refuses a declaration that contradicts itself, and a wrong number of parts', () => {
    expect(() => defineKey({ ...declaration, pattern: 'Bad Pattern' })).toThrow('colons');
    expect(() => defineKey({ ...declaration, pattern: 'good:{id}', ttlSeconds: null })).toThrow('ttlSeconds');
    expect(() => defineKey({ ...declaration, pattern: 'good:{id}' }).buildFrom([])).toThrow('takes 1 parts, got 0');
  });

  it('has unique names and patterns, and an owner that uses each', () => {
    expect(keyCatalogue.length).toBeGreaterThan(0);
    expect(new Set(keyCatalogue.map(({ name }) => name)).size).toBe(keyCatalogue.length);
    expect(new Set(keyCatalogue.map(({ glob }) => glob)).size).toBe(keyCatalogue.length);
    for (const { name, owner } of keyCatalogue) {
      const identifier = new RegExp(`\\b${name.replaceAll(/_(.)/g, (_match, letter: string) => letter.toUpperCase())}(Key|Channel)\\b`);
      expect(readFileSync(join(import.meta.dirname, '../../..', owner), 'utf8'), `${owner} uses ${name}`).toMatch(identifier);
    }
  });
});
