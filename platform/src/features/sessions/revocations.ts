/**
 * Which sessions have ended while their access tokens still live. Every instance keeps the whole set, read from
 * PostgreSQL twice a second, so a revocation holds everywhere within a second, with Redis or without, and a request
 * costs no statement.
 *
 * States: *fresh* — the last good reading is at most a second old: the set answers. *Stale* — it is older, the database
 * was away or slow or the set outgrew its limit: each request asks the database about its own session, and an
 * answer that cannot be had is an error, never a yes.
 *
 * Readings overlap, because a revocation carries the time of its statement and becomes visible at its commit.
 */
import type { Database } from '../../db/database.ts';
import { findRevokedSince, isLive } from './sessions.repository.ts';

const pollEveryMs = 500;
const staleAfterMs = 1000;
const overlapSeconds = 30;
const revocationsMax = 100_000;

export interface RevocationsOptions {
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
  /** Throws `server.database_unavailable` and the like when neither the set nor the database can tell. */
  isRevoked(sessionId: string): Promise<boolean>;
  /** The same without waiting; undefined when the database has to be asked: call isRevoked then. */
  isRevokedLocally(sessionId: string): boolean | undefined;
  /** False while each request is checked against the database. */
  isFresh(): boolean;
}

export function createRevocations({ db, accessLifetimeSeconds, onError, now = () => performance.now() }: RevocationsOptions): Revocations {
  /** Session id → when its last access token is gone. */
  const ended = new Map<string, number>();
  let freshUntilMs = Number.NEGATIVE_INFINITY;
  let readUpToMs = Number.NEGATIVE_INFINITY;
  let timer: NodeJS.Timeout | undefined;
  let reading: Promise<void> = Promise.resolve();
  let running = false;
  let failing = false;

  function add(sessionIds: readonly string[]): void {
    const forgetAtMs = now() + (accessLifetimeSeconds + overlapSeconds) * 1000;
    for (const id of sessionIds) ended.set(id, forgetAtMs);
  }

  function isRevokedLocally(sessionId: string): boolean | undefined {
    if (ended.has(sessionId)) return true;
    return now() < freshUntilMs ? false : undefined;
  }

  async function read(): Promise<void> {
    const startedMs = now();
    const missedSeconds = Math.min(accessLifetimeSeconds, Math.ceil((startedMs - readUpToMs) / 1000));
    const ids = await findRevokedSince(db, overlapSeconds + missedSeconds, revocationsMax);
    add(ids);
    for (const [id, forgetAtMs] of ended) if (forgetAtMs <= startedMs) ended.delete(id);
    if (ids.length >= revocationsMax)
      throw new Error(`more than ${revocationsMax} sessions ended in the last ${overlapSeconds + missedSeconds} seconds`);
    readUpToMs = startedMs;
    freshUntilMs = startedMs + staleAfterMs;
  }

  async function turn(): Promise<void> {
    try {
      await read();
      failing = false;
    } catch (error) {
      if (!failing) onError(error);
      failing = true;
    }
    if (running) {
      timer = setTimeout(() => {
        reading = turn();
      }, pollEveryMs);
      timer.unref();
    }
  }

  return {
    async start() {
      if (running) return;
      running = true;
      reading = turn();
      await reading;
    },
    async stop() {
      running = false;
      clearTimeout(timer);
      await reading;
    },
    add,
    isFresh: () => now() < freshUntilMs,
    isRevokedLocally,
    isRevoked: async (sessionId) => isRevokedLocally(sessionId) ?? !(await isLive(db, sessionId)),
  };
}
