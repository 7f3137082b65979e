import { type QueryClient, infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { getPost, homeFeed, listSanctumPosts, listUserPosts, popularFeed } from '../../api/sdk.gen.ts';
import type { FeedSort, Post, PostPage } from '../../lib/model.ts';
import { nextCursor } from '../../lib/pages.ts';

/** Which ordered page of posts: `name` is the sanctum's or the person's. */
export type FeedSource = { readonly feed: 'home' | 'popular' } | { readonly feed: 'sanctum' | 'person'; readonly name: string };

const postsPerPage = 25;

function readPage(source: FeedSource, sort: FeedSort, cursor: string | undefined, signal: AbortSignal): Promise<PostPage> {
  const query = { sort, limit: postsPerPage, ...(cursor === undefined ? {} : { cursor }) };
  switch (source.feed) {
    case 'home':
      return homeFeed({ query, signal });
    case 'popular':
      return popularFeed({ query, signal });
    case 'sanctum':
      return listSanctumPosts({ path: { name: source.name }, query, signal });
    case 'person':
      return listUserPosts({ path: { username: source.name }, query, signal });
  }
}

export function feedOptions(source: FeedSource, sort: FeedSort) {
  return infiniteQueryOptions({
    queryKey: ['feed', source, sort],
    queryFn: ({ pageParam, signal }) => readPage(source, sort, pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: nextCursor,
  });
}

export function postOptions(postId: string) {
  return queryOptions({ queryKey: ['post', postId], queryFn: ({ signal }) => getPost({ path: { postId }, signal }) });
}

interface PostPages {
  readonly pages: readonly PostPage[];
}

/** Changes one post wherever it is cached: its own page, every feed, search results. */
export function patchPost(queryClient: QueryClient, postId: string, change: (post: Post) => Post): void {
  queryClient.setQueryData(postOptions(postId).queryKey, (post) => post && change(post));
  const patchPages = (data: PostPages | undefined) =>
    data && {
      ...data,
      pages: data.pages.map((page) => ({ ...page, items: page.items.map((post) => (post.id === postId ? change(post) : post)) })),
    };
  queryClient.setQueriesData<PostPages>({ queryKey: ['feed'] }, patchPages);
  queryClient.setQueriesData<PostPages>({ queryKey: ['search', 'posts'] }, patchPages);
}

/** The first cached form of a post, so that its page can show a title while the rest loads. */
export function findCachedPost(queryClient: QueryClient, postId: string): Post | undefined {
  const own = queryClient.getQueryData(postOptions(postId).queryKey);
  if (own !== undefined) return own;
  for (const [, data] of queryClient.getQueriesData<PostPages>({ queryKey: ['feed'] })) {
    const post = data?.pages.flatMap((page) => page.items).find(({ id }) => id === postId);
    if (post !== undefined) return post;
  }
  return undefined;
}
