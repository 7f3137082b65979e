import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import * as queries from '../doctor.queries.ts';
import { connect } from './connection.ts';

/** Whoever still waits for the same session after this is in a queue, not in passing. */
const secondLookMs = 1_200;

export interface Waiting {
  pid: number;
  blocked_by: number[];
  query: string;
  seconds: number;
}
export interface Session {
  pid: number;
  application: string;
  state: string | null;
  query: string;
  seconds: number | null;
}

export interface LockSight {
  /** Sessions that waited in two looks, and those in front of them that wait for nobody. */
  readonly waiting: readonly Waiting[];
  readonly roots: readonly Session[];
  /** Transactions that were opened and forgotten. */
  readonly idle: readonly Session[];
  readonly prepared: readonly { gid: string; quoted: string; seconds: number }[];
}

export async function readLocks(url: string): Promise<LockSight> {
  const client = await connect(url);
  try {
    const waiting = await waitingTwice(client);
    const waitingPids = new Set(waiting.map((row) => row.pid));
    // A waiting session may itself block others (a queued ALTER TABLE blocks readers): the root waits for nobody.
    const roots = [...new Set(waiting.flatMap((row) => row.blocked_by).filter((pid) => !waitingPids.has(pid)))];
    return {
      waiting,
      roots: roots.length === 0 ? [] : (await client.query<Session>(queries.sessionsByPid, [roots])).rows,
      idle: (await client.query<Session>(queries.idleTransactions)).rows,
      prepared: (await client.query<LockSight['prepared'][number]>(queries.preparedTransactions)).rows,
    };
  } finally {
    await client.end().catch(() => undefined); // Nothing more is asked of it.
  }
}

async function waitingTwice(client: pg.Client): Promise<Waiting[]> {
  const look = async () => (await client.query<Waiting>(queries.waitingSessions)).rows.filter((row) => row.blocked_by.length > 0);
  const before = await look();
  if (before.length === 0) return [];
  await delay(secondLookMs);
  const known = new Map(before.map((row) => [row.pid, row]));
  return (await look()).filter((row) => row.blocked_by.some((pid) => known.get(row.pid)?.blocked_by.includes(pid) === true));
}
