import { setImmediate as nextTurn } from 'node:timers/promises';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createTestDatabase, type TestDatabase } from '../../../test/harness/test-database.ts';
import { waitUntil } from '../../../test/harness/wait-until.ts';
import type { Executor } from '../../db/database.ts';
import { defineQuery } from '../../db/query.ts';
import { AppError } from '../../errors.ts';
import { serializerCompiler, validatorCompiler } from '../server/compilers.ts';
import { createIdempotency } from './idempotency.ts';

const insertSanctum = defineQuery({
  name: 'test.insert_sanctum',
  access: 'write',
  params: { name: 'text', ownerId: 'bigint' },
  text: 'insert into sanctums (name, title, owner_id) values ($1::text, $1::text, $2::bigint) returning id::text as id',
  budgetMs: 1000,
  usesIndex: [],
  sample: { name: 'sample', ownerId: '1' },
  row: z.object({ id: z.string() }),
});
const sleepInDatabase = defineQuery({
  name: 'test.sleep',
  access: 'write',
  params: { seconds: 'double precision' },
  text: 'select pg_sleep($1::double precision)::text as slept',
  budgetMs: 10_000,
  usesIndex: [],
  sample: { seconds: 0 },
  row: z.object({ slept: z.string() }),
});

describe('idempotency keys', () => {
  let database: TestDatabase;
  let app: FastifyInstance;
  let userIds: string[];
  let worked = 0;
  let slowSeconds = 0;

  beforeAll(async () => {
    database = await createTestDatabase();
    const idempotency = createIdempotency({ db: database.db });
    const { rows } = await database.client.query(
      "insert into users (username, email, password_hash, display_name) select name, name || '@example.org', 'x', name from unnest(array['ada', 'grace']) as name returning id::text",
    );
    userIds = rows.map(({ id }) => id);

    app = Fastify();
    app.setSerializerCompiler(serializerCompiler);
    app.setValidatorCompiler(validatorCompiler);
    app.decorateRequest('reader', null);
    app.addHook('onRequest', async (request) => {
      const userId = request.headers['x-user'];
      if (typeof userId === 'string') request.reader = { userId, sessionId: 'x', role: 'user' };
    });
    app.setErrorHandler((error, _request, reply) =>
      reply
        .code(error instanceof AppError ? error.status : 500)
        .header('retry-after', error instanceof AppError ? error.retryAfterSeconds : undefined)
        .send({ id: error instanceof AppError ? error.code : String(error), at: '' }),
    );
    const body = z.object({ name: z.string() });
    const work = async (tx: Executor, name: string) => {
      worked += 1;
      const { id } = await tx.one(insertSanctum, { name, ownerId: userIds[0] ?? '' });
      if (slowSeconds > 0) await tx.run(sleepInDatabase, { seconds: slowSeconds });
      if (name.startsWith('bad')) throw new AppError('sanctum.name_taken');
      return { id, at: new Date().toISOString(), secret: 'not in the schema' };
    };
    const answer = z.object({ id: z.string(), at: z.string() });
    app.post('/sanctums', { schema: { body, response: { 201: answer } } }, (request, reply) => {
      const { name } = request.body as z.output<typeof body>;
      return idempotency.run(request, reply, 201, (tx) => work(tx, name));
    });
    app.post('/sanctums/text', { schema: { body, response: { 201: answer } } }, async (request, reply) => {
      const { name } = request.body as z.output<typeof body>;
      return idempotency.run(request, reply, 201, async (tx) => JSON.stringify(await work(tx, name), null, 1));
    });
    await app.ready();
  });
  afterAll(async () => {
    await app.close();
    await database.close();
  });
  beforeEach(async () => {
    worked = 0;
    slowSeconds = 0;
    await database.client.query('truncate sanctums, idempotency_keys cascade');
  });

  function create(name: string, key?: string, options: { user?: string | undefined; url?: string } = { user: userIds[0] }) {
    return app.inject({
      method: 'POST',
      url: options.url ?? '/sanctums',
      headers: {
        ...(key === undefined ? {} : { 'idempotency-key': key }),
        ...(options.user === undefined ? {} : { 'x-user': options.user }),
      },
      payload: { name },
    });
  }

  async function backendsAt(pattern: string): Promise<number> {
    const { rows } = await database.client.query(
      "select 1 from pg_stat_activity where query like $1 and pid <> pg_backend_pid() and state = 'active'",
      [pattern],
    );
    return rows.length;
  }

  async function sanctumCount(): Promise<number> {
    const { rows } = await database.client.query('select count(*)::integer as count from sanctums');
    return rows[0].count;
  }

  it.each(['/sanctums', '/sanctums/text'])('replays the first answer byte for byte: %s', async (url) => {
    const options = { user: userIds[0], url };
    const first = await create('kayaking', 'key-00000001', options);
    const second = await create('kayaking', 'key-00000001', options);
    expect(first.statusCode).toBe(201);
    expect(first.headers['idempotency-replayed']).toBeUndefined();
    expect(second.statusCode).toBe(201);
    expect(second.headers['idempotency-replayed']).toBe('true');
    expect(second.rawPayload.equals(first.rawPayload)).toBe(true);
    expect(second.headers['content-type']).toBe(first.headers['content-type']);
    expect(worked).toBe(1);
    expect(await sanctumCount()).toBe(1);
  });

  it('lets only the declared fields out, stored or not', async () => {
    const first = await create('kayaking', 'key-00000001');
    expect(Object.keys(first.json())).toEqual(['id', 'at']);
    const { rows } = await database.client.query('select body, status, route from idempotency_keys');
    expect(rows).toEqual([{ body: first.payload, status: 201, route: 'POST /sanctums' }]);
  });

  it('makes one thing of fifty equal requests at once, and gives its answer to all that ask again', async () => {
    slowSeconds = 0.2;
    let refused = 0;
    const insist = async () => {
      for (;;) {
        const answer = await create('kayaking', 'key-00000001');
        if (answer.statusCode !== 409) return answer;
        expect(answer.json().id).toBe('idempotency.in_progress');
        refused += 1;
        await nextTurn();
      }
    };
    const answers = await Promise.all(Array.from({ length: 50 }, insist));
    expect(new Set(answers.map(({ statusCode }) => statusCode))).toEqual(new Set([201]));
    expect(new Set(answers.map(({ payload }) => payload)).size).toBe(1);
    expect(answers.filter(({ headers }) => headers['idempotency-replayed'] === undefined)).toHaveLength(1);
    expect(refused).toBeGreaterThan(0);
    expect(await sanctumCount()).toBe(1);
  });

  it('tells duplicates of a request that is still at work so at once: none of them waits, in a transaction or for one', async () => {
    slowSeconds = 60;
    const first = create('kayaking', 'key-00000001');
    await waitUntil('the first request is at work', async () => (await backendsAt('%test.sleep%')) === 1);
    const duplicates = await Promise.all(Array.from({ length: 30 }, () => create('kayaking', 'key-00000001')));
    expect(new Set(duplicates.map(({ statusCode }) => statusCode))).toEqual(new Set([409]));
    expect(new Set(duplicates.map(({ headers }) => headers['retry-after']))).toEqual(new Set(['1']));
    expect(await backendsAt('%idempotency%')).toBe(0);
    await database.client.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where query like '%test.sleep%' and pid <> pg_backend_pid()",
    );
    expect((await first).statusCode).toBe(503);
    expect(worked).toBe(1);
  });

  it('refuses a key that was used for another request', async () => {
    await create('kayaking', 'key-00000001');
    const other = await create('rowing', 'key-00000001');
    expect(other.statusCode).toBe(422);
    expect(other.json().id).toBe('idempotency.key_reused');
    expect((await create('kayaking', 'key-00000001', { user: userIds[0], url: '/sanctums/text' })).statusCode).toBe(422);
    expect(await sanctumCount()).toBe(1);
  });

  it('keeps the keys of two people apart', async () => {
    expect((await create('kayaking', 'key-00000001')).statusCode).toBe(201);
    expect((await create('rowing', 'key-00000001', { user: userIds[1] })).statusCode).toBe(201);
    expect(await sanctumCount()).toBe(2);
  });

  it('frees the key of a request that failed', async () => {
    expect((await create('bad_name', 'key-00000001')).statusCode).toBe(409);
    expect(await sanctumCount()).toBe(0);
    expect((await create('good_name', 'key-00000001')).statusCode).toBe(201);
  });

  it.each(['short', 'x'.repeat(129), 'has space in it', 'ümlaut-key-1'])('refuses the key %j', async (key) => {
    const { statusCode, payload } = await create('kayaking', key);
    expect(statusCode).toBe(400);
    expect(JSON.parse(payload).id).toBe('idempotency.key_invalid');
    expect(worked).toBe(0);
  });

  it('creates each time without a key, and without a reader', async () => {
    await create('kayaking');
    await create('rowing');
    await create('sailing', 'key-00000001', {});
    await create('surfing', 'key-00000001', {});
    expect(await sanctumCount()).toBe(4);
    const { rows } = await database.client.query('select 1 from idempotency_keys');
    expect(rows).toEqual([]);
  });

  it('leaves nothing of a request whose connection was killed, and the repetition creates the one', async () => {
    slowSeconds = 5;
    const broken = create('kayaking', 'key-00000001');
    await waitUntil('its transaction is at work, and killed', async () => {
      const { rows } = await database.client.query(
        "select pg_terminate_backend(pid) from pg_stat_activity where query like '%test.sleep%' and pid <> pg_backend_pid() and state = 'active'",
      );
      return rows.length === 1;
    });
    expect((await broken).statusCode).toBe(503);
    expect(await sanctumCount()).toBe(0);
    slowSeconds = 0;
    expect((await create('kayaking', 'key-00000001')).statusCode).toBe(201);
    const again = await create('kayaking', 'key-00000001');
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect(await sanctumCount()).toBe(1);
  });
});
