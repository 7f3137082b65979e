import { useInfiniteQuery } from '@tanstack/react-query';
import { type ReactNode, useMemo } from 'react';
import { LoadMore } from '../../components/load-more.tsx';
import { ProblemNote } from '../../components/problem-note.tsx';
import { FeedSkeleton } from '../../components/skeleton.tsx';
import type { FeedSort, Post } from '../../lib/model.ts';
import { PostCard } from './post-card.tsx';
import { type FeedSource, feedOptions } from './post-queries.ts';
import { useFeedKeys } from './use-feed-keys.ts';

interface FeedProps {
  readonly source: FeedSource;
  readonly sort: FeedSort;
  readonly label: string;
  readonly empty: ReactNode;
}

/** The same post can come on two pages when its rank changed in between; it is shown where it came first. */
export function uniquePosts(pages: readonly { readonly items: readonly Post[] }[]): Post[] {
  return [
    ...new Map(
      pages
        .flatMap((page) => page.items)
        .reverse()
        .map((post) => [post.id, post]),
    ).values(),
  ].reverse();
}

export function Feed({ source, sort, label, empty }: FeedProps) {
  const query = useInfiniteQuery(feedOptions(source, sort));
  const posts = useMemo(() => uniquePosts(query.data?.pages ?? []), [query.data]);
  if (query.isPending) return <FeedSkeleton />;
  if (query.isError && query.data === undefined) return <ProblemNote error={query.error} onRetry={() => void query.refetch()} />;
  if (posts.length === 0) return empty;
  return (
    <>
      <PostList posts={posts} label={label} complete={!query.hasNextPage} busy={query.isFetching} showSanctum={source.feed !== 'sanctum'} />
      <LoadMore query={query} label="Load more posts" end="You have reached the end." />
    </>
  );
}

interface PostListProps {
  readonly posts: readonly Post[];
  readonly label: string;
  readonly complete: boolean;
  readonly busy: boolean;
  readonly showSanctum: boolean;
}

export function PostList({ posts, label, complete, busy, showSanctum }: PostListProps) {
  const { feed, onKeyDown } = useFeedKeys();
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- a feed has keys of its own (WAI-ARIA feed pattern)
    <div ref={feed} role="feed" aria-label={label} aria-busy={busy} onKeyDown={onKeyDown} className="flex flex-col gap-3">
      {posts.map((post, index) => (
        <PostCard key={post.id} post={post} position={index + 1} size={complete ? posts.length : -1} showSanctum={showSanctum} />
      ))}
    </div>
  );
}
