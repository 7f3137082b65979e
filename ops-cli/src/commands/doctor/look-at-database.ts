import { verifyMigrations } from '@sanctum/migrations/verify';
import pg from 'pg';
import type { Cause } from './cause.ts';
import * as queries from './doctor.queries.ts';

const CONNECT_TIMEOUT_MS = 3_000;
const STATEMENT_TIMEOUT_MS = 2_500;
const TOO_MANY_CONNECTIONS = '53300';
/** Wrong password, no entry for this user, no such database: https://www.postgresql.org/docs/18/errcodes-appendix.html */
const REFUSALS = ['28P01', '28000', '3D000'] as const;
const CONNECTIONS_RATIO_MAX = 0.9;
const EVIDENCE_MAX = 5;

/** What goes on inside the database: connections, locks, forgotten transactions. An unreachable one is itself a cause. */
export async function lookAtDatabase(url: string): Promise<Cause[]> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    query_timeout: STATEMENT_TIMEOUT_MS + 500,
    application_name: 'sanctum-ops doctor',
  });
  client.on('error', () => undefined); // The rejected promise already carries it.
  try {
    await client.connect();
  } catch (error) {
    await client.end().catch(() => undefined); // It never was open.
    return [unreachable(url, error)];
  }
  try {
    return [...(await connections(client)), ...(await convoy(client)), ...(await idleTransaction(client))];
  } finally {
    await client.end();
  }
}

function unreachable(url: string, error: unknown): Cause {
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const host = URL.parse(url)?.host ?? 'its address';
  if (REFUSALS.some((refusal) => refusal === code)) {
    return {
      id: 'database-refuses',
      title: `The database at ${host} refuses this user, password or database name`,
      confidence: 0.9,
      evidence: [message],
      next: 'correct DATABASE_URL, then: npx sanctum-ops config check',
    };
  }
  if (code === TOO_MANY_CONNECTIONS)
    return {
      id: 'database-connections-exhausted',
      title: 'The database has no connection left',
      confidence: 0.95,
      evidence: [message],
      next: 'end what holds them; lower DATABASE_POOL_MAX × instances below max_connections',
    };
  return {
    id: 'database-unreachable',
    title: `The database at ${host} does not answer`,
    confidence: 0.8,
    evidence: [message === '' ? 'the connection was refused' : message],
    next: `pg_isready -d "$DATABASE_URL"; for the local stack: npx sanctum-ops up`,
  };
}

async function connections(client: pg.Client): Promise<Cause[]> {
  const row = (await client.query<{ used: number; allowed: number }>(queries.connectionUse)).rows[0];
  if (row === undefined || row.used < row.allowed * CONNECTIONS_RATIO_MAX) return [];
  return [
    {
      id: 'database-connections-exhausted',
      title: 'Nearly every connection of the database is in use',
      confidence: 0.85,
      evidence: [`${row.used} of ${row.allowed} connections`],
      next: 'end what holds them; lower DATABASE_POOL_MAX × instances below max_connections',
    },
  ];
}

type Waiting = { pid: number; blocked_by: number[]; query: string; seconds: number };
type Session = { pid: number; application: string; state: string | null; query: string; seconds: number | null };

/**
 * Who stands in front of the queue. A waiting session may itself block others (a queued ALTER TABLE
 * blocks readers), so the root is a blocker that waits for nobody.
 */
async function convoy(client: pg.Client): Promise<Cause[]> {
  const waiting = (await client.query<Waiting>(queries.waitingSessions)).rows.filter((row) => row.blocked_by.length > 0);
  if (waiting.length === 0) return [];
  const waitingPids = new Set(waiting.map((row) => row.pid));
  const roots = [...new Set(waiting.flatMap((row) => row.blocked_by).filter((pid) => !waitingPids.has(pid)))];
  const sessions = (await client.query<Session>(queries.sessionsByPid, [roots])).rows;
  const first = sessions[0];
  const evidence = [
    `${waiting.length} session(s) wait for a lock, the longest for ${waiting[0]?.seconds ?? 0} s`,
    ...sessions.map(
      (row) =>
        `in front: process ${row.pid} (${row.application || 'no name'}, ${row.state ?? 'unknown'}, transaction of ${row.seconds ?? 0} s): ${row.query}`,
    ),
    ...waiting.slice(0, EVIDENCE_MAX).map((row) => `waits: process ${row.pid} behind ${row.blocked_by.join(', ')}: ${row.query}`),
  ];
  const next =
    first === undefined
      ? 'npx sanctum-ops audit postgres/lock-convoy'
      : `end it in the database: select pg_terminate_backend(${first.pid}); then: npx sanctum-ops audit postgres/lock-convoy`;
  return [{ id: 'lock-convoy', title: 'Sessions queue behind a lock', confidence: 0.9, evidence, next }];
}

async function idleTransaction(client: pg.Client): Promise<Cause[]> {
  const row = (await client.query<{ pid: number; application: string; query: string; seconds: number }>(queries.oldestIdleTransaction))
    .rows[0];
  if (row === undefined) return [];
  const evidence = [
    `process ${row.pid} (${row.application || 'no name'}) has been idle in a transaction for ${row.seconds} s after: ${row.query}`,
  ];
  return [
    {
      id: 'long-transaction',
      title: 'A transaction was opened and forgotten',
      confidence: 0.5,
      evidence,
      next: `end it in the database: select pg_terminate_backend(${row.pid})`,
    },
  ];
}

/** Whether the schema is the one that this code was written for. */
export async function lookAtMigrations(url: string): Promise<Cause[]> {
  const { findings: seen, pending } = await verifyMigrations({ database: url });
  const blind = seen.find((finding) => finding.kind === 'could-not-look');
  if (blind !== undefined) throw new Error(blind.detail);
  const blocking = seen.filter((finding) => finding.blocking);
  const lines = (list: typeof seen) => list.slice(0, EVIDENCE_MAX).map((finding) => `${finding.code}: ${finding.detail}`);
  if (blocking.length > 0) {
    return [
      {
        id: 'migrations-refused',
        title: 'The schema and the migrations do not agree',
        confidence: 0.93,
        evidence: lines(blocking),
        next: blocking[0]?.fix ?? 'npx sanctum-ops migrate verify',
      },
    ];
  }
  const causes: Cause[] = [];
  if (pending !== null && pending.length > 0) {
    causes.push({
      id: 'migrations-pending',
      title: 'Migrations are not applied yet',
      confidence: 0.8,
      evidence: [`${pending.length} pending, the first is ${pending[0] ?? ''}`],
      next: 'npx sanctum-ops migrate up',
    });
  }
  if (seen.length > 0) {
    causes.push({
      id: 'migrations-refused',
      title: 'The migrations have findings',
      confidence: 0.3,
      evidence: lines(seen),
      next: 'npx sanctum-ops migrate verify',
    });
  }
  return causes;
}
