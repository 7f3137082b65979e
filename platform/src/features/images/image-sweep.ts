/** Pictures that nobody can see any longer go: released first, then their file, then what is known of them. Safe to repeat at any point. */
import type { Executor } from '../../db/executor.ts';
import type { Files } from '../../files/files.ts';
import * as images from './images.repository.ts';

const releasedMax = 1000;
const filesAtOnce = 50;
const roundsMax = 200;

export async function sweepImages(db: Executor, files: Files, signal: AbortSignal): Promise<void> {
  // Bounded by roundsMax, a thousand at a time: what is left waits for the next run.
  for (let round = 0; round < roundsMax && (await images.releaseUnused(db, releasedMax)) === releasedMax; round += 1)
    signal.throwIfAborted();
  // Bounded by roundsMax, fifty at a time.
  for (let round = 0; round < roundsMax && (await removeSome(db, files)) === filesAtOnce; round += 1) signal.throwIfAborted();
}

/** How many it were. */
async function removeSome(db: Executor, files: Files): Promise<number> {
  const ids = await images.findReleased(db, filesAtOnce);
  // Bounded: fifty at a time, as the list is asked for.
  await Promise.all(ids.slice(0, filesAtOnce).map((id) => files.remove(id)));
  await images.forget(db, ids);
  return ids.length;
}
