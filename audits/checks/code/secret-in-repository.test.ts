import { expect, test } from 'vitest';
import { createTemporaryRepository, runOnRepository } from '../../test/temporary-repository.ts';
import secretInRepository from './secret-in-repository.ts';

// Put together at run time: this file itself is examined by the check.
const hex = '0123456789abcdef'.repeat(3);
const planted = [
  ['a private key', ['-----BEGIN ', 'PRIVATE KEY-----'].join('')],
  ['an access key', ['AK', 'IA', 'ABCDEFGHIJ234567'].join('')],
  ['a secret setting', ['JWT_', 'SECRET=', hex].join('')],
  ['a password in a URL', ['postgres', '://sanctum:', 'hunter2hunter2', '@db.example.org/sanctum'].join('')],
] as const;

test.each(planted)('%s is named with its line, and gone when taken out', async (_name, line) => {
  await using house = await createTemporaryRepository({ 'notes.txt': `first\n${line}\n` });
  const { findings } = await runOnRepository(secretInRepository, house.repository);
  expect(findings).toMatchObject([{ location: 'notes.txt:2', subject: 'notes.txt' }]);
  expect(JSON.stringify(findings)).not.toContain(hex);
  house.write('notes.txt', 'first\n');
  expect(await runOnRepository(secretInRepository, house.repository)).toEqual({ examined: 1, findings: [] });
});

test('placeholders, variables and ignored files are no findings', async () => {
  await using house = await createTemporaryRepository({
    '.env.example': 'JWT_SECRET=<at least 32 random characters>\nDATABASE_URL=postgres://user:password@127.0.0.1/sanctum\n',
    'a.ts': 'const url = `postgres://${user}:${password}@${host}/x`;\n',
    '.gitignore': '.env\n',
    '.env': ['JWT_', 'SECRET=', hex, '\n'].join(''),
  });
  const result = await runOnRepository(secretInRepository, house.repository);
  expect(result).toEqual({ examined: 3, findings: [] });
});
