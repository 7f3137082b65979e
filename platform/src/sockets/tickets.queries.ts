import { z } from 'zod';
import { defineQuery } from '../db/query.ts';

const sampleId = '00000000-0000-4000-8000-000000000000';

export const issueTicket = defineQuery({
  name: 'tickets.issue',
  access: 'write',
  kind: 'auth',
  params: { hash: 'bytea', userId: 'bigint', sessionId: 'uuid', lifeSeconds: 'integer' },
  text: `
    insert into ws_tickets (hash, user_id, session_id, expires_at)
    values ($1, $2, $3, now() + make_interval(secs => $4))
    returning expires_at`,
  budgetMs: 20,
  usesIndex: [],
  sample: { hash: Buffer.alloc(32), userId: '1', sessionId: sampleId, lifeSeconds: 30 },
  row: z.object({ expires_at: z.date() }),
});

/** Exactly one of many that delete a row is given it. */
export const redeemTicket = defineQuery({
  name: 'tickets.redeem',
  access: 'write',
  kind: 'auth',
  params: { hash: 'bytea' },
  text: `
    delete from ws_tickets where hash = $1 and expires_at > now()
    returning user_id::text as user_id, session_id::text as session_id`,
  budgetMs: 20,
  usesIndex: ['ws_tickets_pkey'],
  sample: { hash: Buffer.alloc(32) },
  row: z.object({ user_id: z.string(), session_id: z.string() }),
});

/** Those that nobody redeemed. */
export const sweepTickets = defineQuery({
  name: 'tickets.sweep',
  access: 'write',
  kind: 'background',
  params: { batchMax: 'integer' },
  text: `
    with old as materialized (
      select hash from ws_tickets
      where expires_at < now()
      order by expires_at limit $1::integer for update skip locked
    ), gone as (
      delete from ws_tickets using old where ws_tickets.hash = old.hash returning 1
    )
    select count(*)::integer as count from gone`,
  budgetMs: 500,
  usesIndex: ['idx_ws_tickets_expires_at'],
  sample: { batchMax: 1000 },
  row: z.object({ count: z.int() }),
});
