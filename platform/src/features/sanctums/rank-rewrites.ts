/**
 * Brings the ranks of a sanctum's posts in line with its visibility.
 *
 * The change itself rewrites one slice; a sanctum with more posts than that is noted, in the same transaction, and a job
 * rewrites the rest slice by slice. Until it has, popular feeds leave a private sanctum out by themselves. A job that dies
 * leaves the note behind, with how far it came. A change of the visibility in between makes it begin again.
 */
import type { Database, Executor } from '../../db/database.ts';
import * as queries from './rank-rewrites.queries.ts';

const postsPerSlice = 500;
/** Of one run: half a million posts. What is left waits for the next. */
const slicesMax = 1000;
const sanctumsMax = 100;
const aboveAllPosts = '9223372036854775807';

/** In the transaction that changed the visibility and holds the sanctum's lock. */
export async function beginRewrite(tx: Executor, sanctumId: string): Promise<void> {
  const first = await tx.one(queries.rewriteSlice, { sanctumId, beforePostId: aboveAllPosts, postsMax: postsPerSlice });
  if (first.looked_at === postsPerSlice) await tx.one(queries.requestRewrite, { sanctumId });
}

/** Works off what was noted. Returns how many slices it rewrote. Throws when `signal` aborts. */
export async function finishRewrites(db: Database, signal: AbortSignal): Promise<number> {
  let slices = 0;
  // Bounded: slicesMax slices in all, each a statement of its own on purpose.
  for (const rewrite of await db.run(queries.listRewrites, { limit: sanctumsMax })) {
    const { sanctum_id: sanctumId, version } = rewrite;
    let beforePostId = rewrite.before_post_id;
    // Bounded: one slice after the other, and no more than slicesMax.
    for (; slices < slicesMax; slices += 1) {
      signal.throwIfAborted();
      const slice = await db.one(queries.rewriteSlice, { sanctumId, beforePostId, postsMax: postsPerSlice });
      if (slice.looked_at < postsPerSlice || slice.last_id === null) {
        await db.maybeOne(queries.finishRewrite, { sanctumId, version });
        break;
      }
      beforePostId = slice.last_id;
      if ((await db.maybeOne(queries.noteProgress, { sanctumId, version, beforePostId })) === undefined) break;
    }
  }
  return slices;
}
