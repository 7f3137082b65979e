/**
 * What has become of people while their access tokens still live: which sessions have ended, which accounts are suspended,
 * who administers the site. Every instance keeps these sets whole, read from PostgreSQL twice a second, so that a
 * revocation, a suspension and a change of role hold everywhere within a second, with Redis or without, and a request costs no
 * statement. Suspensions and roles are read as they stand in `users`: it does not matter what wrote them there.
 *
 * States: *fresh* — the last good reading is at most a second old: the sets answer. *Stale* — it is older, the database
 * was away or slow or the sets outgrew their limit: each request asks the database about its own session, and an
 * answer that cannot be had is an error, never a yes.
 *
 * Readings overlap, because a revocation carries the time of its statement and becomes visible at its commit.
 */
import type { Database } from '../../db/database.ts';
import type { Reader } from '../../api/reader.ts';
import { createRepeated } from './repeated.ts';
import { findStanding, findStandings } from './sessions.repository.ts';

export const pollEveryMs = 500;
export const staleAfterMs = 1000;
const overlapSeconds = 30;
/** Ended sessions, suspended accounts and administrators together. */
const standingsMax = 100_000;

export interface RevocationsDependencies {
  readonly db: Database;
  /** How long an access token can outlive its session. */
  readonly accessLifetimeSeconds: number;
  /** A reading failed, the first of a row; requests are checked one by one until the next good one. */
  readonly onError: (error: unknown) => void;
  /** Milliseconds that never go back. */
  readonly now?: () => number;
}

export interface Revocations {
  /** Reads once, then every half second. Resolves after the first reading, good or not. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Ends sessions on this instance at once; the others learn it by reading. */
  add(sessionIds: readonly string[]): void;
  /**
   * Who the bearer of a genuine token is now, with the role of today: null when the session has ended or the account is suspended.
   * Throws `server.database_unavailable` and the like when neither the sets nor the database can tell.
   */
  judge(claimed: Reader): Promise<Reader | null>;
  /** The same without waiting; undefined when the database has to be asked: call judge then. */
  judgeLocally(claimed: Reader): Reader | null | undefined;
  /** Calls after every good reading: who is still who they were has to be looked at anew. */
  onRead(listener: () => void): void;
  /** False while each request is checked against the database. */
  isFresh(): boolean;
}

export function createRevocations({
  db,
  accessLifetimeSeconds,
  onError,
  now = () => performance.now(),
}: RevocationsDependencies): Revocations {
  /** Session id → when its last access token is gone. */
  const ended = new Map<string, number>();
  let suspended: ReadonlySet<string> = new Set();
  let admins: ReadonlySet<string> = new Set();
  // As many as the code names.
  const listeners: (() => void)[] = [];
  let freshUntilMs = Number.NEGATIVE_INFINITY;
  let readUpToMs = Number.NEGATIVE_INFINITY;

  function add(sessionIds: readonly string[]): void {
    const forgetAtMs = now() + (accessLifetimeSeconds + overlapSeconds) * 1000;
    for (const id of sessionIds) ended.set(id, forgetAtMs);
  }

  function judgeLocally(claimed: Reader): Reader | null | undefined {
    if (ended.has(claimed.sessionId)) return null;
    if (now() >= freshUntilMs) return undefined;
    return suspended.has(claimed.userId) ? null : withRole(claimed, admins.has(claimed.userId) ? 'admin' : 'user');
  }

  async function read(): Promise<void> {
    const startedMs = now();
    const missedSeconds = Math.min(accessLifetimeSeconds, Math.ceil((startedMs - readUpToMs) / 1000));
    const endedSeconds = overlapSeconds + missedSeconds;
    const suspendedSeconds = overlapSeconds + accessLifetimeSeconds;
    const standings = await findStandings(db, { endedSeconds, suspendedSeconds, limit: standingsMax });
    const idsOf = (kind: (typeof standings)[number]['kind']) => standings.filter((row) => row.kind === kind).map((row) => row.id);
    add(idsOf('ended-session'));
    for (const [id, forgetAtMs] of ended) if (forgetAtMs <= startedMs) ended.delete(id);
    if (standings.length >= standingsMax)
      throw new Error(
        `more than ${standingsMax} sessions ended in the last ${endedSeconds} seconds, accounts suspended and administrators`,
      );
    suspended = new Set(idsOf('suspended'));
    admins = new Set(idsOf('admin'));
    readUpToMs = startedMs;
    freshUntilMs = startedMs + staleAfterMs;
    for (const listener of listeners) listener();
  }

  const readings = createRepeated({ work: read, everyMs: pollEveryMs, onError });

  return {
    start: readings.start,
    stop: readings.stop,
    add,
    onRead: (listener) => void listeners.push(listener),
    isFresh: () => now() < freshUntilMs,
    judgeLocally,
    async judge(claimed) {
      const known = judgeLocally(claimed);
      if (known !== undefined) return known;
      const role = await findStanding(db, claimed.sessionId);
      return role === undefined ? null : withRole(claimed, role);
    },
  };
}

/** The same object where nothing changed: this runs for every request. */
function withRole(claimed: Reader, role: Reader['role']): Reader {
  return claimed.role === role ? claimed : { ...claimed, role };
}
