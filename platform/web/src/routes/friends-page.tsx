import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Button, buttonClass } from '../components/button.tsx';
import { EmptyState, PageHeading } from '../components/card.tsx';
import { LoadMore } from '../components/load-more.tsx';
import { ProblemNote } from '../components/problem-note.tsx';
import { LinesSkeleton } from '../components/skeleton.tsx';
import { useFriendActions } from '../features/friends/friend-actions.ts';
import { AnswerButtons } from '../features/friends/friend-buttons.tsx';
import { friendsOptions, receivedOptions, sentOptions } from '../features/friends/friend-queries.ts';
import { PersonList, PersonRow } from '../features/friends/person-row.tsx';
import { dayOf } from '../lib/format.ts';

const mutual = (count: number) => (count === 0 ? '' : count === 1 ? ' · a friend of both of you' : ` · ${count} friends of both of you`);

function Section({ title, count, children }: { title: string; count: number; children: ReactNode }) {
  return (
    <section className="mb-6">
      <h2 className="mb-2 text-xl font-semibold">
        {title} <span className="text-muted font-normal">{count}</span>
      </h2>
      {children}
    </section>
  );
}

function Received() {
  const query = useInfiniteQuery(receivedOptions);
  const requests = query.data?.pages.flatMap((page) => page.items) ?? [];
  if (query.isError && query.data === undefined) return <ProblemNote error={query.error} onRetry={() => void query.refetch()} />;
  if (requests.length === 0) return null;
  return (
    <Section title="They ask you" count={query.data?.pages[0]?.count ?? requests.length}>
      <PersonList label="People who want to be your friends">
        {requests.map((request) => (
          <PersonRow key={request.username} person={request} actions={<AnswerButtons username={request.username} />}>
            {dayOf(request.createdAt)}
            {mutual(request.mutualCount)}
          </PersonRow>
        ))}
      </PersonList>
      {query.hasNextPage && <LoadMore query={query} label="Load more requests" end="" />}
    </Section>
  );
}

function SentRow({ request }: { request: { username: string; displayName: string; createdAt: string; mutualCount: number } }) {
  const { cancel } = useFriendActions(request.username);
  return (
    <PersonRow
      person={request}
      actions={
        <Button
          look="outline"
          busy={cancel.isPending}
          aria-label={`Take back your request to @${request.username}`}
          onClick={() => cancel.mutate()}
        >
          Take back
        </Button>
      }
    >
      {dayOf(request.createdAt)}
      {mutual(request.mutualCount)}
    </PersonRow>
  );
}

function Sent() {
  const query = useInfiniteQuery(sentOptions);
  const requests = query.data?.pages.flatMap((page) => page.items) ?? [];
  if (requests.length === 0) return null;
  return (
    <Section title="You asked" count={query.data?.pages[0]?.count ?? requests.length}>
      <PersonList label="People whom you asked">
        {requests.map((request) => (
          <SentRow key={request.username} request={request} />
        ))}
      </PersonList>
      {query.hasNextPage && <LoadMore query={query} label="Load more requests" end="" />}
    </Section>
  );
}

function Friends() {
  const query = useInfiniteQuery(friendsOptions);
  const friends = query.data?.pages.flatMap((page) => page.items) ?? [];
  if (query.isError && query.data === undefined) return <ProblemNote error={query.error} onRetry={() => void query.refetch()} />;
  if (query.data === undefined) return <LinesSkeleton />;
  if (friends.length === 0)
    return (
      <EmptyState
        title="No friends yet"
        action={
          <Link to="/search" search={{ kind: 'people' }} className={buttonClass('solid')}>
            Find people
          </Link>
        }
      >
        On the page of a person you ask them to be friends. They accept or not.
      </EmptyState>
    );
  return (
    <Section title="Your friends" count={query.data.pages[0]?.count ?? friends.length}>
      <PersonList label="Your friends">
        {friends.map((friend) => (
          <PersonRow key={friend.username} person={friend}>
            {friend.bio === '' ? `Friends since ${dayOf(friend.since)}` : friend.bio}
          </PersonRow>
        ))}
      </PersonList>
      <LoadMore query={query} label="Load more friends" end="These are all your friends." />
    </Section>
  );
}

export function FriendsPage() {
  return (
    <div className="max-w-[44rem]">
      <title>Friends · Sanctum</title>
      <PageHeading>Friends</PageHeading>
      <Received />
      <Friends />
      <Sent />
    </div>
  );
}
