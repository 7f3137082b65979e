import { describe, expect, test } from 'vitest';
import { commonPasswords } from './common-passwords.ts';
import { weaknessOf } from './password-policy.ts';

const owner = { username: 'Wilhelmina', email: 'mina.harker@example.org' };

describe('the password policy', () => {
  test.each(['walnut and brass 7', 'übergrößen-träger', 'correct horse stable battery', '木工と天文学とパン作りの趣味', 'x7!Kq2#mZp'])(
    'takes %j',
    (password) => {
      expect(weaknessOf(password, owner)).toBeUndefined();
    },
  );

  test.each([
    'short',
    '',
    '123456789',
    'aaaaaaaaaaaa',
    'abababababab',
    'abcdefghijkl',
    '1234567890',
    '0987654321',
    'Password1234',
    'SUNSHINE2024!!',
    'qwertyuiop',
    'letmein-2024-',
  ])('refuses %j', (password) => {
    expect(weaknessOf(password, owner)).toBeDefined();
  });

  test('refuses the own name and the own address, but not a short name by chance', () => {
    expect(weaknessOf('i-am-WILHELMINA', owner)).toContain('own name');
    expect(weaknessOf('mina.harker 1897', owner)).toContain('own name');
    expect(weaknessOf('adamantium wedge', { username: 'ada', email: 'ad@example.org' })).toBeUndefined();
  });

  test('refuses every entry of the list', () => {
    expect(commonPasswords.size).toBeGreaterThan(150);
    for (const password of commonPasswords) expect(weaknessOf(password, owner), password).toBeDefined();
  });
});
