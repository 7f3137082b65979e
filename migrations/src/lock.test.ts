import type { ClientBase } from 'pg';
import { expect, test } from 'vitest';
import { tryLock, unlock } from './catalogue.queries.ts';
import { withoutPassword } from './connection.ts';
import { lockKey, withMigrationLock } from './lock.ts';

/** A client whose statements are answered by other sessions than its own, as behind a transaction pooler. */
function pooledClient(asked: string[]): ClientBase {
  const query = async (text: string): Promise<{ rows: object[] }> => {
    asked.push(text);
    if (text === tryLock) return { rows: [{ locked: true, pid: 1 }] };
    if (text === unlock) return { rows: [{ unlocked: true, pid: 2 }] };
    return { rows: [{ pid: 1, is_own: false, user: 'u', application: 'a', address: null, since: null }] };
  };
  return { query } as unknown as ClientBase;
}

test('a transaction pooler in between is noticed before anything runs', async () => {
  const asked: string[] = [];
  let ran = false;
  const error: unknown = await withMigrationLock(pooledClient(asked), { waitMs: 0 }, async () => {
    ran = true;
  }).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: 'MIGRATIONS_POOLED_CONNECTION' });
  expect(ran).toBe(false);
  expect(asked).toContain(tryLock);
});

test('the lock key is a number that PostgreSQL takes as a bigint', () => {
  expect(BigInt(lockKey)).toBeLessThan(2n ** 63n);
  expect(Buffer.from(BigInt(lockKey).toString(16), 'hex').toString('ascii')).toBe('SANCTUM');
});

test('a connection string is shown without its secrets', () => {
  expect(withoutPassword('postgresql://me:secret@db.example:5433/app?password=secret')).toBe('db.example:5433/app');
  expect(withoutPassword('host=db password=secret')).not.toContain('secret');
});
