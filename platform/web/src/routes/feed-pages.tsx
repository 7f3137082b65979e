import { Link, getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { buttonClass } from '../components/button.tsx';
import { Card, EmptyState, PageHeading } from '../components/card.tsx';
import { useMe } from '../features/auth/me.ts';
import { LargestSanctums } from '../features/sanctums/largest-sanctums.tsx';
import { Feed } from '../features/posts/feed.tsx';
import { SortTabs } from '../features/posts/sort-tabs.tsx';
import type { FeedSort } from '../lib/model.ts';
import { WithContext } from '../shell/shell.tsx';

const homeRoute = getRouteApi('/');
const popularRoute = getRouteApi('/popular');

function Welcome() {
  return (
    <Card className="mb-4">
      <h1 className="text-2xl font-bold sm:text-3xl">A quiet place for what you love doing.</h1>
      <p className="text-muted mt-2 max-w-[52ch]">
        Each sanctum is a room for one interest. Read what people there have made, found out and asked; join the ones that feel like yours.
      </p>
      <div className="mt-4 flex flex-wrap gap-2">
        <Link to="/sign-up" className={buttonClass('solid')}>
          Sign up
        </Link>
        <Link to="/sanctums" className={buttonClass('outline')}>
          Look around
        </Link>
      </div>
    </Card>
  );
}

function FeedContext({ children }: { children: ReactNode }) {
  const me = useMe();
  return (
    <>
      <Card>
        <h2 className="mb-1 text-lg font-semibold">About this page</h2>
        <p className="text-muted">{children}</p>
        <Link to={me === null ? '/sign-up' : '/write'} className={buttonClass('soft', 'mt-4 w-full')}>
          {me === null ? 'Sign up to take part' : 'Write a post'}
        </Link>
      </Card>
      <LargestSanctums />
    </>
  );
}

function PopularFeed({ sort }: { sort: FeedSort }) {
  return (
    <Feed
      source={{ feed: 'popular' }}
      sort={sort}
      label="Popular posts"
      empty={
        <EmptyState
          title="Nobody has posted yet"
          action={
            <Link to="/sanctums" className={buttonClass('solid')}>
              Find a sanctum to start in
            </Link>
          }
        >
          The first post of a place sets its tone.
        </EmptyState>
      }
    />
  );
}

export function HomePage() {
  const me = useMe();
  const { sort = 'hot' } = homeRoute.useSearch();
  if (me === null) {
    return (
      <WithContext context={<FeedContext>The posts that people in all public sanctums like now.</FeedContext>}>
        <title>Sanctum</title>
        <Welcome />
        <SortTabs />
        <PopularFeed sort={sort} />
      </WithContext>
    );
  }
  return (
    <WithContext context={<FeedContext>The newest and best from the sanctums you are a member of.</FeedContext>}>
      <title>Home · Sanctum</title>
      <PageHeading>Home</PageHeading>
      <SortTabs />
      <Feed
        source={{ feed: 'home' }}
        sort={sort}
        label="Posts of your sanctums"
        empty={
          <EmptyState
            title="Your home is still empty"
            action={
              <Link to="/sanctums" className={buttonClass('solid')}>
                Find sanctums
              </Link>
            }
          >
            Join a few sanctums and their posts will meet you here.
          </EmptyState>
        }
      />
    </WithContext>
  );
}

export function PopularPage() {
  const { sort = 'hot' } = popularRoute.useSearch();
  return (
    <WithContext context={<FeedContext>The posts that people in all public sanctums like now.</FeedContext>}>
      <title>Popular · Sanctum</title>
      <PageHeading>Popular</PageHeading>
      <SortTabs />
      <PopularFeed sort={sort} />
    </WithContext>
  );
}
