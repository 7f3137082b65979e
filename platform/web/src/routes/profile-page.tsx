import { useQuery } from '@tanstack/react-query';
import { Link, getRouteApi } from '@tanstack/react-router';
import { Button, buttonClass } from '../components/button.tsx';
import { EmptyState } from '../components/card.tsx';
import { PersonEmblem } from '../components/emblem.tsx';
import { PageProblem } from '../components/page-problem.tsx';
import { FeedSkeleton } from '../components/skeleton.tsx';
import { useSignOut } from '../features/auth/auth-actions.ts';
import { useMe } from '../features/auth/me.ts';
import { FriendButtons } from '../features/friends/friend-buttons.tsx';
import { MutualFriends } from '../features/friends/mutual-friends.tsx';
import { profileOptions } from '../features/people/people-queries.ts';
import { Feed } from '../features/posts/feed.tsx';
import { SortTabs } from '../features/posts/sort-tabs.tsx';
import { dayOf } from '../lib/format.ts';

const route = getRouteApi('/u/$username');

function OwnActions() {
  const signOut = useSignOut();
  return (
    <div className="mt-4 flex flex-wrap gap-2">
      <Link to="/settings" className={buttonClass('soft')}>
        Edit profile
      </Link>
      <Link to="/friends" className={buttonClass('outline')}>
        Friends
      </Link>
      <Link to="/invitations" className={buttonClass('outline')}>
        Invitations
      </Link>
      <Link to="/sessions" className={buttonClass('outline')}>
        Sessions
      </Link>
      <Button look="quiet" className="lg:hidden" busy={signOut.isPending} onClick={() => signOut.mutate()}>
        Sign out
      </Button>
    </div>
  );
}

export function ProfilePage() {
  const { username } = route.useParams();
  const { sort = 'new' } = route.useSearch();
  const me = useMe();
  const query = useQuery(profileOptions(username));
  if (query.isError && query.data === undefined) return <PageProblem error={query.error} onRetry={() => void query.refetch()} />;
  if (query.data === undefined) return <FeedSkeleton />;
  const person = query.data;
  const own = me?.id === person.id;
  return (
    <div className="max-w-[44rem]">
      <title>{`${person.displayName} (@${person.username}) · Sanctum`}</title>
      <header className="border-line bg-surface mb-4 rounded-2xl border p-4 sm:p-5">
        <div className="flex items-center gap-4">
          <PersonEmblem name={person.username} size="large" />
          <div className="min-w-0">
            <h1 className="text-2xl font-bold break-words sm:text-3xl">
              <bdi>{person.displayName}</bdi>
            </h1>
            <p className="text-muted">
              @{person.username} · here since {dayOf(person.createdAt)}
            </p>
          </div>
        </div>
        {person.bio !== '' && <p className="mt-3 whitespace-pre-line">{person.bio}</p>}
        {own && <OwnActions />}
        {me !== null && !own && (
          <>
            <MutualFriends username={person.username} />
            <FriendButtons username={person.username} />
          </>
        )}
      </header>
      <SortTabs fallback="new" />
      <Feed
        source={{ feed: 'person', name: person.username }}
        sort={sort}
        label={`Posts by ${person.displayName}`}
        empty={
          <EmptyState
            title={own ? 'You have not posted yet' : 'No posts yet'}
            action={
              own ? (
                <Link to="/write" className={buttonClass('solid')}>
                  Write a post
                </Link>
              ) : undefined
            }
          />
        }
      />
    </div>
  );
}
