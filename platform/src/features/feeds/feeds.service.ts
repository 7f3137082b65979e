/** Feeds: pages of posts for one reader, walked by signed cursors. */
import { readerParameters } from '../../api/reader-parameters.ts';
import { z } from 'zod';
import type { Database } from '../../db/database.ts';
import { AppError } from '../../errors.ts';
import type { Cursors } from '../../api/cursor.ts';
import { pageItemsMax, pageText } from '../../api/pages.ts';
import type { Reader } from '../../api/reader.ts';
import { type Cache } from '../../redis/cache.ts';
import { feedPageKey } from '../../redis/keys.ts';
import { type FeedQuery, feedSortSchema } from '../posts/posts.schema.ts';
import { type FeedName, type FeedPosition, type FeedRow, readFeed } from './feeds.repository.ts';

/** Rank changes are kept for an hour; a walk older than this reads ranks as they are now. */
export const snapshotAgeMaxSeconds = 55 * 60;
/** A snapshot grows with the writers under way; a longer one would not fit a cursor, and is left out. */
const snapshotCharactersMax = 1200;

const positionSchema = z.object({
  id: z.string(),
  rank: z.number().nullable(),
  snapshot: z.string().nullable(),
  /** Unix time of the first page, seconds. */
  startedAt: z.number(),
});
type Position = z.output<typeof positionSchema>;

export interface Feeds {
  /**
   * One page as JSON text, or its bytes where they are at hand. `place` is the sanctum's name or the username.
   * Throws `sanctum.not_found`, `user.not_found`, `cursor.invalid`, `cursor.foreign`.
   */
  read(reader: Reader | null, feed: FeedName, place: string, query: FeedQuery): Promise<string | Buffer>;
  /** Drops the shared first pages: what they show is no longer for everyone. Never throws. */
  forgetShared(): Promise<void>;
}

export interface FeedsDependencies {
  readonly db: Database;
  readonly cursors: Cursors;
  readonly cache: Cache;
  /** Unix time, milliseconds. */
  readonly now?: () => number;
}

export function createFeeds({ db, cursors, cache, now = Date.now }: FeedsDependencies): Feeds {
  const nowSeconds = () => Math.floor(now() / 1000);

  async function load(reader: Reader | null, feed: FeedName, place: string, query: FeedQuery): Promise<string> {
    const { sort, limit } = query;
    const scope = `feeds ${feed} ${sort} ${place.toLowerCase()} ${reader?.userId ?? 'anonymous'}`;
    const position = query.cursor === undefined ? undefined : cursors.open(scope, query.cursor, positionSchema);
    const row = await readFeed(db, readerParameters(reader), {
      feed,
      sort,
      place,
      limit,
      after: position && pastOf(position, nowSeconds()),
    });
    if (row === undefined) throw new AppError(feed === 'user' ? 'user.not_found' : 'sanctum.not_found');
    const next = nextPosition(row, position, nowSeconds());
    return pageText(row.items, next === undefined ? null : cursors.sign(scope, next));
  }

  return {
    read(reader, feed, place, query) {
      const shared = feed === 'popular' && reader === null && query.cursor === undefined;
      if (!shared) return load(reader, feed, place, query);
      return cache.readBytes(feedPageKey, [feed, query.sort, query.limit], () => load(null, feed, place, query));
    },
    async forgetShared() {
      const limits = Array.from({ length: pageItemsMax }, (_, index) => index + 1);
      const keys = feedSortSchema.options.flatMap((sort) => limits.map((limit) => ['popular', sort, limit] as const));
      // Bounded: the sorts times the lengths that a page may have.
      await Promise.all(keys.map((parts) => cache.drop(feedPageKey, parts)));
    },
  };
}

function pastOf(position: Position, nowSeconds: number): FeedPosition {
  const recent = nowSeconds - position.startedAt <= snapshotAgeMaxSeconds;
  return { id: position.id, rank: position.rank, snapshot: recent ? position.snapshot : null };
}

function nextPosition(row: FeedRow, before: Position | undefined, nowSeconds: number): Position | undefined {
  if (!row.has_more || row.last_id === null) return undefined;
  if (before !== undefined) return { ...before, id: row.last_id, rank: row.last_rank };
  const snapshot = row.last_rank === null || row.snapshot.length > snapshotCharactersMax ? null : row.snapshot;
  return { id: row.last_id, rank: row.last_rank, snapshot, startedAt: nowSeconds };
}
