import { z } from 'zod';
import { defineQuery } from '../../db/query.ts';

/**
 * No row when the key has an answer, or when another transaction is at work on it: then without waiting, because a
 * waiter holds a connection. The lock ends with the transaction, whatever ends it.
 */
export const claimKey = defineQuery({
  name: 'idempotency.claim_key',
  access: 'write',
  params: { userId: 'bigint', key: 'text', route: 'text', requestHash: 'bytea' },
  text: `
    with free as materialized (select pg_try_advisory_xact_lock(hashtextextended($2::text, $1::bigint)) as taken)
    insert into idempotency_keys (user_id, key, route, request_hash)
    select $1::bigint, $2::text, $3::text, $4::bytea from free where free.taken
    on conflict (user_id, key) do nothing
    returning key`,
  budgetMs: 20,
  usesIndex: ['idempotency_keys_pkey'],
  sample: { userId: '0', key: 'sample-key', route: 'POST /api/sanctums', requestHash: Buffer.alloc(32) },
  row: z.object({ key: z.string() }),
});

export const findAnswer = defineQuery({
  name: 'idempotency.find_answer',
  access: 'write',
  params: { userId: 'bigint', key: 'text' },
  text: 'select route, request_hash, status, body from idempotency_keys where user_id = $1::bigint and key = $2::text',
  budgetMs: 10,
  usesIndex: ['idempotency_keys_pkey'],
  sample: { userId: '0', key: 'sample-key' },
  row: z.object({
    route: z.string(),
    request_hash: z.instanceof(Buffer),
    status: z.number().int().nullable(),
    body: z.string().nullable(),
  }),
});

export const storeAnswer = defineQuery({
  name: 'idempotency.store_answer',
  access: 'write',
  params: { userId: 'bigint', key: 'text', status: 'integer', body: 'text' },
  text: 'update idempotency_keys set status = $3::integer, body = $4::text where user_id = $1::bigint and key = $2::text',
  budgetMs: 20,
  usesIndex: ['idempotency_keys_pkey'],
  sample: { userId: '0', key: 'sample-key', status: 201, body: '{}' },
  row: z.never(),
});

/** Answers to creating requests are kept for 24 hours. */
export const sweepKeys = defineQuery({
  name: 'idempotency.sweep_keys',
  access: 'write',
  params: { batchMax: 'integer' },
  text: `
    with old as materialized (
      select user_id, key from idempotency_keys
      where created_at < now() - interval '24 hours'
      order by created_at limit $1::integer for update skip locked
    ), gone as (
      delete from idempotency_keys using old
      where idempotency_keys.user_id = old.user_id and idempotency_keys.key = old.key
      returning 1
    )
    select count(*)::integer as count from gone`,
  budgetMs: 500,
  usesIndex: ['idx_idempotency_keys_created_at'],
  sample: { batchMax: 1000 },
  row: z.object({ count: z.number().int() }),
});
