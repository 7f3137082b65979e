import { z } from 'zod';
import { defineQuery } from '../db/query.ts';
import { invitationDays } from '../features/memberships/invitations.fragments.queries.ts';

const swept = z.object({ count: z.number().int() });

/** Answers to creating requests are kept for 24 hours. */
export const sweepIdempotencyKeys = defineQuery({
  name: 'jobs.sweep_idempotency_keys',
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
  row: swept,
});

/** A feed cursor lives for 55 minutes; the changes behind it are kept for an hour. */
export const sweepPostRankChanges = defineQuery({
  name: 'jobs.sweep_post_rank_changes',
  access: 'write',
  params: { batchMax: 'integer' },
  text: `
    with old as materialized (
      select id from post_rank_changes
      where created_at < now() - interval '1 hour'
      order by created_at limit $1::integer for update skip locked
    ), gone as (
      delete from post_rank_changes using old where post_rank_changes.id = old.id returning 1
    )
    select count(*)::integer as count from gone`,
  budgetMs: 500,
  usesIndex: ['idx_post_rank_changes_created_at'],
  sample: { batchMax: 1000 },
  row: swept,
});

/** A session that ended stays for a week, so that "what ended my session" can be answered. */
export const sweepExpiredSessions = defineQuery({
  name: 'jobs.sweep_expired_sessions',
  access: 'write',
  params: { batchMax: 'integer' },
  text: `
    with old as materialized (
      select id from sessions
      where expires_at < now() - interval '7 days'
      order by expires_at limit $1::integer for update skip locked
    ), gone as (
      delete from sessions using old where sessions.id = old.id returning 1
    )
    select count(*)::integer as count from gone`,
  budgetMs: 500,
  usesIndex: ['idx_sessions_expires_at'],
  sample: { batchMax: 1000 },
  row: swept,
});

/** An invitation that nobody accepted ends after 30 days, declined or not. */
export const sweepInvitations = defineQuery({
  name: 'jobs.sweep_invitations',
  access: 'write',
  params: { batchMax: 'integer' },
  text: `
    with old as materialized (
      select sanctum_id, user_id from sanctum_invitations i
      where i.created_at < now() - interval '${invitationDays} days'
      order by created_at limit $1::integer for update skip locked
    ), gone as (
      delete from sanctum_invitations using old
      where sanctum_invitations.sanctum_id = old.sanctum_id and sanctum_invitations.user_id = old.user_id
      returning 1
    )
    select count(*)::integer as count from gone`,
  budgetMs: 500,
  usesIndex: ['idx_sanctum_invitations_created_at'],
  sample: { batchMax: 1000 },
  row: swept,
});
