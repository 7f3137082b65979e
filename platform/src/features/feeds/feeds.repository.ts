/** Feed pages from PostgreSQL: one statement a page. */
import type { ReaderParameters } from '../../api/reader-parameters.ts';
import type { Executor } from '../../db/database.ts';
import type { FeedSort } from '../posts/posts.schema.ts';
import { beforeAll, type FeedName, type FeedQueryEntry, type FeedRow } from './feeds.fragments.queries.ts';
import * as queries from './feeds.queries.ts';

export type { FeedName, FeedRow } from './feeds.fragments.queries.ts';

const bySort: Readonly<Record<FeedName, Readonly<Record<FeedSort, FeedQueryEntry>>>> = {
  popular: { hot: queries.popularHot, new: queries.popularNew, top: queries.popularTop },
  sanctum: { hot: queries.sanctumHot, new: queries.sanctumNew, top: queries.sanctumTop },
  user: { hot: queries.userHot, new: queries.userNew, top: queries.userTop },
  home: { hot: queries.homeHot, new: queries.homeNew, top: queries.homeTop },
};

/** Where a page begins: after this post, with ranks as they were in the snapshot (null: as they are). */
export interface FeedPosition {
  readonly id: string;
  readonly rank: number | null;
  readonly snapshot: string | null;
}

export interface FeedRequest {
  readonly feed: FeedName;
  readonly sort: FeedSort;
  /** Name of the sanctum or the user; unused by the other feeds. */
  readonly place: string;
  readonly limit: number;
  readonly after: FeedPosition | undefined;
}

/** Undefined when the place is not there, or not for this reader. */
export async function readFeed(executor: Executor, reader: ReaderParameters, request: FeedRequest): Promise<FeedRow | undefined> {
  const { feed, sort, place, limit, after } = request;
  return await executor.maybeOne(bySort[feed][sort], {
    reader: reader.userId,
    admin: reader.admin,
    page_items: limit,
    after_id: after?.id ?? beforeAll.id,
    after_rank: after?.rank ?? beforeAll[sort],
    snapshot: after?.snapshot ?? null,
    place,
  });
}
