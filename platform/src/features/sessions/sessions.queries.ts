/** Statements about sessions. Times are the database's own, so that every instance agrees on them. */
import { z } from 'zod';
import { defineQuery } from '../../db/query.ts';
import { meColumns, meRow } from '../users/users.fragments.queries.ts';

const sampleId = '00000000-0000-4000-8000-000000000000';

/**
 * No row when the account is gone or suspended, or the password hash that was proven is no longer the current one. The lock
 * conflicts with the one that changing a password or suspending takes: either that change waits and then sees this session,
 * or this statement waits and then sees the change.
 */
export const createSession = defineQuery({
  name: 'sessions.create',
  access: 'write',
  params: { userId: 'bigint', passwordHash: 'text', nonce: 'bytea', userAgent: 'text', address: 'text', lifetimeSeconds: 'integer' },
  text: `
    with proven as (
      select id, role
      from users
      where id = $1 and password_hash = $2 and suspended_at is null
      for share
    )
    insert into sessions (user_id, nonce, user_agent, address, expires_at)
    select id, $3, $4, $5, now() + make_interval(secs => $6) from proven
    returning id, expires_at, (select role from proven) as role`,
  budgetMs: 50,
  usesIndex: ['users_pkey'],
  sample: { userId: '1', passwordHash: '', nonce: Buffer.alloc(16), userAgent: '', address: '', lifetimeSeconds: 1 },
  row: z.object({ id: z.string(), expires_at: z.date(), role: z.enum(['user', 'admin']) }),
});

export const revokeExcessSessions = defineQuery({
  name: 'sessions.revoke_excess',
  access: 'write',
  params: { userId: 'bigint', keep: 'integer' },
  text: `
    update sessions
    set revoked_at = clock_timestamp(), revoked_reason = 'revoked'
    where id in (
      select id
      from (
        select id, row_number() over (order by created_at desc) as age_position
        from sessions
        where user_id = $1 and revoked_at is null and expires_at > now()
      ) live
      where age_position > $2
    )
    returning id`,
  budgetMs: 50,
  usesIndex: ['idx_sessions_user_id'],
  sample: { userId: '1', keep: 100 },
  row: z.object({ id: z.string() }),
});

/** The session, and its account as `meColumns` gives it: `id` is the account's. */
const refreshRow = meRow.extend({
  nonce: z.instanceof(Buffer),
  generation: z.int(),
  just_rotated: z.boolean(),
  expires_at: z.date(),
  expired: z.boolean(),
  revoked_reason: z.string().nullable(),
  suspended: z.boolean(),
});
export type RefreshRow = z.output<typeof refreshRow>;

export const readForRefresh = defineQuery({
  name: 'sessions.read_for_refresh',
  // The newest generation decides: never from a replica.
  access: 'write',
  params: { sessionId: 'uuid', retrySeconds: 'integer' },
  text: `
    select
      s.nonce, s.generation, s.expires_at, s.revoked_reason,
      s.rotated_at > now() - make_interval(secs => $2) as just_rotated,
      s.expires_at <= now() as expired,
      u.suspended_at is not null as suspended,
      ${meColumns('u')}
    from sessions s
    join users u on u.id = s.user_id
    where s.id = $1`,
  budgetMs: 20,
  usesIndex: ['sessions_pkey', 'users_pkey'],
  sample: { sessionId: sampleId, retrySeconds: 10 },
  row: refreshRow,
});

export const rotateSession = defineQuery({
  name: 'sessions.rotate',
  access: 'write',
  params: { sessionId: 'uuid', generation: 'integer', userAgent: 'text', address: 'text', lifetimeSeconds: 'integer' },
  text: `
    update sessions
    set
      generation = generation + 1,
      rotated_at = clock_timestamp(),
      last_seen_at = clock_timestamp(),
      expires_at = now() + make_interval(secs => $5),
      user_agent = $3,
      address = $4
    where id = $1 and generation = $2 and revoked_at is null and expires_at > now()
    returning generation, expires_at`,
  budgetMs: 50,
  usesIndex: ['sessions_pkey'],
  sample: { sessionId: sampleId, generation: 0, userAgent: '', address: '', lifetimeSeconds: 1 },
  row: z.object({ generation: z.int(), expires_at: z.date() }),
});

