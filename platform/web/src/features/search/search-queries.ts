import { infiniteQueryOptions } from '@tanstack/react-query';
import { search } from '../../api/sdk.gen.ts';
import type { Post, Profile, Sanctum, SearchKind } from '../../lib/model.ts';
import { nextCursor } from '../../lib/pages.ts';

const resultsPerPage = 25;

interface ResultOf {
  readonly posts: Post;
  readonly sanctums: Sanctum;
  readonly people: Profile;
}

/** Results of one kind. The API declares a union of the three; `kind` decides which one it sends. */
export function searchOptions<K extends SearchKind>(kind: K, q: string) {
  return infiniteQueryOptions({
    queryKey: ['search', kind, q],
    queryFn: async ({ pageParam, signal }) => {
      const query = { q, kind, limit: resultsPerPage, ...(pageParam === undefined ? {} : { cursor: pageParam }) };
      const page = await search({ query, signal });
      return page as unknown as { items: ResultOf[K][]; nextCursor: string | null };
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: nextCursor,
    enabled: q !== '',
  });
}
