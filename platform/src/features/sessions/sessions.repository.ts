/** Reads and writes sessions. */
import type { Executor } from '../../db/database.ts';
import * as queries from './sessions.queries.ts';

export type { RefreshRow } from './sessions.queries.ts';

export type RevokedReason = 'signed-out' | 'revoked' | 'reuse' | 'suspended' | 'password-changed';

/** The device a session is opened or refreshed from. */
export interface Device {
  readonly userAgent: string;
  readonly address: string;
}

export interface NewSession extends Device {
  readonly userId: string;
  readonly nonce: Buffer;
  readonly lifetimeSeconds: number;
}

export async function insertSession(executor: Executor, session: NewSession): Promise<{ readonly id: string; readonly expiresAt: Date }> {
  const row = await executor.one(queries.createSession, { ...session });
  return { id: row.id, expiresAt: row.expires_at };
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

export function findLive(executor: Executor, userId: string, limit: number) {
  return executor.run(queries.listSessions, { userId, limit });
}

export async function findRevokedSince(executor: Executor, windowSeconds: number, limit: number): Promise<string[]> {
  return idsOf(await executor.run(queries.listRevocations, { windowSeconds, limit }));
}

export async function isLive(executor: Executor, sessionId: string): Promise<boolean> {
  return (await executor.one(queries.isSessionLive, { sessionId })).live;
}

function idsOf(rows: readonly { readonly id: string }[]): string[] {
  return rows.map((row) => row.id);
}
