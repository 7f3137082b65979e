import { useQuery } from '@tanstack/react-query';
import { Link, getRouteApi } from '@tanstack/react-router';
import { buttonClass } from '../components/button.tsx';
import { Card, EmptyState } from '../components/card.tsx';
import { PageProblem } from '../components/page-problem.tsx';
import { FeedSkeleton } from '../components/skeleton.tsx';
import { useMe } from '../features/auth/me.ts';
import { Feed } from '../features/posts/feed.tsx';
import { SortTabs } from '../features/posts/sort-tabs.tsx';
import { SanctumHeader } from '../features/sanctums/sanctum-header.tsx';
import { sanctumOptions } from '../features/sanctums/sanctum-queries.ts';
import { counted, dayOf } from '../lib/format.ts';
import type { FeedSort, Sanctum } from '../lib/model.ts';
import { WithContext } from '../shell/shell.tsx';

const route = getRouteApi('/s/$name');

function SanctumFacts({ sanctum }: { sanctum: Sanctum }) {
  return (
    <Card>
      <h2 className="mb-1 text-lg font-semibold">About {sanctum.title}</h2>
      {sanctum.description !== '' && <p className="whitespace-pre-line">{sanctum.description}</p>}
      <p className="text-muted mt-2 text-sm">
        {counted(sanctum.memberCount, 'member')} · since {dayOf(sanctum.createdAt)}
      </p>
    </Card>
  );
}

export function SanctumPage() {
  const { name } = route.useParams();
  const { sort = 'hot' } = route.useSearch();
  const me = useMe();
  const query = useQuery(sanctumOptions(name));
  const sanctum = query.data;
  if (query.isError && sanctum === undefined) return <PageProblem error={query.error} onRetry={() => void query.refetch()} />;
  if (sanctum === undefined) return <FeedSkeleton />;
  const closed = sanctum.visibility === 'private' && sanctum.role === null;
  return (
    <WithContext context={<SanctumFacts sanctum={sanctum} />}>
      <title>{`${sanctum.title} · Sanctum`}</title>
      <SanctumHeader sanctum={sanctum} />
      {closed ? (
        <EmptyState
          title="This sanctum is private"
          action={
            me === null ? undefined : (
              <Link to="/invitations" className={buttonClass('outline')}>
                Your invitations
              </Link>
            )
          }
        >
          Its owner or a moderator can invite you; once you accept, its posts appear here.
        </EmptyState>
      ) : (
        <SanctumFeed sanctum={sanctum} sort={sort} />
      )}
    </WithContext>
  );
}

function SanctumFeed({ sanctum, sort }: { sanctum: Sanctum; sort: FeedSort }) {
  const { name } = sanctum;
  const write = (
    <Link to="/s/$name/write" params={{ name }} className={buttonClass('solid')}>
      Write a post
    </Link>
  );
  return (
    <>
      <div className="flex flex-wrap items-center justify-between gap-x-3">
        <SortTabs />
        {sanctum.role !== null && <div className="mb-3">{write}</div>}
      </div>
      <Feed
        source={{ feed: 'sanctum', name }}
        sort={sort}
        label={`Posts in ${sanctum.title}`}
        empty={
          <EmptyState title="Nothing here yet" action={sanctum.role === null ? undefined : write}>
            {sanctum.role === null ? 'Join to write the first post.' : 'Write the first post.'}
          </EmptyState>
        }
      />
    </>
  );
}