export const revokeSession = defineQuery({
  name: 'sessions.revoke',
  access: 'write',
  params: { sessionId: 'uuid', userId: 'bigint', reason: 'text' },
  text: `
    update sessions
    set revoked_at = clock_timestamp(), revoked_reason = $3
    where id = $1 and user_id = $2 and revoked_at is null and expires_at > now()
    returning id`,
  budgetMs: 50,
  usesIndex: ['sessions_pkey'],
  sample: { sessionId: sampleId, userId: '1', reason: 'signed-out' },
  row: z.object({ id: z.string() }),
});

export const revokeOtherSessions = defineQuery({
  name: 'sessions.revoke_others',
  access: 'write',
  params: { userId: 'bigint', sessionId: 'uuid', reason: 'text' },
  text: `
    update sessions
    set revoked_at = clock_timestamp(), revoked_reason = $3
    where user_id = $1 and id <> $2 and revoked_at is null and expires_at > now()
    returning id`,
  budgetMs: 100,
  usesIndex: ['idx_sessions_user_id'],
  sample: { userId: '1', sessionId: sampleId, reason: 'revoked' },
  row: z.object({ id: z.string() }),
});

export const listSessions = defineQuery({
  name: 'sessions.list',
  access: 'read',
  params: { userId: 'bigint', limit: 'integer' },
  text: `
    select id, user_agent, address, created_at, last_seen_at
    from sessions
    where user_id = $1 and revoked_at is null and expires_at > now()
    order by created_at desc
    limit $2`,
  budgetMs: 20,
  usesIndex: ['idx_sessions_user_id'],
  sample: { userId: '1', limit: 100 },
  row: z.object({ id: z.string(), user_agent: z.string(), address: z.string(), created_at: z.date(), last_seen_at: z.date() }),
});

export const revokeAllSessions = defineQuery({
  name: 'sessions.revoke_all',
  access: 'write',
  params: { userId: 'bigint', reason: 'text' },
  text: `
    update sessions
    set revoked_at = clock_timestamp(), revoked_reason = $2
    where user_id = $1 and revoked_at is null and expires_at > now()
    returning id`,
  budgetMs: 100,
  usesIndex: ['idx_sessions_user_id'],
  sample: { userId: '1', reason: 'suspended' },
  row: z.object({ id: z.string() }),
});

const standingKind = z.enum(['ended-session', 'suspended', 'admin']);

/**
 * What access tokens do not know: sessions that ended, accounts that were suspended while their tokens may live, and
 * who administers the site. The last two are read whole, so that it does not matter who wrote them, and how.
 */
export const listStandings = defineQuery({
  name: 'sessions.list_standings',
  // A replica may lag behind the second in which a revocation has to hold.
  access: 'write',
  // Each instance depends on it twice a second: it never waits for what readers ask.
  kind: 'operations',
  params: { endedSeconds: 'integer', suspendedSeconds: 'integer', limit: 'integer' },
  text: `
    select kind, id
    from (
      (
        select 'ended-session' as kind, id::text as id
        from sessions
        where revoked_at > now() - make_interval(secs => $1)
        limit $3
      ) union all (
        select 'suspended', id::text
        from users
        where suspended_at > now() - make_interval(secs => $2)
        limit $3
      ) union all (
        select 'admin', id::text
        from users
        where role = 'admin'
        limit $3
      )
    ) standing
    limit $3`,
  budgetMs: 100,
  usesIndex: ['idx_sessions_revoked_at', 'idx_users_suspended_at', 'idx_users_admins'],
  sample: { endedSeconds: 30, suspendedSeconds: 630, limit: 1000 },
  row: z.object({ kind: standingKind, id: z.string() }),
});

/** No row when the session has ended or its account is gone or suspended. */
export const readStanding = defineQuery({
  name: 'sessions.read_standing',
  access: 'write',
  params: { sessionId: 'uuid' },
  text: `
    select u.role
    from sessions s
    join users u on u.id = s.user_id
    where s.id = $1 and s.revoked_at is null and s.expires_at > now() and u.suspended_at is null`,
  budgetMs: 20,
  usesIndex: ['sessions_pkey', 'users_pkey'],
  sample: { sessionId: sampleId },
  row: z.object({ role: z.enum(['user', 'admin']) }),
});

/** A session that ended stays for a week, so that "what ended my session" can be answered. */
export const sweepExpired = defineQuery({
  name: 'sessions.sweep_expired',
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
  row: z.object({ count: z.number().int() }),
});
