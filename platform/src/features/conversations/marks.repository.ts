/** Marks in PostgreSQL. */
import type { Database } from '../../db/database.ts';
import { type ConstraintErrors, onConstraint } from '../../db/on-constraint.ts';
import { writtenRow } from '../../streams/optional-event.ts';
import { currentTraceparent } from '../../streams/trace-context.ts';
import * as queries from './marks.queries.ts';

/** The reader's account may have gone after the access token was given out. */
export const constraintErrors = { fk_conversation_marks_user: 'auth.required' } as const satisfies ConstraintErrors;

/** Undefined when the conversation is not there for the reader. */
export async function moveReceipt(db: Database, conversationId: string, userId: string, position: number) {
  const row = await onConstraint(constraintErrors, () =>
    db.maybeOne(queries.moveReceipt, {
      conversation: conversationId,
      user: userId,
      position: String(position),
      trace: currentTraceparent(),
    }),
  );
  if (row === undefined) return undefined;
  return { readPosition: Number(row.read_position), moved: row.moved, event: writtenRow(row) };
}

/** False when the conversation is not there for the reader. */
export async function setMuted(db: Database, conversationId: string, userId: string, muted: boolean): Promise<boolean> {
  const row = await onConstraint(constraintErrors, () =>
    db.maybeOne(queries.setMuted, { conversation: conversationId, user: userId, muted }),
  );
  return row !== undefined;
}

/** Undefined when the person cannot write there. */
export async function findTypist(db: Database, conversationId: string, userId: string) {
  const row = await db.maybeOne(queries.readTypist, { conversation: conversationId, user: userId });
  return row === undefined ? undefined : { username: row.username, displayName: row.display_name };
}
