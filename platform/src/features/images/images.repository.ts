/** What is known of pictures, in PostgreSQL. */
import type { Executor } from '../../db/executor.ts';
import { type ConstraintErrors, onConstraint } from '../../db/on-constraint.ts';
import type { KeptImage } from './image-work.ts';
import * as queries from './images.queries.ts';

/** The reader's account may have gone after the access token was given out. */
export const constraintErrors = { fk_conversation_images_uploader: 'auth.required' } as const satisfies ConstraintErrors;

/** The id of the new one, which is also the name of its file. Undefined when the person may not write there. */
export async function announce(executor: Executor, conversationId: string, uploaderId: string): Promise<string | undefined> {
  const values = { conversation: conversationId, uploader: uploaderId };
  return (await onConstraint(constraintErrors, () => executor.maybeOne(queries.announceImage, values)))?.id;
}

/** JSON text. Undefined when it took so long that it was given up. */
export async function complete(executor: Executor, id: string, { width, height, bytes }: KeptImage): Promise<string | undefined> {
  return (await executor.maybeOne(queries.completeImage, { id, width, height, bytes: bytes.length }))?.image;
}

export async function release(executor: Executor, id: string): Promise<void> {
  await executor.run(queries.releaseImage, { id });
}

export async function isReadable(executor: Executor, conversationId: string, id: string, readerId: string): Promise<boolean> {
  return (await executor.maybeOne(queries.readImage, { conversation: conversationId, id, reader: readerId })) !== undefined;
}

/** How many it were. */
export async function releaseUnused(executor: Executor, batchMax: number): Promise<number> {
  return (await executor.one(queries.releaseUnused, { batchMax })).count;
}

export async function findReleased(executor: Executor, batchMax: number): Promise<string[]> {
  return (await executor.run(queries.listReleased, { batchMax })).map(({ id }) => id);
}

export async function forget(executor: Executor, ids: readonly string[]): Promise<void> {
  await executor.run(queries.forgetImages, { ids });
}
