import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { createTestDatabase, type TestDatabase } from '../../test/harness/test-database.ts';
import { waitUntil } from '../../test/harness/wait-until.ts';
import { currentRequest, runInRequest } from '../telemetry/request-context.ts';
import { createDatabase, type Database } from './database.ts';
import { defineQuery } from './query.ts';

const none = { budgetMs: 1000, usesIndex: [] } as const;
const write = defineQuery({
  ...none,
  access: 'write',
  name: 'test.write_note',
  params: { note: 'text' },
  text: 'insert into notes (note) values ($1)',
  sample: { note: '' },
  row: z.object({}),
});
const touch = defineQuery({
  ...none,
  access: 'write',
  name: 'test.touch_pair',
  params: { id: 'integer' },
  text: 'update pairs set value = value + 1 where id = $1',
  sample: { id: 1 },
  row: z.object({}),
});

let database: TestDatabase;
let db: Database;
const failures: unknown[] = [];
/** What a neighbour sees at the moment: only what is committed. */
const committed = async () =>
  (await database.client.query<{ note: string }>('select note from notes order by note')).rows.map((row) => row.note);

beforeAll(async () => {
  database = await createTestDatabase();
  await database.client.query('create table notes (note text)');
  await database.client.query('create table pairs (id integer primary key, value integer not null)');
  await database.client.query('insert into pairs values (1, 0), (2, 0)');
  db = createDatabase({
    url: database.url,
    poolMax: 3,
    waitersMax: 10,
    connectTimeoutMs: 2000,
    statementTimeoutMs: 5000,
    lockTimeoutMs: 5000,
    applicationName: 'after-commit-test',
    onAfterCommitFailed: (error) => failures.push(error),
  });
});
beforeEach(async () => {
  failures.length = 0;
  await database.client.query('delete from notes');
});
afterAll(async () => {
  await db.close();
  await database.close();
});

describe('what follows a commit', () => {
  test('begins when a neighbour can see what was written, in order, before the caller goes on', async () => {
    const begun: string[] = [];
    let seen: Promise<string[]> | undefined;
    await db.transaction(async (tx) => {
      await tx.run(write, { note: 'one' });
      tx.afterCommit(() => {
        begun.push('first');
        seen = committed();
      });
      tx.afterCommit(() => {
        begun.push('second');
      });
      expect(await committed()).toEqual([]);
      expect(begun).toEqual([]);
    });
    expect(begun).toEqual(['first', 'second']);
    expect(await seen).toEqual(['one']);
  });

  test('never begins when the transaction is rolled back', async () => {
    let begun = 0;
    const work = db.transaction(async (tx) => {
      await tx.run(write, { note: 'gone' });
      tx.afterCommit(() => {
        begun += 1;
      });
      throw new Error('planted');
    });
    await expect(work).rejects.toThrow('planted');
    expect(begun).toBe(0);
    expect(await committed()).toEqual([]);
  });

  test('never begins when the commit itself is refused', async () => {
    await database.client.query('create table singles (id integer unique deferrable initially deferred)');
    await database.client.query('insert into singles values (1)');
    const twin = defineQuery({
      ...none,
      access: 'write',
      name: 'test.write_twin',
      params: {},
      text: 'insert into singles values (1)',
      sample: {},
      row: z.object({}),
    });
    let begun = 0;
    const work = db.transaction(async (tx) => {
      await tx.run(twin, {});
      tx.afterCommit(() => {
        begun += 1;
      });
    });
    await expect(work).rejects.toMatchObject({ code: '23505' });
    expect(begun).toBe(0);
  });

  test('begins once although a deadlock makes the transaction run again', async () => {
    const begun: string[] = [];
    let attempts = 0;
    const meeting = Promise.withResolvers<void>();
    let arrived = 0;
    const cross = (name: string, first: number, second: number) =>
      db.transaction(async (tx) => {
        attempts += 1;
        await tx.run(touch, { id: first });
        tx.afterCommit(() => {
          begun.push(name);
        });
        arrived += 1;
        if (arrived === 2) meeting.resolve();
        await meeting.promise;
        await tx.run(touch, { id: second });
      });
    await Promise.all([cross('ada', 1, 2), cross('bob', 2, 1)]);
    expect(attempts).toBeGreaterThan(2);
    expect(begun.toSorted()).toEqual(['ada', 'bob']);
  });

  test('neither undoes nor fails what was committed when it fails, and is reported', async () => {
    const answer = await db.transaction(async (tx) => {
      await tx.run(write, { note: 'kept' });
      tx.afterCommit(() => {
        throw new Error('at once');
      });
      tx.afterCommit(() => Promise.reject(new Error('later')));
      return 'acknowledged';
    });
    expect(answer).toBe('acknowledged');
    expect(await committed()).toEqual(['kept']);
    await waitUntil('both failures are reported', () => failures.length === 2, 2000);
    expect(failures.map(String).toSorted()).toEqual(['Error: at once', 'Error: later']);
  });

  test('holds back neither the answer nor the connection while it goes on', async () => {
    const never = Promise.withResolvers<void>();
    // As many as the pool has connections: one more would wait for ever if they were held.
    for (let count = 0; count < 3; count += 1) await db.transaction(async (tx) => tx.afterCommit(() => never.promise));
    await db.transaction((tx) => tx.run(write, { note: 'went on' }));
    expect(await committed()).toEqual(['went on']);
    never.resolve();
  });

  test('begins at once where a statement commits by itself', async () => {
    await db.run(write, { note: 'alone' });
    let begun = 0;
    db.afterCommit(() => {
      begun += 1;
    });
    expect(begun).toBe(1);
  });

  test('carries the id of the request, and costs neither its statement budget nor ends with its client', async () => {
    const request = { requestId: 'r-1', statements: 0, clientGone: true };
    let behind: ReturnType<typeof currentRequest>;
    await runInRequest(request, () =>
      db.transaction(async (tx) => {
        tx.afterCommit(async () => {
          behind = currentRequest();
          await db.run(write, { note: 'behind' });
        });
      }),
    );
    await waitUntil('the work is done', async () => (await committed()).length === 1, 2000);
    expect(behind).toMatchObject({ requestId: 'r-1', clientGone: false });
    expect(request.statements).toBe(0);
  });

  test('is refused beyond a limit, before anything is committed', async () => {
    const work = db.transaction(async (tx) => {
      await tx.run(write, { note: 'too much' });
      for (let count = 0; count < 1001; count += 1) tx.afterCommit(() => {});
    });
    await expect(work).rejects.toThrow('announce many things as one');
    expect(await committed()).toEqual([]);
  });
});
