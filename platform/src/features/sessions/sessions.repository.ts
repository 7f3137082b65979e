/** Reads and writes sessions. */
import type { Executor } from '../../db/database.ts';
import type { Reader } from '../../api/reader.ts';
import * as queries from './sessions.queries.ts';

export type { RefreshRow } from './sessions.queries.ts';

type SiteRole = Reader['role'];

export type RevokedReason = 'signed-out' | 'revoked' | 'reuse' | 'suspended' | 'password-changed';

/** The device a session is opened or refreshed from. */
export interface Device {
  readonly userAgent: string;
  readonly address: string;
}

const userAgentCharactersMax = 256;

/** As it is stored. */
export function trimmed(device: Device): Device {
  return { userAgent: device.userAgent.slice(0, userAgentCharactersMax), address: device.address };
}

export interface NewSession extends Device {
  readonly userId: string;
  /** What the password was proven against. */
  readonly passwordHash: string;
  readonly nonce: Buffer;
  readonly lifetimeSeconds: number;
}

export interface InsertedSession {
  readonly id: string;
  readonly expiresAt: Date;
  /** The account's role at this moment. */
  readonly role: SiteRole;
}

/** Undefined when the proven hash is no longer the account's, or the account is suspended or gone. */
export async function insertSession(executor: Executor, session: NewSession): Promise<InsertedSession | undefined> {
  const row = await executor.maybeOne(queries.createSession, { ...session });
  return row === undefined ? undefined : { id: row.id, expiresAt: row.expires_at, role: row.role };
}

/** Ends the oldest sessions beyond `keep`. The ids that were ended. */
export async function revokeExcess(executor: Executor, userId: string, keep: number): Promise<string[]> {
  return idsOf(await executor.run(queries.revokeExcessSessions, { userId, keep }));
}

export function findForRefresh(executor: Executor, sessionId: string, retrySeconds: number): Promise<queries.RefreshRow | undefined> {
  return executor.maybeOne(queries.readForRefresh, { sessionId, retrySeconds });
}

export interface Rotation extends Device {
  readonly sessionId: string;
  /** The generation that is current and shall be the last one. */
  readonly generation: number;
  readonly lifetimeSeconds: number;
}

/** The new generation, or undefined when another request was first or the session has ended. */
export async function rotate(
  executor: Executor,
  rotation: Rotation,
): Promise<{ readonly generation: number; readonly expiresAt: Date } | undefined> {
  const row = await executor.maybeOne(queries.rotateSession, { ...rotation });
  return row === undefined ? undefined : { generation: row.generation, expiresAt: row.expires_at };
}

/** False when there was no such live session of this user. */
export async function revoke(executor: Executor, sessionId: string, userId: string, reason: RevokedReason): Promise<boolean> {
  return (await executor.maybeOne(queries.revokeSession, { sessionId, userId, reason })) !== undefined;
}

export async function revokeOthers(executor: Executor, userId: string, keptSessionId: string, reason: RevokedReason): Promise<string[]> {
  return idsOf(await executor.run(queries.revokeOtherSessions, { userId, sessionId: keptSessionId, reason }));
}

export async function revokeAll(executor: Executor, userId: string, reason: RevokedReason): Promise<string[]> {
  return idsOf(await executor.run(queries.revokeAllSessions, { userId, reason }));
}

export function findLive(executor: Executor, userId: string, limit: number) {
  return executor.run(queries.listSessions, { userId, limit });
}

export interface StandingWindow {
  readonly endedSeconds: number;
  readonly suspendedSeconds: number;
  readonly limit: number;
}

/** What access tokens do not know; `limit` rows mean that there may be more. */
export function findStandings(executor: Executor, window: StandingWindow) {
  return executor.run(queries.listStandings, { ...window });
}

/** The role of the session's account; undefined when the session has ended or its account is suspended. */
export async function findStanding(executor: Executor, sessionId: string): Promise<SiteRole | undefined> {
  return (await executor.maybeOne(queries.readStanding, { sessionId }))?.role;
}

function idsOf(rows: readonly { readonly id: string }[]): string[] {
  return rows.map((row) => row.id);
}
