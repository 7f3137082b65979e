import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { EmptyState, PageHeading } from '../components/card.tsx';
import { PersonEmblem } from '../components/emblem.tsx';
import { LoadMore } from '../components/load-more.tsx';
import { ProblemNote } from '../components/problem-note.tsx';
import { FeedSkeleton } from '../components/skeleton.tsx';
import { TabLinks, exactly, tabLinkClass } from '../components/tab-links.tsx';
import { PostList, uniquePosts } from '../features/posts/feed.tsx';
import { SanctumRow } from '../features/sanctums/sanctum-row.tsx';
import { searchOptions } from '../features/search/search-queries.ts';
import { type Profile, type SearchKind, searchKinds } from '../lib/model.ts';
import { SearchBox } from '../shell/search-box.tsx';

const route = getRouteApi('/search');
const kindNames = { posts: 'Posts', sanctums: 'Sanctums', people: 'People' } as const;

export function SearchPage() {
  const { q = '', kind = 'posts' } = route.useSearch();
  return (
    <div className="max-w-[44rem]">
      <title>{q === '' ? 'Search · Sanctum' : `${q} · Search · Sanctum`}</title>
      <PageHeading>Search</PageHeading>
      <div className="mb-4">
        <SearchBox initial={q} label="Search posts, sanctums and people" />
      </div>
      <TabLinks label="What to search">
        {searchKinds.map((option) => (
          <Link
            key={option}
            to="/search"
            search={(previous) => ({ ...previous, kind: option === 'posts' ? undefined : option })}
            activeOptions={exactly}
            className={tabLinkClass}
          >
            {kindNames[option]}
          </Link>
        ))}
      </TabLinks>
      {q === '' ? (
        <EmptyState title="What are you looking for?">Type a word and press Enter.</EmptyState>
      ) : (
        <Results key={kind} q={q} kind={kind} />
      )}
    </div>
  );
}

function Results({ q, kind }: { q: string; kind: SearchKind }) {
  if (kind === 'posts') return <PostResults q={q} />;
  if (kind === 'sanctums') return <SanctumResults q={q} />;
  return <PeopleResults q={q} />;
}

interface ResultFrameProps {
  readonly query: Parameters<typeof LoadMore>[0]['query'] & {
    readonly isPending: boolean;
    readonly isError: boolean;
    readonly data: unknown;
    readonly refetch: () => Promise<unknown>;
  };
  readonly count: number;
  readonly children: ReactNode;
}

function ResultFrame({ query, count, children }: ResultFrameProps) {
  if (query.isPending) return <FeedSkeleton count={3} />;
  if (query.isError && query.data === undefined) return <ProblemNote error={query.error} onRetry={() => void query.refetch()} />;
  if (count === 0) return <EmptyState title="Nothing found">Try fewer or other words.</EmptyState>;
  return (
    <>
      {children}
      <LoadMore query={query} label="Load more results" end="These are all results." />
    </>
  );
}

function PostResults({ q }: { q: string }) {
  const query = useInfiniteQuery(searchOptions('posts', q));
  const posts = uniquePosts(query.data?.pages ?? []);
  return (
    <ResultFrame query={query} count={posts.length}>
      <PostList posts={posts} label="Posts found" complete={!query.hasNextPage} busy={query.isFetching} showSanctum />
    </ResultFrame>
  );
}

function SanctumResults({ q }: { q: string }) {
  const query = useInfiniteQuery(searchOptions('sanctums', q));
  const sanctums = query.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <ResultFrame query={query} count={sanctums.length}>
      <ul className="flex flex-col gap-3">
        {sanctums.map((sanctum) => (
          <SanctumRow key={sanctum.id} sanctum={sanctum} />
        ))}
      </ul>
    </ResultFrame>
  );
}

function PeopleResults({ q }: { q: string }) {
  const query = useInfiniteQuery(searchOptions('people', q));
  const people = query.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <ResultFrame query={query} count={people.length}>
      <ul className="border-line bg-surface divide-line divide-y rounded-2xl border">
        {people.map((person) => (
          <PersonRow key={person.id} person={person} />
        ))}
      </ul>
    </ResultFrame>
  );
}

function PersonRow({ person }: { person: Profile }) {
  return (
    <li className="flex items-center gap-3 p-3 sm:px-5">
      <PersonEmblem name={person.username} size="medium" />
      <div className="min-w-0">
        <h2 className="font-semibold">
          <Link to="/u/$username" params={{ username: person.username }} className="hover:underline">
            <bdi>{person.displayName}</bdi>
          </Link>
        </h2>
        <p className="text-muted truncate text-sm">
          @{person.username} {person.bio !== '' && `· ${person.bio}`}
        </p>
      </div>
    </li>
  );
}
